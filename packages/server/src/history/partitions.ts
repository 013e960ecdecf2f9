/**
 * Partitions of the sample tables: made ahead, dropped when all they hold is too old. Raw samples and entries go by the day
 * they were received on; packed samples and roll-ups by the month they were measured in.
 */
import type { Tx } from "../database/database.ts";
import { isLockTimeout } from "../database/errors.ts";
import type { Services } from "../services.ts";
import { dayMs, monthsBefore } from "./hours.ts";
import { longestRetention } from "./retention-limits.ts";

/** Days of raw partitions that lie ready. A server that runs makes one each day; this is for one whose chores fail for long. */
export const daysAhead = 14;
const monthsAhead = 2;
/** Samples are at most 24 days older than their message (ingest/sample-time.ts), and messages wait for some days to be packed. */
const monthsBack = 2;

interface PartitionedTable {
  readonly table: "sample_batch" | "sample_entry" | "sample_packed" | "sample_rollup";
  readonly by: "day" | "month";
}

const tables: readonly PartitionedTable[] = [
  { table: "sample_batch", by: "day" },
  { table: "sample_entry", by: "day" },
  { table: "sample_packed", by: "month" },
  { table: "sample_rollup", by: "month" },
];

const kindOf = (table: PartitionedTable["table"]): PartitionedTable => tables.find((known) => known.table === table)!;

/** A partition, with the time that it covers in Unix milliseconds, `fromMs` inclusive. */
export interface Partition {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The day or month around a time, in UTC. */
export function partitionAt({ table, by }: PartitionedTable, atMs: number): Partition {
  const date = new Date(atMs);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const fromMs = by === "day" ? Date.UTC(year, month, day) : Date.UTC(year, month);
  const toMs = by === "day" ? fromMs + dayMs : Date.UTC(year, month + 1);
  return {
    name: `${table}_${dayText(fromMs)
      .slice(0, by === "day" ? 10 : 7)
      .replaceAll("-", "_")}`,
    fromMs,
    toMs,
  };
}

/** 2026-11-21 */
export const dayText = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

function wanted(table: PartitionedTable, nowMs: number): Partition[] {
  if (table.by === "day") return Array.from({ length: daysAhead + 2 }, (_, index) => partitionAt(table, nowMs + (index - 1) * dayMs));
  const now = new Date(nowMs);
  return Array.from({ length: monthsAhead + monthsBack + 1 }, (_, index) =>
    partitionAt(table, Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + index - monthsBack, 1)),
  );
}

/**
 * Makes what is missing. Safe to run at any time and by several processes; must have run once before the first batch comes in.
 * @returns names of the partitions made now
 */
export async function ensurePartitions({ database, clock }: Services): Promise<string[]> {
  const nowMs = clock.now();
  return database.unwalled("make partitions", async (tx) => {
    await lockPartitions(tx);
    const made: string[] = [];
    for (const table of tables) {
      const existing = new Set((await listPartitions(tx, table.table)).map(({ name }) => name));
      for (const partition of wanted(table, nowMs)) {
        if (existing.has(partition.name)) continue;
        await makePartition(tx, table, partition);
        made.push(partition.name);
      }
    }
    return made;
  });
}

/** Makes the months around these times, should they be missing: messages may have waited long to be packed. */
export async function ensureMonthPartitions(
  { database }: Services,
  table: "sample_packed" | "sample_rollup",
  timesMs: readonly number[],
): Promise<void> {
  const kind = kindOf(table);
  const wantedOnes = new Map(timesMs.map((timeMs) => partitionAt(kind, timeMs)).map((partition) => [partition.name, partition]));
  const missing = await database.unwalled("months of samples", async (tx) => {
    const existing = new Set((await listPartitions(tx, table)).map(({ name }) => name));
    return [...wantedOnes.values()].filter(({ name }) => !existing.has(name));
  });
  if (missing.length === 0) return;
  await database.unwalled("make partitions", async (tx) => {
    await lockPartitions(tx);
    const existing = new Set((await listPartitions(tx, table)).map(({ name }) => name));
    for (const partition of missing) if (!existing.has(partition.name)) await makePartition(tx, kind, partition);
  });
}

/** Attaching a table of its own asks for a weaker lock than making it as a partition: nobody who reads or stores has to wait. */
async function makePartition(tx: Tx, table: PartitionedTable, partition: Partition): Promise<void> {
  for (const statement of partitionStatements(table, partition)) await tx.sql(statement);
}

/** Nobody asks for rows by what these hold, and an analysis would read every element of them. */
const batchArrays = ["check_numbers", "ages_ms", "fact_numbers", "value_counts", "values"];
const withoutStatistics = (name: string, columns: readonly string[]) =>
  `alter table hauswart.${name} ${columns.map((column) => `alter column "${column}" set statistics 0`).join(", ")}`;

function partitionStatements({ table }: PartitionedTable, { name, fromMs, toMs }: Partition): string[] {
  const bound = (ms: number) => (table === "sample_packed" || table === "sample_rollup" ? dayText(ms) : new Date(ms).toISOString());
  return [
    `create table hauswart.${name} (like hauswart.${table} including defaults including constraints including storage)`,
    `select hauswart.protect('hauswart.${name}', 'customer')`,
    ...(table === "sample_batch" ? [withoutStatistics(name, batchArrays)] : []),
    `alter table hauswart.${table} attach partition hauswart.${name} for values from ('${bound(fromMs)}') to ('${bound(toMs)}')`,
  ];
}

/** Makes a partition again of which the name is known, as a backup does. @returns undefined when no partition is called so. */
export function statementsForPartition(table: string, name: string): string[] | undefined {
  const kind = tables.find((known) => known.table === table);
  if (kind === undefined) return undefined;
  const partition = partitionNamed(kind, name);
  return partition.name === name ? partitionStatements(kind, partition) : undefined;
}

const partitionNamed = (kind: PartitionedTable, name: string): Partition =>
  partitionAt(kind, Date.parse(name.slice(kind.table.length + 1).replaceAll("_", "-")));

/** Partitions of a table, oldest first. */
export async function listPartitions(tx: Tx, table: PartitionedTable["table"]): Promise<Partition[]> {
  const kind = kindOf(table);
  const rows = await tx.sql<{ name: string }>(
    "select child.relname as name from pg_inherits join pg_class child on child.oid = inhrelid where inhparent = $1::text::regclass order by 1",
    [`hauswart.${table}`],
  );
  return rows.map(({ name }) => partitionNamed(kind, name));
}

/**
 * Drops partitions of which everything is older than the longest time that any provider keeps it, but for those that are being read.
 * @returns names of the dropped partitions
 */
export async function dropExpiredPartitions(services: Services): Promise<string[]> {
  const { database, clock } = services;
  const { rawSampleDays, rollupMonths } = await longestRetention(services);
  const samplesFromMs = clock.now() - rawSampleDays * dayMs;
  const rollupsFromMs = monthsBefore(clock.now(), rollupMonths);
  const expired = await database.unwalled("expired partitions", async (tx) => {
    const found: string[] = [];
    for (const { table } of tables) {
      const keepFromMs = table === "sample_rollup" ? rollupsFromMs : samplesFromMs;
      const kept = new Set(wanted(kindOf(table), clock.now()).map(({ name }) => name));
      for (const { name, toMs } of await listPartitions(tx, table)) if (toMs <= keepFromMs && !kept.has(name)) found.push(name);
    }
    return found;
  });
  const dropped: string[] = [];
  for (const name of expired) if (await dropPartition(services, name)) dropped.push(name);
  return dropped;
}

/**
 * Dropping needs its table's parent for a moment alone. While somebody reads for long, such as a backup, it is left for the next time,
 * rather than making all others wait behind it.
 * @param before what belongs to the same transaction @returns whether it was dropped
 */
export async function dropPartition(
  { database, log }: Services,
  name: string,
  before: (tx: Tx) => Promise<void> = async () => undefined,
): Promise<boolean> {
  try {
    await database.unwalled("drop a partition", async (tx) => {
      await lockPartitions(tx);
      await before(tx);
      await tx.sql("set local lock_timeout = '500ms'");
      await tx.sql(`drop table if exists hauswart.${name}`);
    });
    return true;
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    log.info("a partition is being read and stays until the next time", { partition: name });
    return false;
  }
}

async function lockPartitions(tx: Tx): Promise<void> {
  await tx.sql("select pg_advisory_xact_lock(hashtextextended('hauswart/partitions', 0))");
}

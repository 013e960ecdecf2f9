/** The members of a customer's export, one after the other: a line of JSON a row, values spelt out, and at the end the account of all. */
import { createHash } from "node:crypto";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { dayMs, dayOf, hourMs } from "../../history/hours.ts";
import { splitSeriesKey } from "../../history/rollup-day.ts";
import { readRollups } from "../../history/rollup-store.ts";
import { readStoredSamples } from "../../history/stored-samples.ts";
import { isoTime } from "../../times.ts";
import { version } from "../../version.ts";
import { customerTables, type CustomerTable } from "./customer-tables.ts";

export interface Member {
  /** Path in the archive. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Rows of a member; more go into the next one, so that none has to be held whole. */
const rowsPerMember = 2_000;

/** Everything of a customer. Each step reads in a transaction that sees this one customer alone. */
export async function* exportMembers(ctx: Context, customerId: Id): AsyncGenerator<Member> {
  const { database, clock, checks } = ctx.services;
  const walled = { providerId: ctx.providerId, customers: [customerId] };
  const listed: { name: string; rows: number; sha256: string }[] = [];
  const member = (name: string, lines: readonly unknown[]): Member => {
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    listed.push({ name, rows: lines.length, sha256: createHash("sha256").update(bytes).digest("hex") });
    return { name, bytes };
  };
  const devices = await database.transaction(walled, (tx) =>
    tx.sql<{ device_id: Id }>("select device_id from hauswart.device where provider_id = $1 and customer_id = $2 order by device_id", [
      ctx.providerId,
      customerId,
    ]),
  );
  for (const table of customerTables) {
    if (table.exported !== "rows") continue;
    const key = await database.transaction(walled, (tx) => keyOf(tx, table.table));
    let after: string[] | undefined;
    for (let number = 1; ; number++) {
      const page = await database.transaction(walled, (tx) => readPage(tx, ctx.providerId, customerId, table, key, after));
      if (page.rows.length > 0) yield member(`${table.table}/${String(number).padStart(5, "0")}.ndjson`, page.rows);
      if (page.rows.length < rowsPerMember || page.last === undefined) break;
      after = page.last;
    }
  }
  for (const { device_id: deviceId } of devices) {
    for (const { number, fromMs, toMs } of await database.transaction(walled, (tx) => spansOf(tx, ctx.providerId, deviceId))) {
      const place = { providerId: ctx.providerId, deviceId, checkNumber: number };
      for (let day = dayOf(fromMs); day <= toMs; day += dayMs) {
        const samples = await database.transaction(walled, (tx) =>
          readStoredSamples(tx, checks, { ...place, fromMs: day, toMs: day + dayMs }),
        );
        const lines = [...samples].flatMap(([subject, packed]) => samplesOf(subject, packed));
        if (lines.length > 0) yield member(`samples/${deviceId}/${number}/${isoTime(day).slice(0, 10)}.ndjson`, lines);
      }
      const hours = await database.transaction(walled, (tx) => readRollups(tx, { ...place, fromMs, toMs }));
      const lines = hours.flatMap(({ dayMs: at, day }) => hoursOf(at, day));
      if (lines.length > 0) yield member(`hours/${deviceId}/${number}.ndjson`, lines);
    }
  }
  const account = {
    format: "hauswart-customer-export",
    version: 1,
    hauswartVersion: version,
    customerId,
    madeAt: isoTime(clock.now()),
    leftOut: Object.fromEntries(
      customerTables.flatMap(({ table, exported }) => (typeof exported === "object" ? [[table, exported.notBecause]] : [])),
    ),
    members: listed,
  };
  yield { name: "manifest.json", bytes: Buffer.from(JSON.stringify(account, null, 2)) };
}

interface KeyColumn {
  readonly name: string;
  readonly type: string;
}

/** Columns of the primary key after the provider; empty for tables without one. */
function keyOf(tx: Tx, table: string): Promise<KeyColumn[]> {
  return tx.sql<KeyColumn>(
    `select a.attname as name, format_type(a.atttypid, null) as type
     from pg_index i cross join lateral unnest(i.indkey::int2[]) with ordinality k(attnum, place)
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
     where i.indrelid = $1::text::regclass and i.indisprimary and a.attname <> 'provider_id' order by k.place`,
    [`hauswart.${table}`],
  );
}

async function readPage(
  tx: Tx,
  providerId: Id,
  customerId: Id,
  { table, own, secret = [] }: CustomerTable,
  key: readonly KeyColumn[],
  after?: readonly string[],
) {
  const columns = key.map(({ name }) => name).join(", ");
  const beyond = after ? `and (${columns}) > (${key.map(({ type }, index) => `$${index + 4}::text::${type}`).join(", ")})` : "";
  const order = key.length > 0 ? `order by ${columns} limit ${rowsPerMember}` : "";
  const rows = await tx.sql<{ row: Record<string, unknown>; key: string[] }>(
    `select to_jsonb(t) - $3::text[] as row, array[${key.map(({ name }) => `${name}::text`).join(", ")}]::text[] as key
     from hauswart.${table} t where ${own} ${beyond} ${order}`,
    [providerId, customerId, ["provider_id", ...secret], ...(after ?? [])],
  );
  return { rows: rows.map(({ row }) => row), last: key.length > 0 ? rows.at(-1)?.key : undefined };
}

/** Check instances of a device with the time for which there is anything. */
async function spansOf(tx: Tx, providerId: Id, deviceId: Id): Promise<{ number: number; fromMs: number; toMs: number }[]> {
  const rows = await tx.sql<{ number: number; from: Date | null; to: Date | null }>(
    `select number, least(raw.first, packed.first::timestamptz, rolled.first::timestamptz) as "from", greatest(raw.last, packed.last::timestamptz, rolled.last::timestamptz) as "to"
     from hauswart.check_instance instance
     cross join lateral (select min(received_at) - interval '1 day' as first, max(received_at) as last from hauswart.sample_batch b where b.provider_id = $1 and b.device_id = $2) raw
     cross join lateral (select min(day) as first, max(day) as last from hauswart.sample_packed p where p.provider_id = $1 and p.device_id = $2 and p.check_number = number) packed
     cross join lateral (select min(day) as first, max(day) as last from hauswart.sample_rollup r where r.provider_id = $1 and r.device_id = $2 and r.check_number = number) rolled
     where instance.provider_id = $1 and instance.device_id = $2 order by number`,
    [providerId, deviceId],
  );
  return rows.flatMap(({ number, from, to }) => (from && to ? [{ number, fromMs: from.getTime(), toMs: to.getTime() }] : []));
}

/** `fact` refers to sample_fact; -1 stands for no data, -2 for a measurement that failed. */
function samplesOf(
  subject: string,
  { timesMs, facts, fields }: { timesMs: Float64Array; facts: Float64Array; fields: ReadonlyMap<string, Float64Array> },
) {
  return [...timesMs].map((atMs, index) => ({
    at: isoTime(atMs),
    subject,
    fact: facts[index],
    values: Object.fromEntries([...fields].flatMap(([field, column]) => (Number.isNaN(column[index]) ? [] : [[field, column[index]]]))),
  }));
}

function hoursOf(dayStartMs: number, { series }: { readonly series: ReadonlyMap<string, ReadonlyMap<number, object>> }) {
  return [...series].flatMap(([key, hours]) => {
    const [subject, field] = splitSeriesKey(key);
    return [...hours].map(([hour, summary]) => ({ at: isoTime(dayStartMs + hour * hourMs), subject, field, ...summary }));
  });
}

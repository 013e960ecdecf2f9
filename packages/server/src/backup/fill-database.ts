/** Puts the rows of a backup into a database whose tables have just been made. All of it in one transaction, or nothing. */
import { once } from "node:events";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { Client, type ClientConfig } from "pg";
import { from as copyFrom, type CopyStreamQuery } from "pg-copy-streams";
import { statementsForPartition } from "../history/partitions.ts";
import { ownerRole } from "../database/roles.ts";
import type { CheckedBackup } from "./archive-reader.ts";
import { BackupError } from "./backup-error.ts";
import { secretsFolder, Streams, streamsName, type Manifest, type TableEntry } from "./manifest.ts";
import { columnList, listTables } from "./tables.ts";

const decompressed = promisify(zstdDecompress);

export interface FillRequest {
  /** Of a user that may put on the role of the owner. */
  readonly admin: ClientConfig;
  readonly backup: CheckedBackup;
  readonly progress: (step: string) => void;
  /** Given each file of the secrets. */
  readonly keepSecret: (name: string, bytes: Buffer) => void;
  /** Last statements, in the same transaction, as the owner. */
  readonly finish: (client: Client) => Promise<void>;
}

/** @throws BackupError when the backup does not fit the tables, or rows of it are missing */
export async function fillDatabase({ admin, backup, progress, keepSecret, finish }: FillRequest): Promise<void> {
  const client = new Client({ ...admin, application_name: "hauswart restore" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("begin");
    await client.query(`set local role ${ownerRole}`);
    const walled = await prepareTables(client, backup.manifest);
    const streams = await copyAll(client, backup, progress, keepSecret);
    for (const { name } of backup.manifest.tables) await client.query(`alter table hauswart.${name} enable trigger user`);
    for (const name of walled) await client.query(`alter table hauswart.${name} force row level security`);
    await compareStreams(client, streams);
    await finish(client);
    const { command } = await client.query("commit");
    if (command !== "COMMIT") throw new BackupError("The database did not take the backup.");
  } finally {
    await client.end();
  }
}

/**
 * Empties what the migrations have filled, and makes the partitions.
 * @returns tables whose row-level security binds the owner too; not until it is forced again, because COPY does not go through policies
 */
async function prepareTables(client: Client, { tables }: Manifest): Promise<string[]> {
  const there = new Map((await listTables(client)).map((table) => [table.name, table]));
  for (const { name, columns, partitions } of tables) {
    const known = there.get(name);
    if (known?.columns.join() !== columns.join()) throw new BackupError(`The backup's table ${name} is not as its migrations make it.`);
    for (const partition of partitions) {
      if (known.partitions.includes(partition)) continue;
      const statements = statementsForPartition(name, partition);
      if (statements === undefined) throw new BackupError(`The backup names a partition ${partition} of ${name}, which cannot be one.`);
      for (const statement of statements) await client.query(statement);
    }
  }
  // What triggers would write is in the backup too.
  for (const { name } of tables) await client.query(`alter table hauswart.${name} disable trigger user`);
  const { rows } = await client.query<{ name: string }>(
    "select relname::text as name from pg_class where relnamespace = 'hauswart'::regnamespace and relkind in ('r', 'p') and not relispartition and relforcerowsecurity",
  );
  for (const { name } of rows) await client.query(`alter table hauswart.${name} no force row level security`);
  await client.query(`truncate ${tables.map(({ name }) => `hauswart.${name}`).join(", ")}`);
  return rows.map(({ name }) => name);
}

/** The members come table by table, each table's parts in order; `compare` has seen to that. */
async function copyAll(
  client: Client,
  { manifest, members }: CheckedBackup,
  progress: FillRequest["progress"],
  keepSecret: FillRequest["keepSecret"],
): Promise<Streams> {
  const tables = new Map(manifest.tables.map((table) => [table.name, table]));
  let copy: TableCopy | undefined;
  let streams: Streams | undefined;
  const seen = new Set<string>();
  for await (const { name, bytes } of members()) {
    const ofTable = /^table\/([a-z0-9_]+)\/\d+$/.exec(name)?.[1];
    if (copy !== undefined && copy.table.name !== ofTable) {
      await copy.end();
      copy = undefined;
    }
    if (ofTable !== undefined) {
      const table = tables.get(ofTable);
      if (table === undefined || (copy === undefined && seen.has(ofTable)))
        throw new BackupError(`The backup has a part ${name} that is out of place.`);
      if (copy === undefined) {
        progress(`Table ${ofTable}`);
        seen.add(ofTable);
        copy = new TableCopy(client, table);
      }
      await copy.write(await decompressed(bytes));
    } else if (name === streamsName) streams = Streams.parse(JSON.parse(bytes.toString("utf8")));
    else if (name.startsWith(secretsFolder)) keepSecret(name.slice(secretsFolder.length), bytes);
  }
  await copy?.end();
  const missing = manifest.tables.find(({ name, parts }) => parts > 0 && !seen.has(name));
  if (missing || streams === undefined) throw new BackupError(`The backup has no rows of ${missing?.name ?? streamsName}.`);
  return streams;
}

/** One table being filled. */
class TableCopy {
  readonly table: TableEntry;
  readonly #stream: CopyStreamQuery;
  /** Settled with the error of the database, which a write alone would wait for in vain. */
  readonly #broken: Promise<never>;

  constructor(client: Client, table: TableEntry) {
    this.table = table;
    this.#stream = client.query(copyFrom(`copy hauswart.${table.name} (${columnList(table.columns)}) from stdin (format binary)`));
    this.#broken = new Promise((_, reject) => this.#stream.on("error", reject));
    this.#broken.catch(() => undefined);
  }

  async write(bytes: Uint8Array): Promise<void> {
    const written = new Promise<void>((resolve, reject) => this.#stream.write(bytes, (error) => (error ? reject(error) : resolve())));
    await Promise.race([written, this.#broken]);
  }

  async end(): Promise<void> {
    const finished = once(this.#stream, "finish");
    this.#stream.end();
    await Promise.race([finished, this.#broken]);
    const { name, rows } = this.table;
    if (this.#stream.rowCount !== rows) throw new BackupError(`The table ${name} took ${this.#stream.rowCount} of ${rows} rows.`);
  }
}

/** That every device's link stands where the backup says, so that its agent goes on from there. The values themselves are counted table by table. */
async function compareStreams(client: Client, streams: Streams): Promise<void> {
  const { rows } = await client.query<{ missing: number }>(
    `select count(*)::int as missing from unnest($1::uuid[], $2::uuid[], $3::int8[]) as s(device_id, stream_id, last_sequence)
     where not exists (select from hauswart.device_link l where l.device_id = s.device_id and l.stream_id = s.stream_id and l.last_sequence = s.last_sequence)`,
    [streams.map(({ deviceId }) => deviceId), streams.map(({ stream }) => stream), streams.map(({ sequence }) => sequence)],
  );
  if (rows[0]?.missing !== 0) throw new BackupError(`The streams of ${rows[0]?.missing} devices are not as the backup says.`);
}

/**
 * Makes a backup while the server goes on. Everything is read in one transaction that sees the database as it was at its first
 * statement, so what was acknowledged before is in it, and nothing of it is half there. It takes the lock of a reader, on every table and
 * partition from the start.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { newId } from "@hauswart/protocol/ids.ts";
import { Client, type ClientConfig } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { fingerprintRow, readKey } from "../secrets/master-key.ts";
import { sealedBox } from "../secrets/sealed-box.ts";
import { ArchiveWriter, unfinishedEnding } from "./archive-writer.ts";
import { BackupError } from "./backup-error.ts";
import { partName, secretsFolder, streamsName, type Manifest, type Streams, type TableEntry } from "./manifest.ts";
import { columnList, listTables, type SourceTable } from "./tables.ts";

const compressed = promisify(zstdCompress);
/** A part of a table before compression. */
const partBytes = 4 * 1024 * 1024;
/** Rows are mostly bytes that are packed already. */
const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** ASCII for "bkup". */
const lockKey = 0x626b7570;
/** How long another backup is waited for. PostgreSQL notices a client that died when it next writes to it, within a second or two. */
const turnPatienceMs = 10_000;
const turnPauseMs = 250;
/** Passwords of the database's roles are made anew where a backup is restored. */
const leftOutSecrets = /\.password$/;

export interface BackupRequest {
  /** Of the owner. */
  readonly connection: ClientConfig;
  /** Folder with the server's secrets. */
  readonly secretsDirectory: string;
  /** File of the master key, wherever it lies; put into the backup as `master.key`. */
  readonly masterKeyPath: string;
  /** Folder that the file goes into; made when it is missing. */
  readonly directory: string;
  readonly passphrase: string | undefined;
  /** Told what is being done, for a person who waits. */
  readonly progress?: (step: string) => void;
}

export interface MadeBackup {
  /** Absolute path. */
  readonly file: string;
  readonly bytes: number;
  /** Moment of the snapshot; ISO 8601. */
  readonly madeAt: string;
  readonly devices: number;
}

/** @throws BackupError, or the error of the disk or the database; then there is no file */
export async function makeBackup(request: BackupRequest): Promise<MadeBackup> {
  const client = new Client({ ...request.connection, application_name: "hauswart backup" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    if (!(await takeTurn(client))) throw new BackupError("Another backup of this server is being made.");
    const tables = await listTables(client);
    await client.query("begin isolation level repeatable read, read only");
    // Locked before the snapshot, which the first statement that reads takes: a day of samples that were packed cannot be dropped in between.
    if (tables.length > 0) await client.query(`lock table ${tables.map(({ name }) => `hauswart.${name}`).join(", ")} in access share mode`);
    const { rows: moments } = await client.query<{ now: Date }>("select clock_timestamp() as now from hauswart.migration limit 1");
    const moment = moments[0]?.now;
    if (moment === undefined) throw new BackupError("The database is empty: no server has run on it yet.");
    return await write(client, request, moment);
  } finally {
    await client.end();
  }
}

/** Nobody else makes a backup meanwhile. A backup that was killed keeps its turn until PostgreSQL has noticed. */
async function takeTurn(client: Client): Promise<boolean> {
  const deadlineMs = performance.now() + turnPatienceMs;
  for (;;) {
    const { rows } = await client.query<{ free: boolean }>("select pg_try_advisory_lock($1) as free", [lockKey]);
    if (rows[0]?.free) return true;
    if (performance.now() > deadlineMs) return false;
    await sleep(turnPauseMs);
  }
}

async function write(client: Client, request: BackupRequest, moment: Date): Promise<MadeBackup> {
  const { directory, passphrase, progress } = request;
  const madeAt = moment.toISOString();
  const backupId = newId(moment.getTime());
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = freeFile(directory, moment);
  const archive = await ArchiveWriter.create({ path: file, backupId, madeAt, passphrase });
  try {
    await refuseForeignKey(client, request.masterKeyPath);
    await addSecrets(archive, request);
    const tables: TableEntry[] = [];
    for (const table of await listTables(client)) {
      progress?.(`Table ${table.name}`);
      tables.push(await addTable(archive, client, table));
    }
    const devices = await addStreams(archive, client);
    const bytes = await archive.finish({ backupId, ...(await describe(client)), tables, devices });
    return { file, bytes, madeAt, devices };
  } catch (error) {
    await archive.abandon();
    throw error;
  }
}

const nameStart = "hauswart-";
const nameEnding = ".backup";

/** A file named by its moment; of several in one second, one that was killed among them, each takes a second of its own. */
function freeFile(directory: string, moment: Date): string {
  for (let ms = moment.getTime(); ; ms += 1_000) {
    const time = new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
    const file = join(directory, `${nameStart}${time}Z${nameEnding}`);
    if (!existsSync(file) && !existsSync(`${file}${unfinishedEnding}`)) return file;
  }
}

/** Whether a file bears the name of a backup; with `ending` of an unfinished one. */
export function isBackupName(name: string, ending = ""): boolean {
  return /^hauswart-\d{8}T\d{6}Z\.backup$/.test(name.endsWith(ending) ? name.slice(0, name.length - ending.length) : "");
}

/** A backup whose key does not open its secrets would be found out only when it is needed. */
async function refuseForeignKey(client: Client, path: string): Promise<void> {
  const { rows } = await client.query<{ value: Buffer }>("select value from hauswart.installation where name = $1", [fingerprintRow]);
  const key = readKey(path);
  if (key === undefined || rows[0] === undefined || sealedBox(key).fingerprint !== rows[0].value.toString("ascii"))
    throw new BackupError(`The master key ${path} is not the one of this database.`);
}

async function addSecrets(archive: ArchiveWriter, { secretsDirectory, masterKeyPath }: BackupRequest): Promise<void> {
  await archive.add(`${secretsFolder}master.key`, await readFile(masterKeyPath));
  if (!existsSync(secretsDirectory)) return;
  for (const name of (await readdir(secretsDirectory)).sort()) {
    const path = join(secretsDirectory, name);
    if (name === "master.key" || leftOutSecrets.test(name) || !(await stat(path)).isFile()) continue;
    await archive.add(`${secretsFolder}${name}`, await readFile(path));
  }
}

async function addTable(archive: ArchiveWriter, client: Client, { name, columns, partitions }: SourceTable): Promise<TableEntry> {
  const source = client.query(copyTo(`copy (select ${columnList(columns)} from hauswart.${name}) to stdout (format binary)`));
  let parts = 0;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  const flush = async () => {
    await archive.add(partName(name, ++parts), await compressed(Buffer.concat(waiting), level));
    waiting = [];
    waitingBytes = 0;
  };
  for await (const chunk of source) {
    waiting.push(chunk as Buffer);
    waitingBytes += (chunk as Buffer).length;
    if (waitingBytes >= partBytes) await flush();
  }
  if (waitingBytes > 0) await flush();
  // How many rows there were is said after the last of them.
  await client.query("select 1");
  return { name, columns: [...columns], rows: source.rowCount, partitions: [...partitions], parts };
}

async function addStreams(archive: ArchiveWriter, client: Client): Promise<number> {
  const { rows } = await client.query<{ device_id: string; stream_id: string; last_sequence: string }>(
    "select device_id, stream_id, last_sequence from hauswart.device_link where stream_id is not null order by device_id",
  );
  const streams: Streams = rows.map((row) => ({ deviceId: row.device_id, stream: row.stream_id, sequence: Number(row.last_sequence) }));
  await archive.add(streamsName, Buffer.from(JSON.stringify(streams)));
  return streams.length;
}

async function describe(client: Client): Promise<Pick<Manifest, "postgresVersion" | "postgresVersionNumber" | "migrations">> {
  const { rows } = await client.query<{ version: string; number: string }>(
    "select current_setting('server_version') as version, current_setting('server_version_num') as number",
  );
  const { rows: migrations } = await client.query<Manifest["migrations"][number]>(
    "select name, hash from hauswart.migration order by name",
  );
  return { postgresVersion: rows[0]!.version, postgresVersionNumber: Number(rows[0]!.number), migrations };
}

/**
 * Restores a backup into a folder (and database) that nobody has used. The tables are made by the very migrations that had run, then
 * filled; what is newer in this version is done by its first start. So a backup is also the way from one major version of
 * PostgreSQL to the next.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientConfig } from "pg";
import { Client } from "pg";
import { parseIntoClientConfig } from "pg-connection-string";
import { embeddedDatabase, prepareEmbedded } from "../database/connect.ts";
import { superuser } from "../database/embedded/cluster.ts";
import { clusterHome } from "../database/embedded/find-running.ts";
import { startEmbeddedPostgres } from "../database/embedded/supervisor.ts";
import { migrate } from "../database/migrate.ts";
import { readMigrations, type Migration } from "../database/migration-files.ts";
import { ownerRole } from "../database/roles.ts";
import type { Logger } from "../operation/log.ts";
import { checkBackup, type CheckedBackup } from "./archive-reader.ts";
import { BackupError } from "./backup-error.ts";
import { fillDatabase } from "./fill-database.ts";
import { markUnfinished, removeMark } from "./restore-mark.ts";
import { settleRestored } from "./restored-state.ts";

export interface RestoreRequest {
  /** Absolute path of the backup. */
  readonly file: string;
  readonly passphrase: string | undefined;
  /** Absolute path of a folder that is empty or not there. */
  readonly dataDirectory: string;
  /** A database without tables of Hauswart; undefined = the embedded one, in the folder. */
  readonly databaseUrl: string | undefined;
  readonly postgresUser: string | undefined;
  readonly log: Logger;
  readonly progress?: (step: string) => void;
}

export interface RestoredBackup {
  /** Moment of the snapshot; ISO 8601. */
  readonly madeAt: string;
  readonly devices: number;
  readonly rows: number;
}

/** Written once, and not after a crash: then the folder is deleted. So nothing needs a log of itself. */
const fillingSettings = {
  wal_level: "minimal",
  max_wal_senders: 0,
  max_wal_size: "8GB",
  autovacuum: "off",
  maintenance_work_mem: "256MB",
};

/** @throws BackupError and leaves nothing behind */
export async function restoreBackup(request: RestoreRequest): Promise<RestoredBackup> {
  const { file, passphrase, dataDirectory, progress = () => undefined } = request;
  refuseUsed(dataDirectory);
  progress("Checking the backup");
  const backup = await checkBackup(file, passphrase);
  const migrations = migrationsOf(backup);
  markUnfinished(dataDirectory);
  try {
    await (request.databaseUrl === undefined ? intoEmbedded : intoOwn)(request, backup, migrations);
  } catch (error) {
    removeData(dataDirectory);
    throw error;
  }
  removeMark(dataDirectory);
  const { tables, devices } = backup.manifest;
  return { madeAt: backup.header.madeAt, devices, rows: tables.reduce((sum, { rows }) => sum + rows, 0) };
}

function refuseUsed(dataDirectory: string): void {
  if (existsSync(dataDirectory) && readdirSync(dataDirectory).length > 0)
    throw new BackupError(`The folder ${dataDirectory} is not empty. A backup is restored into an empty or new folder only.`);
}

/** The files of the migrations that had run. */
function migrationsOf({ manifest, header }: CheckedBackup): Migration[] {
  const files = new Map(readMigrations().map((migration) => [migration.name, migration]));
  return manifest.migrations.map(({ name, hash }) => {
    const file = files.get(name);
    if (file === undefined)
      throw new BackupError(
        `The backup was made by a newer or different version of Hauswart (${header.hauswartVersion}): this one does not know its migration ${name}.`,
      );
    if (file.hash !== hash) throw new BackupError(`The migration ${name} is not the one that the backup was made with.`);
    return file;
  });
}

async function intoEmbedded(request: RestoreRequest, backup: CheckedBackup, migrations: readonly Migration[]): Promise<void> {
  const { dataDirectory, postgresUser, log, progress } = request;
  const embedded = await startEmbeddedPostgres({ dataDirectory, postgresUser, log, progress, settings: fillingSettings });
  try {
    await prepareEmbedded(embedded.socketDirectory, embeddedDatabase, migrations);
    await fill({ host: embedded.socketDirectory, user: superuser, database: embeddedDatabase }, request, backup);
  } finally {
    await embedded.stop();
  }
}

async function intoOwn(request: RestoreRequest, backup: CheckedBackup, migrations: readonly Migration[]): Promise<void> {
  const admin = parseIntoClientConfig(request.databaseUrl!);
  await withClient(admin, async (client) => {
    const { rowCount } = await client.query("select 1 from pg_tables where schemaname = 'hauswart' limit 1");
    if (rowCount !== 0)
      throw new BackupError("The database in DATABASE_URL holds tables of Hauswart. A backup is restored into an empty one only.");
  });
  try {
    await migrate(admin, migrations);
    await fill(admin, request, backup);
  } catch (error) {
    await withClient(admin, (client) => client.query(`set role ${ownerRole}; drop schema if exists hauswart cascade`)).catch(
      () => undefined,
    );
    throw error;
  }
}

async function fill(
  admin: ClientConfig,
  { dataDirectory, progress = () => undefined }: RestoreRequest,
  backup: CheckedBackup,
): Promise<void> {
  const secretsDirectory = join(dataDirectory, "secrets");
  mkdirSync(secretsDirectory, { recursive: true, mode: 0o700 });
  const keepSecret = (name: string, bytes: Buffer) => {
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) throw new BackupError(`The backup has a secret with the name ${name}, which cannot be one.`);
    writeFileSync(join(secretsDirectory, name), bytes, { mode: 0o600, flag: "wx" });
  };
  await fillDatabase({ admin, backup, progress, keepSecret, finish: (client) => settleRestored(client, backup) });
  progress("Looking over the tables");
  await withClient(admin, (client) => client.query(`set role ${ownerRole}; analyze`));
}

async function withClient(config: ClientConfig, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client(config);
  client.on("error", () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** The folder was empty before; what is in it now is a part of a restore. */
function removeData(dataDirectory: string): void {
  const home = clusterHome(dataDirectory);
  if (home !== dataDirectory) rmSync(home, { recursive: true, force: true });
  for (const name of readdirSync(dataDirectory)) rmSync(join(dataDirectory, name), { recursive: true, force: true });
}

/** From the settings to an open, migrated database: embedded or your own. */
import { join } from "node:path";
import type { ClientConfig } from "pg";
import { Client } from "pg";
import { parseIntoClientConfig } from "pg-connection-string";
import type { Logger } from "../operation/log.ts";
import type { Settings } from "../settings.ts";
import type { Database } from "./database.ts";
import { openDatabase } from "./database-postgres.ts";
import { superuser } from "./embedded/cluster.ts";
import type { EmbeddedPostgres } from "./embedded/supervisor.ts";
import { startEmbeddedPostgres } from "./embedded/supervisor.ts";
import { refuseUnfinished } from "../backup/restore-mark.ts";
import { migrate } from "./migrate.ts";
import type { Migration } from "./migration-files.ts";
import { readMigrations } from "./migration-files.ts";
import type { Connections } from "./pools.ts";
import { sessionOptions } from "./pools.ts";
import { ensurePasswords } from "./roles.ts";

export interface ConnectOptions {
  readonly settings: Pick<Settings, "dataDirectory" | "databaseUrl" | "postgresUser">;
  readonly log: Logger;
  /** Told what is being done, in words for the person who waits. */
  readonly progress?: (step: string) => void;
}

export interface ConnectedDatabase {
  readonly database: Database;
  /** For the job queue, which opens connections of its own. */
  readonly connections: Connections;
  /** Undefined with DATABASE_URL. */
  readonly embedded: EmbeddedPostgres | undefined;
  /** Names of the migrations that this start has applied. */
  readonly migrated: readonly string[];
  /** Closes the pools and stops the embedded PostgreSQL. */
  readonly close: () => Promise<void>;
}

/** Name of the database in the embedded PostgreSQL. */
export const embeddedDatabase = "hauswart";

/**
 * Starts or finds PostgreSQL, migrates, opens the pools.
 * @throws EmbeddedPostgresError, MigrationError, BackupError for a folder that was half restored, or the error of the connection
 */
export async function connectDatabase({ settings, log, progress = () => undefined }: ConnectOptions): Promise<ConnectedDatabase> {
  refuseUnfinished(settings.dataDirectory);
  const files = readMigrations();
  if (settings.databaseUrl !== undefined) {
    progress("Connecting to the database in DATABASE_URL");
    const { connections, migrated } = await prepareOwn(settings.databaseUrl, join(settings.dataDirectory, "secrets"), files);
    return open(connections, migrated, undefined, log);
  }
  const embedded = await startEmbeddedPostgres({
    dataDirectory: settings.dataDirectory,
    postgresUser: settings.postgresUser,
    log,
    progress,
  });
  try {
    progress("Preparing the tables");
    const { connections, migrated } = await prepareEmbedded(embedded.socketDirectory, embeddedDatabase, files);
    return open(connections, migrated, embedded, log);
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

/** Makes and migrates a database of the embedded PostgreSQL, which knows this process by its user and needs no passwords. */
export async function prepareEmbedded(
  socketDirectory: string,
  database: string,
  files: readonly Migration[],
): Promise<{ connections: Connections; migrated: string[] }> {
  const base: ClientConfig = { host: socketDirectory, user: superuser, database };
  await createDatabase(base, database);
  const migrated = await migrate(base, files);
  return { connections: embeddedConnections(socketDirectory, database), migrated };
}

/** Connections to a migrated database of the embedded PostgreSQL. */
export function embeddedConnections(socketDirectory: string, database: string): Connections {
  const base: ClientConfig = { host: socketDirectory, database };
  return connectionsOf({ ...base, user: superuser }, { ...base, user: "hauswart_app" }, { ...base, user: "hauswart_ingest" });
}

/** Connection of the owner to a database that is there already: for programs that come to a server that runs. */
export function ownerConnection(base: ClientConfig): ClientConfig {
  return { ...base, application_name: "hauswart", options: sessionOptions("owner") };
}

/** Migrates a database that is not ours, and gives the roles their passwords. */
async function prepareOwn(
  url: string,
  secretsFolder: string,
  files: readonly Migration[],
): Promise<{ connections: Connections; migrated: string[] }> {
  const admin = parseIntoClientConfig(url);
  let passwords: Awaited<ReturnType<typeof ensurePasswords>> | undefined;
  const migrated = await migrate(admin, files, async (client) => void (passwords = await ensurePasswords(client, admin, secretsFolder)));
  const app = { ...admin, user: "hauswart_app", password: passwords?.hauswart_app };
  const ingest = { ...admin, user: "hauswart_ingest", password: passwords?.hauswart_ingest };
  return { connections: connectionsOf(admin, app, ingest), migrated };
}

function connectionsOf(owner: ClientConfig, app: ClientConfig, ingest: ClientConfig): Connections {
  return {
    owner: ownerConnection(owner),
    app: { ...app, application_name: "hauswart app", options: sessionOptions("app") },
    ingest: { ...ingest, application_name: "hauswart ingest", options: sessionOptions("ingest") },
  };
}

async function createDatabase(base: ClientConfig, name: string): Promise<void> {
  const client = new Client({ ...base, database: "postgres" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

function open(
  connections: Connections,
  migrated: readonly string[],
  embedded: EmbeddedPostgres | undefined,
  log: Logger,
): ConnectedDatabase {
  const database = openDatabase({ connections, log });
  const close = async () => {
    await database.close();
    await embedded?.stop();
  };
  return { database, connections, embedded, migrated, close };
}

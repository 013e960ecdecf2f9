/**
 * A database per test file: copied from a migrated template in some 20 ms, on one PostgreSQL that all test processes share.
 *
 *   const database = await testDatabase();
 *   afterAll(() => database.close());
 */
import { createHash, randomBytes } from "node:crypto";
import { embeddedConnections, prepareEmbedded } from "@hauswart/server/database/connect.ts";
import type { Database } from "@hauswart/server/database/database.ts";
import { openDatabase } from "@hauswart/server/database/database-postgres.ts";
import type { Migration } from "@hauswart/server/database/migration-files.ts";
import { readMigrations } from "@hauswart/server/database/migration-files.ts";
import { refusingNesting } from "@hauswart/server/database/nesting.ts";
import type { Connections } from "@hauswart/server/database/pools.ts";
import { silentLogger } from "@hauswart/server/operation/log.ts";
import { Client } from "pg";
import { databaseServer } from "./database-server.ts";

export interface TestDatabase extends Database, AsyncDisposable {
  readonly name: string;
  readonly connections: Connections;
  /** Closes the pools and drops the database. */
  close(): Promise<void>;
}

/** An empty database, for tests of what comes before migrations. */
export interface EmptyDatabase extends AsyncDisposable {
  readonly name: string;
  /** Folder of the socket; connect as `postgres` without a password. */
  readonly socketDirectory: string;
  readonly drop: () => Promise<void>;
}

const poolSizes = { owner: 3, app: 6, ingest: 3 };

/** ASCII for "tmpl". */
const templateLock = 0x746d706c;

/** A migrated database of its own, with the pools of a server. */
export async function testDatabase(): Promise<TestDatabase> {
  const { socketDirectory, name, drop } = await copyOf(await template());
  const connections = embeddedConnections(socketDirectory, name);
  const database = openDatabase({ connections, log: silentLogger, poolSizes, guard: refusingNesting() });
  const close = once(async () => {
    await database.close();
    await drop();
  });
  return { ...database, name, connections, close, [Symbol.asyncDispose]: close };
}

/** A database without tables. */
export async function emptyDatabase(): Promise<EmptyDatabase> {
  return copyOf("template0");
}

async function copyOf(source: string): Promise<EmptyDatabase> {
  const socketDirectory = await databaseServer();
  const name = `test_${randomBytes(8).toString("hex")}`;
  await administer(socketDirectory, (client) => client.query(`create database ${name} template ${source} strategy file_copy`));
  const drop = once(() => administer(socketDirectory, (client) => client.query(`drop database if exists ${name} with (force)`)));
  return { name, socketDirectory, drop, [Symbol.asyncDispose]: drop };
}

/** Name of the template for the migrations of this checkout; made by whoever comes first. */
async function template(): Promise<string> {
  const socketDirectory = await databaseServer();
  const files = readMigrations();
  const name = `template_${digest(files)}`;
  await administer(socketDirectory, async (client) => {
    await client.query("select pg_advisory_lock($1)", [templateLock]);
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount !== 0) return;
    await client.query(`drop database if exists ${name}_unfinished with (force)`);
    await prepareEmbedded(socketDirectory, `${name}_unfinished`, files);
    await client.query(`alter database ${name}_unfinished rename to ${name}`);
  });
  return name;
}

function digest(files: readonly Migration[]): string {
  const hash = createHash("sha256");
  for (const { name, hash: ofFile } of files) hash.update(`${name} ${ofFile}\n`);
  return hash.digest("hex").slice(0, 16);
}

async function administer(socketDirectory: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ host: socketDirectory, user: "postgres", database: "postgres" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

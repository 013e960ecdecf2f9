/** Brings a database to the state that this version needs: roles, schema, migrations. */
import type { ClientConfig } from "pg";
import { Client } from "pg";
import type { AppliedMigration, Migration } from "./migration-files.ts";
import { MigrationError, pendingMigrations } from "./migration-files.ts";
import { ensureRoles, ownerRole } from "./roles.ts";

/** Servers that start at the same time wait for each other here. ASCII for "migr". */
const lockKey = 0x6d696772;

/** uuidv7() and the behaviour of grants that this relies on. */
const leastVersion = 180_000;

/**
 * Makes the roles and applies what is pending, each file in a transaction of its own.
 * @param admin connection of a user that may create roles
 * @param prepared called while the lock is held and the roles exist; with the same connection
 * @returns names of the migrations that were applied now
 * @throws MigrationError
 */
export async function migrate(
  admin: ClientConfig,
  files: readonly Migration[],
  prepared?: (client: Client) => Promise<void>,
): Promise<string[]> {
  const client = new Client({ ...admin, application_name: "hauswart migrations" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await demandVersion(client);
    await client.query("select pg_advisory_lock($1)", [lockKey]);
    await ensureRoles(client);
    await prepared?.(client);
    await client.query(`set role ${ownerRole}`);
    await client.query(
      "create table if not exists hauswart.migration (name text primary key, hash text not null, applied_at timestamptz not null default clock_timestamp())",
    );
    await client.query("comment on table hauswart.migration is 'owner: none'");
    const { rows: applied } = await client.query<AppliedMigration>("select name, hash from hauswart.migration order by name");
    const pending = pendingMigrations(files, applied);
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function demandVersion(client: Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string; server_version: string }>(
    "select current_setting('server_version_num') as server_version_num, current_setting('server_version') as server_version",
  );
  const found = rows[0];
  if (Number(found?.server_version_num) < leastVersion)
    throw new MigrationError(`Hauswart needs PostgreSQL 18 or later; DATABASE_URL leads to ${found?.server_version}.`);
}

async function apply(client: Client, { name, sql, hash }: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query("set local search_path = hauswart");
    await client.query(sql);
    await client.query("insert into hauswart.migration (name, hash) values ($1, $2)", [name, hash]);
    const { command } = await client.query("commit");
    if (command !== "COMMIT") throw new Error(`the transaction ended with ${command}`);
  } catch (cause) {
    await client.query("rollback").catch(() => undefined);
    throw new MigrationError(`The migration ${name} failed and was undone: ${(cause as Error).message}${placeOf(cause, sql)}`, { cause });
  }
}

/** " (line 12)", where PostgreSQL says so. */
function placeOf(error: unknown, sql: string): string {
  const position = Number((error as { position?: string }).position);
  return Number.isInteger(position) ? ` (line ${sql.slice(0, position).split("\n").length})` : "";
}

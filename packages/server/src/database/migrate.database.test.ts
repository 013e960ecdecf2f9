import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyDatabase } from "@hauswart/testkit/database.ts";
import { seedTenant } from "@hauswart/testkit/seed.ts";
import { testLimitMs, until } from "@hauswart/testkit/until.ts";
import type { ClientConfig } from "pg";
import { Client } from "pg";
import { silentLogger } from "../operation/log.ts";
import { connectDatabase } from "./connect.ts";
import type { EmbeddedPostgres } from "./embedded/supervisor.ts";
import { startEmbeddedPostgres } from "./embedded/supervisor.ts";
import { migrate } from "./migrate.ts";
import type { Migration } from "./migration-files.ts";
import { readMigrations } from "./migration-files.ts";
import { query } from "./query.ts";

// Each makes a cluster of its own, on a disk that is waited for.
setDefaultTimeout(testLimitMs);

const file = (name: string, sql: string): Migration => ({ name, sql, hash: createHash("sha256").update(sql).digest("hex") });
const one = file("20260101T0900_one", "create table thing (name text); comment on table thing is 'owner: none';");
const two = file("20260102T0900_two", "alter table thing add column size bigint;");

async function ask(config: ClientConfig, sql: string): Promise<unknown[]> {
  const client = new Client(config);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** An empty database with the connection of its superuser. */
async function empty() {
  const { socketDirectory, name, drop } = await emptyDatabase();
  return { admin: { host: socketDirectory, user: "postgres", database: name }, [Symbol.asyncDispose]: drop };
}

describe("migrations", () => {
  test("are applied once, in order, by the owner's role, and remembered", async () => {
    await using database = await empty();
    expect(await migrate(database.admin, [one])).toEqual([one.name]);
    expect(await migrate(database.admin, [one, two])).toEqual([two.name]);
    expect(await migrate(database.admin, [one, two])).toEqual([]);
    expect(await ask(database.admin, "select tableowner from pg_tables where tablename = 'thing'")).toEqual([
      { tableowner: "hauswart_owner" },
    ]);
    expect(await ask(database.admin, "select name, hash from hauswart.migration order by name")).toEqual(
      [one, two].map(({ name, hash }) => ({ name, hash })),
    );
  });

  test("a changed file is refused before anything is done", async () => {
    await using database = await empty();
    await migrate(database.admin, [one]);
    const attempt = migrate(database.admin, [file(one.name, `${one.sql} -- improved`), two]);
    expect(await attempt.catch((error: unknown) => (error as Error).message)).toContain("was changed after it had been applied");
    expect(await ask(database.admin, "select count(*)::int as count from hauswart.migration")).toEqual([{ count: 1 }]);
  });

  test("one that fails is undone as a whole and told with its line; those before it stay", async () => {
    await using database = await empty();
    const broken = file("20260103T0900_broken", "create table half ();\ncreate table whole (\n  name texxt\n);");
    const attempt = migrate(database.admin, [one, broken]);
    expect(await attempt.catch((error: unknown) => (error as Error).message)).toBe(
      'The migration 20260103T0900_broken failed and was undone: type "texxt" does not exist (line 3)',
    );
    expect(await ask(database.admin, "select tablename from pg_tables where schemaname = 'hauswart' order by 1")).toEqual([
      { tablename: "migration" },
      { tablename: "thing" },
    ]);
  });

  test("servers that start at the same time apply each migration once", async () => {
    await using database = await empty();
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(database.admin, [one, two])));
    expect(applied.flat().sort()).toEqual([one.name, two.name]);
  });
});

describe("your own PostgreSQL", () => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let superuser: ClientConfig;
  const password = randomBytes(12).toString("hex");
  const url = (user: string, database: string) =>
    `postgres://${user}:${password}@${encodeURIComponent(postgres.socketDirectory)}/${database}`;

  // A server that demands passwords, and an owner who is no superuser.
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "hauswart-own-"));
    chmodSync(folder, 0o755);
    postgres = await startEmbeddedPostgres({ dataDirectory: join(folder, "postgres"), log: silentLogger });
    superuser = { host: postgres.socketDirectory, user: "postgres", database: "postgres" };
    await ask(superuser, `create role house login createrole password '${password}'`);
    await ask(superuser, `create role guest login password '${password}'`);
    await ask(superuser, "create database house owner house");
    await ask(superuser, "create database guest owner guest");
    const rules = join(folder, "postgres/postgresql/pg_hba.conf");
    writeFileSync(rules, `local house,guest all scram-sha-256\n${readFileSync(rules, "utf8")}`);
    await ask(superuser, "select pg_reload_conf()");
  });
  afterAll(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true });
  });

  const settings = (changes: { databaseUrl: string; data?: string }) => ({
    dataDirectory: join(folder, changes.data ?? "data"),
    postgresUser: undefined,
    databaseUrl: changes.databaseUrl,
  });

  test("an owner that is no superuser is enough: roles, wall and housekeeping work, passwords are kept for us alone", async () => {
    const { database, close, migrated, embedded } = await connectDatabase({
      settings: settings({ databaseUrl: url("house", "house") }),
      log: silentLogger,
    });
    expect([migrated, embedded]).toEqual([readMigrations().map(({ name }) => name), undefined]);
    const { providerId, first } = await seedTenant(database);
    const other = await seedTenant(database);
    const seen = await database.transaction({ providerId, customers: [first.customerId] }, (tx) =>
      tx.all(query.selectFrom("customer").select("customer_id")),
    );
    expect(seen).toEqual([{ customer_id: first.customerId }]);
    const foreign = query.selectFrom("provider").select("provider_id").where("provider_id", "=", providerId);
    expect(await database.transaction({ providerId: other.providerId, customers: "*" }, (tx) => tx.all(foreign))).toEqual([]);
    expect(await database.unwalled("a test", (tx) => tx.all(query.selectFrom("provider").select("provider_id")))).toHaveLength(2);
    await close();
    const secrets = join(folder, "data/secrets");
    expect(readdirSync(secrets).sort()).toEqual(["hauswart_app.password", "hauswart_ingest.password"]);
    expect([statSync(secrets).mode & 0o777, statSync(join(secrets, "hauswart_app.password")).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  test("a second start uses the passwords that it kept; one that has lost them sets new ones", async () => {
    const stored = () => ask(superuser, "select rolpassword from pg_authid where rolname = 'hauswart_app'");
    const before = await stored();
    await (await connectDatabase({ settings: settings({ databaseUrl: url("house", "house") }), log: silentLogger })).close();
    expect(await stored()).toEqual(before);
    const fresh = await connectDatabase({ settings: settings({ databaseUrl: url("house", "house"), data: "other" }), log: silentLogger });
    expect(await fresh.database.ping()).toBe(true);
    await fresh.close();
    expect(await stored()).not.toEqual(before);
  });

  test("the passwords stand in no log of PostgreSQL, not even when it logs every statement", async () => {
    await ask(superuser, "alter system set log_statement = 'all'");
    await ask(superuser, "select pg_reload_conf()");
    await (await connectDatabase({ settings: settings({ databaseUrl: url("house", "house"), data: "third" }), log: silentLogger })).close();
    const kept = readFileSync(join(folder, "third/secrets/hauswart_app.password"), "utf8").trim();
    const logs = join(folder, "postgres/postgresql/log");
    const logged = () =>
      readdirSync(logs)
        .map((name) => readFileSync(join(logs, name), "utf8"))
        .join("");
    // Another process writes it, in the order in which it is told.
    await ask(superuser, "select 'the end of the log'");
    await until("the end of the log", () => logged().includes("the end of the log"));
    expect([logged().includes("alter role hauswart_app password"), logged().includes(kept)]).toEqual([true, false]);
  });

  test("a user without the right to create roles is told what it needs", async () => {
    const attempt = connectDatabase({ settings: settings({ databaseUrl: url("guest", "guest") }), log: silentLogger });
    expect(await attempt.catch((error: unknown) => (error as Error).message)).toContain("alter role NAME createrole");
  });

  test("a role that steps over the wall is refused", async () => {
    await ask(superuser, "alter role hauswart_app bypassrls");
    const attempt = connectDatabase({ settings: settings({ databaseUrl: url("house", "house") }), log: silentLogger });
    expect(await attempt.catch((error: unknown) => (error as Error).message)).toContain(
      "hauswart_app is a superuser or bypasses row-level security",
    );
    await ask(superuser, "alter role hauswart_app nobypassrls");
  });
});

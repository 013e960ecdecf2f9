import { expect, setDefaultTimeout, test } from "bun:test";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { query } from "@hauswart/server/database/query.ts";
import { Client } from "pg";
import { emptyDatabase, testDatabase } from "./database.ts";
import { databaseServer } from "./database-server.ts";
import { contextFor, seedDevice, seedTenant, testServices } from "./seed.ts";

setDefaultTimeout(60_000);

async function databaseNames(): Promise<string[]> {
  const client = new Client({ host: await databaseServer(), user: "postgres", database: "postgres" });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>("select datname from pg_database");
  await client.end();
  return rows.map(({ datname }) => datname);
}

test("each has a database of its own, migrated and without rows, and gone after its end", async () => {
  const [one, other] = await Promise.all([testDatabase(), testDatabase()]);
  await seedTenant(one);
  const providers = query.selectFrom("provider").select("provider_id");
  const count = (database: typeof one) => database.unwalled("a test", async (tx) => (await tx.all(providers)).length);
  expect([await count(one), await count(other)]).toEqual([1, 0]);
  await Promise.all([one.close(), other.close(), other.close()]);
  const names = await databaseNames();
  expect([names.includes(one.name), names.includes(other.name)]).toEqual([false, false]);
});

test("an empty database has no tables", async () => {
  await using database = await emptyDatabase();
  const client = new Client({ host: database.socketDirectory, user: "postgres", database: database.name });
  await client.connect();
  const { rowCount } = await client.query("select 1 from pg_tables where schemaname = 'hauswart'");
  await client.end();
  expect(rowCount).toBe(0);
});

test("several processes share one PostgreSQL, also when they come at the same time", async () => {
  const script = `
    const { testDatabase } = await import(${JSON.stringify(fileURLToPath(new URL("database.ts", import.meta.url)))});
    const database = await testDatabase();
    const [row] = await database.unwalled("a test", (tx) => tx.sql("select pg_postmaster_start_time()::text as started"));
    await database.close();
    console.log(row.started);
    process.exit(0);`;
  const starts = await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise<string>((resolve) => {
          const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
          let out = "";
          child.stdout.on("data", (text: Buffer) => void (out += text.toString()));
          child.once("close", () => resolve(out.trim()));
        }),
    ),
  );
  await using own = await testDatabase();
  const rows = await own.unwalled("a test", (tx) => tx.sql<{ started: string }>("select pg_postmaster_start_time()::text as started"));
  expect(new Set([...starts, ...rows.map(({ started }) => started)]).size).toBe(1);
});

test("the seed gives a tenant with devices, and a context that the database takes", async () => {
  await using database = await testDatabase();
  const tenant = await seedTenant(database);
  const mine = await seedDevice(database, tenant, tenant.first);
  await seedDevice(database, tenant, tenant.second);
  const ctx = contextFor(testServices(database), tenant, { customers: [tenant.first.customerId] });
  expect(await database.transaction(ctx, (tx) => tx.all(query.selectFrom("device").select("device_id")))).toEqual([{ device_id: mine }]);
});

import { afterAll, beforeAll, expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { Client } from "pg";
import { dropExpiredPartitions, ensurePartitions, listPartitions } from "./partitions.ts";

const dayMs = 86_400_000;
let database: TestDatabase;
let tenant: SeededTenant;
let services: TestServices;

beforeAll(async () => {
  database = await testDatabase();
  tenant = await seedTenant(database);
  services = testServices(database);
}, 60_000);
afterAll(() => database.close());

const names = (table: "sample_batch" | "sample_packed" | "sample_rollup" | "sample_entry") =>
  database.unwalled("test", (tx) => listPartitions(tx, table)).then((all) => all.map(({ name }) => name));
const insertBatch = (deviceId: string, atMs: number, customerId = tenant.first.customerId) =>
  database.ingest(contextFor(services, tenant), (tx) =>
    tx.sql(
      `insert into hauswart.sample_batch (provider_id, customer_id, device_id, received_at, stream_id, sequence, clock_offset_ms, check_numbers, ages_ms, fact_numbers, value_counts, values)
       values ($1, $2, $3, $4, $5, 1, 0, '{1}', '{0}', '{1}', '{1}', '{1.5}')`,
      [tenant.providerId, customerId, deviceId, new Date(atMs).toISOString(), newId()],
    ),
  );

test("partitions lie ready from yesterday to two weeks ahead, once", async () => {
  const made = await Promise.all([ensurePartitions(services), ensurePartitions(services)]);
  expect(made.map((list) => list.length).sort((a, b) => a - b)).toEqual([0, 42]);
  const batches = await names("sample_batch");
  expect([batches[0], batches.at(-1)]).toEqual(["sample_batch_2026_03_01", "sample_batch_2026_03_16"]);
  expect(await names("sample_packed")).toEqual([
    "sample_packed_2026_01",
    "sample_packed_2026_02",
    "sample_packed_2026_03",
    "sample_packed_2026_04",
    "sample_packed_2026_05",
  ]);
});

test("a batch finds its partition, on the first and the last moment of a day", async () => {
  const deviceId = await seedDevice(database, tenant, tenant.first);
  const today = Date.UTC(2026, 2, 2);
  for (const at of [today, today + dayMs - 1, today + dayMs]) await insertBatch(deviceId, at);
  const rows = await database.unwalled("test", (tx) =>
    tx.sql<{ name: string; rows: number }>(
      "select tableoid::regclass::text as name, count(*) as rows from hauswart.sample_batch group by 1 order by 1",
    ),
  );
  expect(rows).toEqual([
    { name: "sample_batch_2026_03_02", rows: 2 },
    { name: "sample_batch_2026_03_03", rows: 1 },
  ]);
});

test("the wall stands around new partitions too", async () => {
  const other = await seedTenant(database);
  const seen = (ctx: ReturnType<typeof contextFor>) =>
    database.transaction(ctx, (tx) => tx.sql("select 1 from hauswart.sample_batch")).then((rows) => rows.length);
  expect(await seen(contextFor(services, tenant))).toBe(3);
  expect(await seen(contextFor(services, other))).toBe(0);
  expect(await seen(contextFor(services, tenant, { customers: [tenant.second.customerId] }))).toBe(0);
  const partition = (role: "transaction" | "ingest") =>
    database[role](contextFor(services, tenant), (tx) => tx.sql("select 1 from hauswart.sample_batch_2026_03_02"));
  expect(partition("transaction")).rejects.toMatchObject({ code: "42501" });
  expect(partition("ingest")).rejects.toMatchObject({ code: "42501" });
  const walls = await database.unwalled("test", (tx) =>
    tx.sql<{ open: number }>(
      "select count(*) as open from pg_inherits join pg_class child on child.oid = inhrelid where child.relnamespace = 'hauswart'::regnamespace and child.relkind = 'r' and not (relrowsecurity and relforcerowsecurity)",
    ),
  );
  expect(walls[0]?.open).toBe(0);
});

test("an analysis does not read the arrays of samples", async () => {
  const analyzed = await database.unwalled("test", (tx) =>
    tx.sql<{ name: string }>(
      `select attrelid::regclass::text || '.' || attname as name from pg_attribute a join pg_type t on t.oid = a.atttypid
       where t.typcategory = 'A' and a.attstattarget is distinct from 0 and (a.attrelid = 'hauswart.sample_batch'::regclass
         or a.attrelid in (select inhrelid from pg_inherits where inhparent = 'hauswart.sample_batch'::regclass))`,
    ),
  );
  expect(analyzed).toEqual([]);
});

test("months pass: old days go, new ones come, and every day has its partition", async () => {
  for (let day = 0; day < 400; day += 14) {
    await ensurePartitions(services);
    await dropExpiredPartitions(services);
    services.clock.advance(14 * dayMs);
  }
  await ensurePartitions(services);
  await dropExpiredPartitions(services);
  const now = services.clock.now();
  const batches = await database.unwalled("test", (tx) => listPartitions(tx, "sample_batch"));
  expect(batches[0]!.toMs).toBeGreaterThan(now - 35 * dayMs);
  expect(batches.at(-1)!.toMs).toBeGreaterThan(now + 14 * dayMs);
  batches.slice(1).forEach(({ fromMs }, index) => expect(fromMs).toBe(batches[index]!.toMs));
  // From the month of thirteen months ago to two months ahead.
  const rollups = await names("sample_rollup");
  expect([rollups[0], rollups.at(-1)]).toEqual(["sample_rollup_2026_03", "sample_rollup_2027_06"]);
  expect((await names("sample_packed")).length).toBe(5);
}, 60_000);

test("what one provider keeps longer stays", async () => {
  const before = await names("sample_batch");
  await database.unwalled("test", (tx) =>
    tx.sql("update hauswart.provider set settings = '{\"rawSampleDays\": 60}' where provider_id = $1", [tenant.providerId]),
  );
  services.clock.advance(20 * dayMs);
  expect((await dropExpiredPartitions(services)).filter((name) => name.startsWith("sample_batch"))).toEqual([]);
  expect(await names("sample_batch")).toEqual(before);
});

test("what is being read, by a backup for one, stays until the next time, and that is no failure", async () => {
  services.clock.advance(100 * dayMs);
  await ensurePartitions(services);
  const before = await names("sample_batch");
  const reader = new Client(database.connections.owner);
  await reader.connect();
  await reader.query("begin; lock table hauswart.sample_batch in access share mode");
  expect((await dropExpiredPartitions(services)).filter((name) => name.startsWith("sample_batch"))).toEqual([]);
  expect(await names("sample_batch")).toEqual(before);
  // The end of a connection alone is heard by PostgreSQL a moment later.
  await reader.query("rollback");
  await reader.end();
  expect((await dropExpiredPartitions(services)).filter((name) => name.startsWith("sample_batch"))).toEqual(
    before.slice(0, before.length - (await names("sample_batch")).length),
  );
  expect((await names("sample_batch")).length).toBeLessThan(before.length);
}, 120_000);

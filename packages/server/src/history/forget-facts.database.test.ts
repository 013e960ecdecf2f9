import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import type { Id } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { isoTime } from "../times.ts";
import { dayMs } from "./hours.ts";
import { setProgress } from "./progress.ts";
import { forgetByRetention } from "./retention.ts";

let database: TestDatabase;
let tenant: SeededTenant;
let services: TestServices;
let deviceId: Id;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  services = testServices(database);
  deviceId = await seedDevice(database, tenant, tenant.first);
  await write("delete from hauswart.history_progress where $1::uuid is not null");
  await write(
    `insert into hauswart.check_instance (provider_id, device_id, number, customer_id, check_id, instance, every_seconds)
     select $1, $2, number, $3, 'disk', number::text, 60 from generate_series(0, 1) as number`,
    deviceId,
    tenant.first.customerId,
  );
});

const write = <Row extends object>(text: string, ...values: readonly unknown[]) =>
  database.unwalled("test", (tx) => tx.sql<Row>(text, [tenant.providerId, ...values]));
/** The first fact of the check came so many days ago, and one more after each step. */
const writeFacts = (checkNumber: number, count: number, daysAgo: number, stepDays: number) =>
  write(
    `insert into hauswart.sample_fact (provider_id, device_id, check_number, fact_number, customer_id, first_at, body, hash)
     select $1, $2, $3::int2, number, $4, $5::timestamptz + (number - 1) * make_interval(hours => $6::int), '{}', 0 from generate_series(1, $7::int) as number`,
    deviceId,
    checkNumber,
    tenant.first.customerId,
    isoTime(services.clock.now() - daysAgo * dayMs),
    stepDays * 24,
    count,
  );
const left = async (checkNumber: number) =>
  (
    await write<{ fact_number: number }>(
      "select fact_number from hauswart.sample_fact where provider_id = $1 and device_id = $2 and check_number = $3 order by 1",
      deviceId,
      checkNumber,
    )
  ).map((row) => row.fact_number);

test("facts go when the samples that name them have gone, however many; the last four stay", async () => {
  await setProgress(services, "facts", services.clock.now() - 100 * dayMs);
  // A fact a day. Number 64 was the newest 37 days ago, and from then on nothing named number 60.
  await writeFacts(0, 100, 100, 1);
  await writeFacts(1, 4, 100, 1);
  await forgetByRetention(services);
  expect(await left(0)).toEqual(Array.from({ length: 40 }, (_, index) => 61 + index));
  expect(await left(1)).toEqual([1, 2, 3, 4]);
  services.clock.advance(dayMs);
  await forgetByRetention(services);
  expect((await left(0))[0]).toBe(62);
  services.clock.advance(400 * dayMs);
  await forgetByRetention(services);
  expect(await left(0)).toEqual([97, 98, 99, 100]);
});

test("the fact of the values that are shown stays, though the device is long away", async () => {
  await setProgress(services, "facts", services.clock.now() - 100 * dayMs);
  await writeFacts(0, 10, 100, 1);
  await write(
    "update hauswart.device_link set check_numbers = '{1, 0}', fact_numbers = '{3, 2}' where provider_id = $1 and device_id = $2",
    deviceId,
  );
  await forgetByRetention(services);
  expect(await left(0)).toEqual([2, 7, 8, 9, 10]);
});

test("a house that was long without this keeps all until no sample is left that an older server took in", async () => {
  await writeFacts(0, 1_000, 1_000, 1);
  await forgetByRetention(services);
  services.clock.advance(35 * dayMs);
  await forgetByRetention(services);
  expect((await left(0)).length).toBe(1_000);
  services.clock.advance(dayMs);
  await forgetByRetention(services);
  expect((await left(0))[0]).toBe(997);
});

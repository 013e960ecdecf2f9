import { afterAll, beforeAll, expect, test } from "bun:test";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices } from "@hauswart/testkit/seed.ts";
import { effectiveState } from "../evaluate/effective-state.ts";
import { isoTime } from "../times.ts";
import { listDevices } from "./list-devices.ts";
import { effectiveStateSql } from "./state-counts.ts";

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());

const now = Date.UTC(2026, 2, 2, 10);
const ages = [
  null,
  -5_000,
  0,
  119_999,
  120_000,
  239_999,
  240_000,
  240_001,
  10_859_999,
  10_860_000,
  93_599_999,
  93_600_000,
  93_600_001,
  400 * 86_400_000,
];
const cycles: [number, number | null][] = [
  [60, null],
  [3_600, null],
  [86_400, 9],
  [86_400, null],
  [60, 9],
];
const judged: [string, string | null, boolean][] = [
  ["ok", null, true],
  ["warning", null, true],
  ["failure", null, true],
  ["unknown", "no-data", true],
  ["unknown", "collect-failed", true],
  ["unknown", "never-measured", true],
  ["unknown", "agent-too-old", false],
  ["unknown", "too-many-checks", false],
];
const table = ages.flatMap((ageMs) =>
  cycles.flatMap(([everySeconds, dailyAtHour]) =>
    judged.map(([state, unknownReason, enabled]) => ({ ageMs, everySeconds, dailyAtHour, state, unknownReason, enabled })),
  ),
);

test(`the statement that counts states says the same as the rule, in ${table.length} cases`, async () => {
  const tenant = await seedTenant(database);
  const deviceId = await seedDevice(database, tenant, tenant.first);
  const rows = table.map((row, number) => ({ ...row, number, evidence_at: row.ageMs === null ? null : isoTime(now - row.ageMs) }));
  const found = await database.unwalled("seed of a test", async (tx) => {
    await tx.sql(
      `insert into hauswart.check_instance (provider_id, device_id, customer_id, number, check_id, instance, enabled, every_seconds, daily_at_hour, state, unknown_reason)
       select $1::uuid, $2::uuid, $3::uuid, number, 'x', number::text, enabled, "everySeconds", "dailyAtHour", state, "unknownReason"
       from jsonb_to_recordset($4::text::jsonb) as r(number smallint, enabled boolean, "everySeconds" integer, "dailyAtHour" smallint, state text, "unknownReason" text)`,
      [tenant.providerId, deviceId, tenant.first.customerId, JSON.stringify(rows)],
    );
    const measured = rows.filter(({ evidence_at }) => evidence_at !== null);
    await tx.sql("update hauswart.device_link set check_numbers = $2, evidence_at = $3 where device_id = $1", [
      deviceId,
      measured.map(({ number }) => number),
      measured.map((row) => row.evidence_at),
    ]);
    return tx.sql<{ number: number; state: string }>(
      `select ci.number, ${effectiveStateSql("$2")} as state from hauswart.check_instance ci
       join hauswart.device_link l on l.provider_id = ci.provider_id and l.device_id = ci.device_id where ci.device_id = $1 order by ci.number`,
      [deviceId, isoTime(now)],
    );
  });
  const expected = rows.map(({ number, state, unknownReason, ageMs, everySeconds, dailyAtHour }) => ({
    number,
    state: effectiveState({
      state: state as "ok",
      unknownReason,
      unknownDetail: null,
      stateSinceMs: null,
      evidenceAtMs: ageMs === null ? null : now - ageMs,
      everySeconds,
      dailyAtHour,
      isDevicePresent: true,
      nowMs: now,
    }).state as string,
  }));
  expect(found).toEqual(expected);
  expect(new Set(expected.map(({ state }) => state))).toEqual(new Set(["ok", "warning", "failure", "unknown"]));
});

test("a device without checks is unknown, never good; checks that are off do not count", async () => {
  const tenant = await seedTenant(database);
  const ctx = contextFor(testServices(database), tenant);
  const bare = await seedDevice(database, tenant, tenant.first, "bare");
  const off = await seedDevice(database, tenant, tenant.first, "off");
  await database.unwalled("seed of a test", (tx) =>
    tx.sql(
      "insert into hauswart.check_instance (provider_id, device_id, customer_id, number, check_id, enabled, every_seconds, state) values ($1, $2, $3, 0, 'x', false, 60, 'failure')",
      [tenant.providerId, off, tenant.first.customerId],
    ),
  );
  const { items } = await listDevices({ ctx, input: { limit: 10, sort: "name" } });
  expect(items.map(({ deviceId, state, checks }) => [deviceId, state, checks])).toEqual([
    [bare, "unknown", { ok: 0, warning: 0, failure: 0, unknown: 0 }],
    [off, "unknown", { ok: 0, warning: 0, failure: 0, unknown: 0 }],
  ]);
});

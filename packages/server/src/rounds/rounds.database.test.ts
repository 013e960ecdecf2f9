import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import judgedChecks from "@hauswart/features/registry/server.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import type { CheckRegistry } from "../services.ts";
import { calendarsOf } from "../calendars/calendars-of.ts";
import { assignCalendar } from "../calendars/assign-calendar.ts";
import { changeCalendar } from "../calendars/change-calendar.ts";
import { createCalendar } from "../calendars/create-calendar.ts";
import { createHolidaySet } from "../calendars/create-holiday-set.ts";
import { listCalendars } from "../calendars/list-calendars.ts";
import { isoTime } from "../times.ts";
import { getRounds } from "./get-rounds.ts";
import { listRoundRecords } from "./list-round-records.ts";
import { runRounds } from "./run-rounds.ts";

setDefaultTimeout(120_000);
const check = "antivirus-status";
const checks: CheckRegistry = new Map(judgedChecks.map((judged) => [judged.definition.id, judged]));

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds;

let database: TestDatabase;
let tenant: SeededTenant;
let services: TestServices;
let deviceId: Id;
let asked: string[];
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  await database.unwalled("test", (tx) => tx.sql("truncate hauswart.provider cascade"));
  tenant = await seedTenant(database);
  services = testServices(database, { checks });
  deviceId = await seedDevice(database, tenant, tenant.first, "pc-1");
  asked = [];
  services.bus.subscribe("device-measure", (message) => void asked.push([message.deviceId, ...(message.checks ?? [])].join(" ")));
  await database.unwalled("test", async (tx) => {
    await tx.sql("update hauswart.device set enrolled_at = '2026-01-01' where device_id = $1", [deviceId]);
    await tx.sql(
      `insert into hauswart.check_instance (provider_id, device_id, number, customer_id, check_id, every_seconds) values ($1, $2, 3, $3, $4, 3600)`,
      [tenant.providerId, deviceId, tenant.first.customerId, check],
    );
  });
});

/** What the device sent last: one product with signatures of this moment. */
const measured = (evidenceAtMs: number, signatureAtMs: number) =>
  database.unwalled("test", async (tx) => {
    const product = {
      product: "Guard",
      state: "active",
      engine: "running",
      realTime: "on",
      signatures: "current",
      signatureVersion: "7",
      signatureAt: signatureAtMs,
    };
    const rest = {
      updates: "running",
      productVersion: "1",
      engineVersion: "",
      tamperProtection: "unknown",
      lastScanAt: null,
      isBuiltIn: false,
      source: "service",
      problem: "",
    };
    const fact = { system: "linux", resumedAt: null, products: [{ ...product, ...rest }] };
    await tx.sql(
      `insert into hauswart.sample_fact (provider_id, device_id, check_number, fact_number, customer_id, first_at, body, hash) values ($1, $2, 3, 1, $3, now(), $4::text::jsonb, 0)
       on conflict (provider_id, device_id, check_number, fact_number) do update set body = excluded.body`,
      [tenant.providerId, deviceId, tenant.first.customerId, JSON.stringify(fact)],
    );
    await tx.sql(
      "update hauswart.device_link set check_numbers = '{3}', fact_numbers = '{1}', value_counts = '{2}', latest = '{1, 60}', evidence_at = array[$2::timestamptz] where device_id = $1",
      [deviceId, isoTime(evidenceAtMs)],
    );
  });
/** The device is connected to a process that lives. */
const connect = () =>
  database.unwalled("test", async (tx) => {
    const now = isoTime(services.clock.now());
    await tx.sql(
      "insert into hauswart.server_process (process_id, started_at, alive_at) values ($1, $2, $2) on conflict (process_id) do update set alive_at = excluded.alive_at",
      [services.processId, now],
    );
    await tx.sql("update hauswart.device_link set process_id = $2, connected_at = $3 where device_id = $1", [
      deviceId,
      services.processId,
      now,
    ]);
  });
const alive = () =>
  database.unwalled("test", (tx) =>
    tx.sql("update hauswart.server_process set alive_at = $1 where process_id = $2", [isoTime(services.clock.now()), services.processId]),
  );
const runAt = async (moment: string) => {
  services.clock.set(at(moment));
  await alive();
  return runRounds(services);
};
const records = async () => {
  const { items } = await listRoundRecords({ ctx: contextFor(services, tenant), input: { check, limit: 50, separator: "comma" } });
  return items.map(({ day, state, reason, result, isLate }) =>
    [day, state, reason ?? result, isLate ? "late" : ""].filter(Boolean).join(" "),
  );
};
const newestDay = async () => (await getRounds({ ctx: contextFor(services, tenant), input: {} })).rounds[0]!.days[0]!;

test("AV-3 at 09:00 of a working day the agent is asked, and its answer is on record although nothing is wrong", async () => {
  services.clock.set(at("2026-03-02T08:59+01"));
  await connect();
  await measured(at("2026-03-02T08:30+01"), at("2026-03-02T05:00+01"));
  const told: string[] = [];
  services.bus.subscribe("live", ({ kind }) => void told.push(kind));
  expect(await runAt("2026-03-02T08:59:59+01")).toEqual({ opened: 0, settled: 0 });
  expect(await newestDay()).toMatchObject({ day: "2026-03-02", isDue: false, devices: 0 });
  expect(await runAt("2026-03-02T09:00:00+01")).toEqual({ opened: 1, settled: 0 });
  expect(asked).toEqual([`${deviceId} 3`]);
  expect(await records()).toEqual(["2026-03-02 waiting"]);
  expect(await newestDay()).toMatchObject({ isDue: true, devices: 1, done: 0, waiting: 1 });
  await measured(at("2026-03-02T09:00:04+01"), at("2026-03-02T05:00+01"));
  expect(await runAt("2026-03-02T09:00:15+01")).toEqual({ opened: 0, settled: 1 });
  expect(await records()).toEqual(["2026-03-02 done ok"]);
  expect(await newestDay()).toMatchObject({ devices: 1, done: 1, late: 0, notMeasurable: 0 });
  expect(told.filter((kind) => kind === "round")).toHaveLength(2);
  const { items } = await listRoundRecords({ ctx: contextFor(services, tenant), input: { check, limit: 50, separator: "comma" } });
  expect(items[0]!.subjects).toMatchObject([{ subject: "Guard", state: "ok", evidence: { ageWorkingDays: 0, signatureVersion: "7" } }]);
  expect(await runAt("2026-03-02T09:01+01")).toEqual({ opened: 0, settled: 0 });
  expect(asked).toHaveLength(1);
});

test("AV-3 no round on weekends and holidays, and one on the working day after", async () => {
  await measured(at("2026-04-02T09:00:04+02"), at("2026-04-02T05:00+02"));
  await runAt("2026-04-02T09:00:10+02");
  for (const day of ["2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06"]) expect((await runAt(`${day}T09:30+02`)).opened).toBe(0);
  expect((await runAt("2026-04-07T09:00+02")).opened).toBe(1);
  expect((await records()).map((record) => record.slice(0, 10))).toEqual(["2026-04-07", "2026-04-02"]);
});

test("AV-3 on the days of a clock change the round is at 09:00 of the wall clock, and its day ends at midnight", async () => {
  const ctx = contextFor(services, tenant);
  const { calendars } = await listCalendars({ ctx, input: {} });
  const { calendarId } = calendars.find(({ houseUses }) => houseUses.includes("service"))!;
  await changeCalendar({ ctx, input: { calendarId, workingDays: [1, 2, 3, 4, 5, 6, 7] } });
  await calendarsOf(services, tenant.providerId);
  for (const [before, due] of [
    ["2026-03-29T08:59+02", "2026-03-29T09:00+02"],
    ["2026-10-25T08:59+01", "2026-10-25T09:00+01"],
  ] as const) {
    await database.unwalled("test", (tx) => tx.sql("delete from hauswart.round_progress"));
    expect((await runAt(before)).opened).toBe(0);
    expect((await runAt(due)).opened).toBe(1);
  }
  const ends = await database.unwalled("test", (tx) =>
    tx.sql<{ hours: number }>(
      "select extract(epoch from ends_at - due_at)::float8 / 3600 as hours from hauswart.round_record where provider_id = $1 order by day",
      [tenant.providerId],
    ),
  );
  expect(ends.map(({ hours }) => hours)).toEqual([15, 15]);
});

test("AV-3 a device that is off is not measurable, is asked at its next contact of that day, and is done late then", async () => {
  await measured(at("2026-03-02T18:00+01"), at("2026-03-02T05:00+01"));
  await runAt("2026-03-03T09:00+01");
  expect(await records()).toEqual(["2026-03-03 not-measurable device-off"]);
  expect(asked).toEqual([]);
  services.clock.set(at("2026-03-03T13:00+01"));
  await connect();
  await runAt("2026-03-03T13:00:05+01");
  expect(asked).toHaveLength(1);
  await measured(at("2026-03-03T13:00:08+01"), at("2026-03-03T12:00+01"));
  await runAt("2026-03-03T13:00:20+01");
  expect(await records()).toEqual(["2026-03-03 done ok late"]);
  expect(await newestDay()).toMatchObject({ devices: 1, done: 1, late: 1 });
});

test("AV-3 a device that was off and comes, but does not answer, is on record as that, also after it has left again", async () => {
  await measured(at("2026-03-02T18:00+01"), at("2026-03-02T05:00+01"));
  await runAt("2026-03-03T09:00+01");
  expect(await records()).toEqual(["2026-03-03 not-measurable device-off"]);
  services.clock.set(at("2026-03-03T11:00+01"));
  await connect();
  await runAt("2026-03-03T11:09:59+01");
  expect(await records()).toEqual(["2026-03-03 not-measurable device-off"]);
  expect((await runAt("2026-03-03T11:10+01")).settled).toBe(1);
  expect(await records()).toEqual(["2026-03-03 not-measurable no-answer"]);
  await database.unwalled("test", (tx) =>
    tx.sql("update hauswart.device_link set disconnected_at = $2 where device_id = $1", [deviceId, isoTime(at("2026-03-03T12:00+01"))]),
  );
  expect((await runAt("2026-03-03T12:01+01")).settled).toBe(0);
  expect(await records()).toEqual(["2026-03-03 not-measurable no-answer"]);
});

test("AV-3 days on which this server did not run are on record as not done, today is made up for and late", async () => {
  await measured(at("2026-03-02T09:00:01+01"), at("2026-03-02T05:00+01"));
  await runAt("2026-03-02T09:00:05+01");
  services.clock.set(at("2026-03-05T11:00+01"));
  await connect();
  await runAt("2026-03-05T11:00+01");
  await measured(at("2026-03-05T11:00:05+01"), at("2026-03-05T05:00+01"));
  await runAt("2026-03-05T11:00:20+01");
  expect(await records()).toEqual([
    "2026-03-05 done ok late",
    "2026-03-04 not-measurable server-down late",
    "2026-03-03 not-measurable server-down late",
    "2026-03-02 done ok",
  ]);
});

test("AV-3 days on which the check was switched off are no days without the server", async () => {
  const enable = (enabled: boolean) =>
    database.unwalled("test", (tx) => tx.sql("update hauswart.check_instance set enabled = $2 where device_id = $1", [deviceId, enabled]));
  await measured(at("2026-03-02T09:00:01+01"), at("2026-03-02T05:00+01"));
  await runAt("2026-03-02T09:00:05+01");
  await enable(false);
  for (let day = 3; day < 24; day += 1) await runAt(`2026-03-${String(day).padStart(2, "0")}T09:00:05+01`);
  await enable(true);
  await runAt("2026-03-23T16:00+01");
  await measured(at("2026-03-24T09:00:01+01"), at("2026-03-24T05:00+01"));
  await runAt("2026-03-24T09:00:05+01");
  expect(await records()).toEqual(["2026-03-24 done ok", "2026-03-02 done ok"]);
});

test("AV-3 AV-4 signatures of more than two working days are on record as a warning", async () => {
  services.clock.set(at("2026-04-09T09:00+02"));
  await connect();
  await measured(at("2026-04-09T09:00:03+02"), at("2026-04-02T18:00+02"));
  await runAt("2026-04-09T09:00:05+02");
  expect(await records()).toEqual(["2026-04-09 done warning"]);
});

test("a working day without records says so: nobody is done", async () => {
  services.clock.set(at("2026-03-02T12:00+01"));
  expect(await newestDay()).toMatchObject({ day: "2026-03-02", isDue: true, devices: 0, done: 0 });
});

test("AV-3 each site's own calendar says which days have records: a Saturday is shown, Corpus Christi in Bavaria is not missed", async () => {
  const ctx = contextFor(services, tenant);
  const { calendars } = await listCalendars({ ctx, input: {} });
  const house = calendars.find(({ houseUses }) => houseUses.includes("service"))!;
  const bavarian = await createHolidaySet({ ctx, input: { name: "Bayern", source: "DE-BY" } });
  const own = await createCalendar({
    ctx,
    input: { ...house, name: "Bayern, auch samstags", workingDays: [1, 2, 3, 4, 5, 6], holidaySetId: bavarian.holidaySetId },
  });
  await assignCalendar({
    ctx,
    input: { scope: "site", scopeId: tenant.first.siteId, purpose: "service", calendarId: own.calendarId },
  });
  // Corpus Christi 2026 is Thursday, 4 June.
  for (const day of ["2026-06-03", "2026-06-04", "2026-06-05", "2026-06-06", "2026-06-07"]) {
    await measured(at(`${day}T09:00:01+02`), at(`${day}T05:00+02`));
    await runAt(`${day}T09:00:05+02`);
  }
  for (const input of [{}, { customerId: tenant.first.customerId }]) {
    const { days } = (await getRounds({ ctx, input })).rounds[0]!;
    expect(days.map(({ day, done, isDue }) => [day, done, isDue])).toEqual([
      ["2026-06-06", 1, true],
      ["2026-06-05", 1, true],
      ["2026-06-03", 1, true],
    ]);
  }
  expect((await getRounds({ ctx, input: { customerId: tenant.second.customerId } })).rounds[0]!.days).toEqual([]);
  services.clock.set(at("2026-06-09T10:00+02"));
  expect((await getRounds({ ctx, input: {} })).rounds[0]!.days.slice(0, 3)).toMatchObject([
    { day: "2026-06-09", devices: 0, isDue: true },
    { day: "2026-06-08", devices: 0, isDue: true },
    { day: "2026-06-06", devices: 1 },
  ]);
});

test("records are found by customer, day and what came of them, page by page", async () => {
  await measured(at("2026-03-02T09:00:01+01"), at("2026-03-02T05:00+01"));
  await runAt("2026-03-02T09:00:05+01");
  await runAt("2026-03-03T09:00:05+01");
  const ctx = contextFor(services, tenant);
  const list = async (input: object) =>
    (await listRoundRecords({ ctx, input: { check, limit: 50, separator: "comma", ...input } })).items.map(({ day }) => day);
  expect(await list({ state: "done" })).toEqual(["2026-03-02"]);
  expect(await list({ state: "not-measurable" })).toEqual(["2026-03-03"]);
  expect(await list({ customerId: tenant.second.customerId })).toEqual([]);
  expect(await list({ fromDay: "2026-03-03" })).toEqual(["2026-03-03"]);
  const first = await listRoundRecords({ ctx, input: { check, limit: 1, separator: "comma" } });
  expect(await list({ cursor: first.next! })).toEqual(["2026-03-02"]);
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, subject } from "@hauswart/protocol/fields.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { compileCodec } from "@hauswart/protocol/sample-codec.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { z } from "zod";
import { getSeries } from "./get-series.ts";
import { dayMs, hourMs, hourOf } from "./hours.ts";
import { packSamples } from "./pack.ts";
import { decodeDay } from "./packed-day.ts";
import { ensurePartitions } from "./partitions.ts";
import { forgetByRetention } from "./retention.ts";
import { rollUp, settlingMs } from "./roll-up.ts";
import { readRollups } from "./rollup-store.ts";
import { seriesKey } from "./rollup-day.ts";

const definition = defineCheck({
  id: "volumes",
  version: 1,
  description: "",
  promises: [],
  cycle: { everyMinutes: 1 },
  failuresBeforeFinding: 1,
  onByDefault: true,
  sample: z.object({
    loadPercent: series.percent("Load."),
    volumes: list({
      mount: subject("Mount."),
      device: fact.text("Device."),
      freeBytes: series.bytes("Free.").nullable(),
      usedPercent: series.percent("Used.").nullable(),
    }),
  }),
  selection: z.object({}),
  judgement: z.object({}),
  findings: { low: { description: "", raises: ["warning", "failure"] } },
});
const codec = compileCodec(definition);
type VolumeSample = z.infer<typeof definition.sample>;

let database: TestDatabase;
let tenant: SeededTenant;
let deviceId: Id;
let services: TestServices;
let sequence = 0;
let facts: Map<string, number>;

beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  deviceId = await seedDevice(database, tenant, tenant.first);
  services = testServices(database, { checks: new Map([["volumes", { definition, judge: () => [], messages: {} as never }]]) });
  facts = new Map();
  await database.unwalled("clean", async (tx) => {
    await tx.sql("delete from hauswart.history_progress");
    await tx.sql("delete from hauswart.packed_device");
    await tx.sql("delete from hauswart.sample_batch");
  });
  await database.unwalled("test", (tx) =>
    tx.sql(
      "insert into hauswart.check_instance (provider_id, device_id, number, customer_id, check_id, every_seconds) values ($1, $2, 3, $3, 'volumes', 60)",
      [tenant.providerId, deviceId, tenant.first.customerId],
    ),
  );
  await ensurePartitions(services);
});

interface Measured {
  readonly atMs: number;
  /** undefined: the measurement failed. */
  readonly sample: VolumeSample | undefined;
}

/** Stores a message as ingest does. */
async function receive(receivedAtMs: number, measured: readonly Measured[]): Promise<void> {
  const rows = measured.map(({ atMs, sample }) => ({ ageMs: receivedAtMs - atMs, split: sample && codec.split(sample) }));
  await database.ingest(contextFor(services, tenant), async (tx) => {
    for (const { split } of rows) {
      const body = split && JSON.stringify(split.fact);
      if (!body || facts.has(body)) continue;
      facts.set(body, facts.size + 1);
      await tx.sql(
        "insert into hauswart.sample_fact (provider_id, device_id, check_number, fact_number, customer_id, first_at, body, hash) values ($1, $2, 3, $3, $4, now(), $5::text::jsonb, 0)",
        [tenant.providerId, deviceId, facts.size, tenant.first.customerId, body],
      );
    }
    await tx.sql(
      `insert into hauswart.sample_batch (provider_id, customer_id, device_id, received_at, stream_id, sequence, clock_offset_ms, check_numbers, ages_ms, fact_numbers, value_counts, values)
       values ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, $6, 0, $7, $8, $9, $10, $11)`,
      [
        tenant.providerId,
        tenant.first.customerId,
        deviceId,
        receivedAtMs,
        newId(),
        ++sequence,
        rows.map(() => 3),
        rows.map(({ ageMs }) => ageMs),
        rows.map(({ split }) => (split ? facts.get(JSON.stringify(split.fact)) : -2)),
        rows.map(({ split }) => split?.values.length ?? 0),
        rows.flatMap(({ split }) => split?.values.map((value) => value ?? NaN) ?? []),
      ],
    );
  });
}

let randomState = 1;
const random = () => (randomState = (randomState * 48_271) % 2_147_483_647) / 2_147_483_647;

/** A day of measurements, one every five minutes, with failures, changing volumes and missing values. */
function dayOfMeasurements(fromMs: number): Measured[] {
  return Array.from({ length: 288 }, (_, index) => {
    const mounts = index < 150 ? ["C:", "D:"] : ["C:", "D:", "E: <new>"];
    const volumes = mounts.map((mount) => ({
      mount,
      device: index < 200 ? "sda" : "sdb",
      freeBytes: random() < 0.1 ? null : Math.floor(random() * 1e9) * 4_096,
      usedPercent: Math.round(random() * 10_000) / 100,
    }));
    return {
      atMs: fromMs + index * 300_000 + Math.floor(random() * 50),
      sample: random() < 0.05 ? undefined : { loadPercent: random() * 100, volumes },
    };
  });
}

/** Sends measurements: most at once, some late, in messages of several. */
async function send(measured: readonly Measured[]): Promise<void> {
  for (let at = 0; at < measured.length;) {
    const message = measured.slice(at, at + 1 + Math.floor(random() * 12));
    at += message.length;
    await receive(message.at(-1)!.atMs + Math.floor(random() * 2_000), message);
  }
}

const ctx = () => contextFor(services, tenant);
const graph = (fromMs: number, toMs: number, more: { field?: string; subject?: string } = {}) =>
  getSeries({
    ctx: ctx(),
    input: { deviceId, number: 3, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), ...more },
  });

/** Non-null points by series, as the samples say. */
function points(measured: readonly Measured[]): Record<string, [number, number][]> {
  const lines: Record<string, [number, number][]> = {};
  const put = (key: string, atMs: number, value: number | null) => void (value !== null && (lines[key] ??= []).push([atMs / 1_000, value]));
  for (const { atMs, sample } of [...measured].sort((a, b) => a.atMs - b.atMs)) {
    if (!sample) continue;
    put("/loadPercent", atMs, sample.loadPercent);
    for (const { mount, freeBytes, usedPercent } of sample.volumes) {
      put(`${mount}/volumes.freeBytes`, atMs, freeBytes);
      put(`${mount}/volumes.usedPercent`, atMs, usedPercent);
    }
  }
  return lines;
}

async function shownPoints(fromMs: number, toMs: number): Promise<Record<string, [number, number][]>> {
  const { series: lines, stepSeconds } = await graph(fromMs, toMs);
  expect(stepSeconds).toBe(0);
  return Object.fromEntries(
    lines.map(({ field, subject: name, at, value }) => [
      `${name}/${field}`,
      at.flatMap((time, index): [number, number][] => (value[index] === null ? [] : [[time, value[index]!]])),
    ]),
  );
}

/** Rolled-up hours computed the plain way. */
function naiveHours(measured: readonly Measured[]) {
  const hours = new Map<string, { count: number; minimum: number; mean: number; maximum: number }>();
  const groups = new Map<string, number[]>();
  for (const [key, line] of Object.entries(points(measured))) {
    for (const [time, value] of line) {
      const hour = `${hourOf(time * 1_000)} ${key}`;
      groups.set(hour, [...(groups.get(hour) ?? []), value]);
    }
  }
  for (const [key, values] of groups) {
    hours.set(key, {
      count: values.length,
      minimum: Math.min(...values),
      mean: Math.fround(values.reduce((a, b) => a + b) / values.length),
      maximum: Math.max(...values),
    });
  }
  return hours;
}

async function storedHours(fromMs: number, toMs: number) {
  const days = await database.transaction(ctx(), (tx) =>
    readRollups(tx, { providerId: tenant.providerId, deviceId, checkNumber: 3, fromMs, toMs }),
  );
  const hours = new Map<string, { count: number; minimum: number; mean: number; maximum: number; worst: string }>();
  for (const { dayMs: startMs, day } of days) {
    for (const [key, summaries] of day.series) {
      const [name, field] = key.split("\n");
      if (field !== "") for (const [hour, summary] of summaries) hours.set(`${startMs + hour * hourMs} ${name}/${field}`, summary);
    }
  }
  return hours;
}

const expectSameHours = (stored: Awaited<ReturnType<typeof storedHours>>, naive: ReturnType<typeof naiveHours>) => {
  expect([...stored.keys()].sort()).toEqual([...naive.keys()].sort());
  for (const [key, { count, minimum, mean, maximum }] of naive) {
    expect(stored.get(key)).toMatchObject({ count, minimum, maximum });
    expect(Math.abs(stored.get(key)!.mean - mean)).toBeLessThanOrEqual(Math.abs(mean) * 1e-6);
  }
};

const today = () => Math.floor(services.clock.now() / dayMs) * dayMs;

describe("roll-ups", () => {
  test("are what a plain computation says, whatever comes late and however often they run", async () => {
    const measured = dayOfMeasurements(today() - dayMs);
    const late = measured.filter((_, index) => index % 7 === 3);
    for (const portion of [measured.slice(0, 100), measured.slice(100)]) {
      await send(portion.filter((one) => !late.includes(one)));
      services.clock.set(portion.at(-1)!.atMs + settlingMs + 10_000);
      await rollUp(services);
      await rollUp(services);
    }
    services.clock.advance(2 * hourMs);
    await rollUp(services);
    expectSameHours(await storedHours(measured[0]!.atMs, services.clock.now()), naiveHours(measured.filter((one) => !late.includes(one))));
    await receive(services.clock.now(), late);
    services.clock.advance(settlingMs + 1_000);
    await rollUp(services);
    expectSameHours(await storedHours(measured[0]!.atMs, services.clock.now()), naiveHours(measured));
  }, 120_000);

  test("an hour that is not over is not rolled up", async () => {
    const start = hourOf(services.clock.now());
    services.clock.set(start + 50 * 60_000);
    await send([{ atMs: start + 60_000, sample: { loadPercent: 5, volumes: [] } }]);
    await rollUp(services);
    expect((await storedHours(start, start)).size).toBe(0);
    services.clock.set(start + hourMs + settlingMs);
    await rollUp(services);
    expect((await storedHours(start, start)).size).toBe(1);
  });

  test("tell the worst state: of findings, and of attempts that failed", async () => {
    const start = hourOf(services.clock.now()) - 5 * hourMs;
    const sample: VolumeSample = {
      loadPercent: 5,
      volumes: [
        { mount: "C:", device: "sda", freeBytes: 1, usedPercent: 1 },
        { mount: "D:", device: "sda", freeBytes: 1, usedPercent: 1 },
      ],
    };
    await send([
      { atMs: start + 1_000, sample },
      { atMs: start + hourMs, sample },
      { atMs: start + 2 * hourMs, sample },
      { atMs: start + 2 * hourMs + 60_000, sample: undefined },
    ]);
    await database.unwalled("test", (tx) =>
      tx.sql(
        `insert into hauswart.finding (provider_id, finding_id, customer_id, device_id, check_id, check_number, code, subject, severity, evidence, evidence_at, opened_at, changed_at, closed_at)
         values ($1, $2, $3, $4, 'volumes', 3, 'low', 'C:', 'warning', '{}', now(), $5, $5, $6)`,
        [
          tenant.providerId,
          newId(),
          tenant.first.customerId,
          deviceId,
          new Date(start + hourMs - 1).toISOString(),
          new Date(start + hourMs + 1).toISOString(),
        ],
      ),
    );
    await rollUp(services);
    const days = await database.transaction(ctx(), (tx) =>
      readRollups(tx, { providerId: tenant.providerId, deviceId, checkNumber: 3, fromMs: start, toMs: start + 4 * hourMs }),
    );
    const worst = (name: string, field: string) =>
      [0, 1, 2].map((hour) => days[0]!.day.series.get(seriesKey(name, field))!.get((start % dayMs) / hourMs + hour)!.worst);
    expect(worst("C:", "volumes.freeBytes")).toEqual(["warning", "warning", "unknown"]);
    expect(worst("D:", "volumes.freeBytes")).toEqual(["ok", "ok", "unknown"]);
    expect(worst("", "")).toEqual(["warning", "warning", "unknown"]);
  });
});

describe("packing", () => {
  test("shows the same samples before, after, and with late ones packed on top", async () => {
    const day = today() - dayMs;
    const measured = dayOfMeasurements(day);
    const late = measured.filter((_, index) => index % 11 === 5);
    await send(measured.filter((one) => !late.includes(one)));
    services.clock.set(day + dayMs + 1);
    const before = await shownPoints(day, day + dayMs);
    expect(before).toEqual(points(measured.filter((one) => !late.includes(one))));
    services.clock.set(day + 2 * dayMs + hourMs);
    await ensurePartitions(services);
    await receive(services.clock.now() - 1_000, late);
    expect(await shownPoints(day, day + dayMs)).toEqual(points(measured));
    await rollUp(services);
    expect((await packSamples(services)).dropped).toContain("sample_batch_2026_03_01");
    expect(await shownPoints(day, day + dayMs)).toEqual(points(measured));
    services.clock.advance(2 * dayMs);
    await ensurePartitions(services);
    await rollUp(services);
    await packSamples(services);
    const [left] = await database.unwalled("test", (tx) =>
      tx.sql<{ left: number }>("select count(*) as left from hauswart.sample_batch where device_id = $1", [deviceId]),
    );
    expect(left!.left).toBe(0);
    expect(await shownPoints(day, day + dayMs)).toEqual(points(measured));
    expectSameHours(await storedHours(day, day + dayMs), naiveHours(measured));
  }, 60_000);

  test("every sample can be put together again from what is stored", async () => {
    const day = today() - dayMs;
    await ensurePartitions(services);
    const measured = dayOfMeasurements(day);
    await send(measured);
    services.clock.set(day + 3 * dayMs);
    await ensurePartitions(services);
    await rollUp(services);
    await packSamples(services);
    const rows = await database.unwalled("test", (tx) =>
      tx.sql<{ subject: string; body: Buffer }>("select subject, body from hauswart.sample_packed where device_id = $1 order by day", [
        deviceId,
      ]),
    );
    const stored = new Map<number, { fact: number; values: Map<string, number> }>();
    for (const row of rows) {
      const packed = decodeDay(row.body);
      packed.timesMs.forEach((timeMs, index) => {
        const sample = stored.get(timeMs) ?? { fact: packed.facts[index]!, values: new Map<string, number>() };
        stored.set(timeMs, sample);
        for (const [field, column] of packed.fields) sample.values.set(seriesKey(row.subject, field), column[index]!);
      });
    }
    const bodies = new Map([...facts].map(([body, number]) => [number, JSON.parse(body) as Record<string, unknown>]));
    expect(stored.size).toBe(measured.length);
    for (const { atMs, sample } of measured) {
      const { fact: number, values } = stored.get(atMs)!;
      if (!sample) {
        expect(number).toBe(-2);
        continue;
      }
      const body = bodies.get(number)!;
      const back = codec.describe(body).map(({ field, subject: name }) => values.get(seriesKey(name, field)) ?? NaN);
      expect(
        codec.join(
          body,
          back.map((value) => (Number.isNaN(value) ? null : value)),
        ),
      ).toEqual(sample);
    }
  }, 60_000);

  test("a run that died halfway is done again, and nothing is there twice", async () => {
    const day = today() - dayMs;
    await ensurePartitions(services);
    const measured = dayOfMeasurements(day).slice(0, 40);
    await send(measured);
    const second = await seedDevice(database, tenant, tenant.first, "second");
    await database.unwalled("test", (tx) =>
      tx.sql(
        "insert into hauswart.sample_batch select provider_id, customer_id, $1::uuid, received_at, stream_id, sequence, clock_offset_ms, check_numbers, ages_ms, fact_numbers, value_counts, values from hauswart.sample_batch where device_id = $2",
        [second, deviceId],
      ),
    );
    services.clock.set(day + 3 * dayMs);
    await ensurePartitions(services);
    await rollUp(services);
    let transactions = 0;
    const dying = {
      ...services,
      database: {
        ...database,
        transaction: (...parameters: Parameters<typeof database.transaction>) =>
          ++transactions > 3 ? Promise.reject(new Error("killed")) : database.transaction(...parameters),
      },
    };
    expect(packSamples(dying as never)).rejects.toThrow("killed");
    expect((await database.unwalled("test", (tx) => tx.sql("select 1 from hauswart.packed_device"))).length).toBe(1);
    expect((await packSamples(services)).devices).toBe(1);
    expect(await shownPoints(day, day + dayMs)).toEqual(points(measured));
  }, 60_000);

  test("values of a check that is no longer known are kept", async () => {
    const day = today() - dayMs;
    await ensurePartitions(services);
    await send([{ atMs: day + 5_000, sample: { loadPercent: 7, volumes: [] } }]);
    services = { ...services, checks: new Map() };
    services.clock.set(day + 3 * dayMs);
    await ensurePartitions(services);
    await rollUp(services);
    await packSamples(services);
    const [row] = await database.unwalled("test", (tx) =>
      tx.sql<{ body: Buffer }>("select body from hauswart.sample_packed where device_id = $1", [deviceId]),
    );
    expect([...decodeDay(row!.body).fields.get("#0")!]).toEqual([7]);
  });
});

describe("graphs", () => {
  const sample = (loadPercent: number): VolumeSample => ({ loadPercent, volumes: [] });
  test("gaps stay gaps: silence, failed attempts and missing values", async () => {
    const start = services.clock.now() - hourMs;
    const at = (minute: number) => start + minute * 60_000;
    await send([
      { atMs: at(0), sample: sample(1) },
      { atMs: at(1), sample: sample(2) },
      { atMs: at(2), sample: undefined },
      { atMs: at(3), sample: sample(3) },
      { atMs: at(10), sample: sample(4) },
      { atMs: at(11), sample: undefined },
    ]);
    const { series: lines } = await graph(start, start + hourMs, { field: "loadPercent" });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      field: "loadPercent",
      unit: "percent",
      subject: "",
      at: [0, 1, 2, 3, 4, 10, 11].map((minute) => at(minute) / 1_000),
      value: [1, 2, null, 3, null, 4, null],
    });
  });
  test("long spans show hours, the ones that are not rolled up yet among them", async () => {
    const start = hourOf(services.clock.now()) - 3 * hourMs;
    for (const [afterMs, loadPercent] of [
      [0, 10],
      [60_000, 20],
      [2 * hourMs, 7],
    ] as const)
      await send([{ atMs: start + afterMs, sample: sample(loadPercent) }]);
    services.clock.set(start + 2 * hourMs + settlingMs);
    await rollUp(services);
    services.clock.set(start + 2 * hourMs + 30 * 60_000);
    const { stepSeconds, series: lines } = await graph(start - 10 * dayMs, services.clock.now());
    expect(stepSeconds).toBe(3_600);
    const middle = (hour: number) => (start + hour * hourMs) / 1_000 + 1_800;
    expect(lines[0]).toMatchObject({ at: [0, 1, 2].map(middle), value: [15, null, 7], min: [10, null, 7], max: [20, null, 7] });
  });
  test("one subject alone", async () => {
    await send([
      {
        atMs: services.clock.now() - 60_000,
        sample: {
          loadPercent: 1,
          volumes: [
            { mount: "C:", device: "", freeBytes: 5, usedPercent: 6 },
            { mount: "D:", device: "", freeBytes: 7, usedPercent: 8 },
          ],
        },
      },
    ]);
    const { series: lines } = await graph(services.clock.now() - hourMs, services.clock.now(), { subject: "D:" });
    expect(lines.map(({ field, value }) => [field, value])).toEqual([
      ["volumes.freeBytes", [7]],
      ["volumes.usedPercent", [8]],
    ]);
  });
  test("of what is not there, or not for this actor, are not found", () => {
    const input = { deviceId, number: 4, from: "2026-03-01T00:00:00Z", to: "2026-03-02T00:00:00Z" };
    expect(getSeries({ ctx: ctx(), input })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(
      getSeries({ ctx: contextFor(services, tenant, { customers: [tenant.second.customerId] }), input: { ...input, number: 3 } }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(getSeries({ ctx: ctx(), input: { ...input, number: 3, to: input.from } })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });
});

test("a provider that keeps samples for a shorter time than others loses its own only", async () => {
  const day = today() - dayMs;
  await ensurePartitions(services);
  await send([{ atMs: day, sample: { loadPercent: 1, volumes: [] } }]);
  await database.unwalled("test", (tx) =>
    tx.sql("update hauswart.provider set settings = '{\"rawSampleDays\": 10}' where provider_id = $1", [tenant.providerId]),
  );
  services.clock.set(day + 4 * dayMs);
  await ensurePartitions(services);
  await rollUp(services);
  await packSamples(services);
  const packedRows = () =>
    database
      .unwalled("test", (tx) => tx.sql<{ device_id: Id }>("select distinct device_id from hauswart.sample_packed"))
      .then((rows) => rows.map(({ device_id }) => device_id));
  const others = (await packedRows()).filter((id) => id !== deviceId);
  await forgetByRetention(services);
  expect(await packedRows()).toContain(deviceId);
  services.clock.set(day + 12 * dayMs);
  await forgetByRetention(services);
  expect((await packedRows()).sort()).toEqual(others.sort());
  expect((await storedHours(day, day + dayMs)).size).toBe(1);
}, 120_000);

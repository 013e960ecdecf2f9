import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { z } from "zod";
import type { Topics } from "../bus/bus.ts";
import type { Context } from "../context.ts";
import { acknowledgeFinding } from "../findings/acknowledge-finding.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import { listFindings } from "../findings/list-findings.ts";
import { refreshDeviceChecks } from "../policies/refresh-device-checks.ts";
import type { CheckRegistry, JudgedCheck } from "../services.ts";
import { isoTime } from "../times.ts";
import { changeDevice } from "./change-device.ts";
import { getDevice } from "./get-device.ts";
import { getOverview } from "./get-overview.ts";
import { listDeviceChecks } from "./list-device-checks.ts";
import { listDeviceTimeline } from "./list-device-timeline.ts";
import { listDevices } from "./list-devices.ts";
import { measureDevice } from "./measure-device.ts";
import { revokeDevice } from "./revoke-device.ts";

const disk = defineCheck({
  id: "disk",
  version: 1,
  description: "Watches disks.",
  promises: [],
  cycle: { everyMinutes: 1 },
  failuresBeforeFinding: 1,
  sample: z.object({
    volumes: list({ mount: subject("Mount point."), kind: fact.text("File system."), freePercent: series.percent("Free space.") }),
  }),
  selection: z.object({}),
  judgement: z.object({ failBelow: setting.percent(5, "Failure.") }),
  findings: { low: { description: "Low.", raises: ["failure"] } },
  onByDefault: true,
});
const words = { title: ({ subject: mount }: { subject: string }) => `Disk ${mount} almost full`, meaning: () => "", advice: () => "" };
const messages = { name: "Disk", description: "", summary: () => "", findings: { low: words }, settings: {}, fields: {} };
const judged = {
  definition: disk,
  judge: ({ sample, settings }: { sample: { volumes: { mount: string; freePercent: number }[] }; settings: { failBelow: number } }) =>
    sample.volumes.map(({ mount, freePercent }) => ({
      code: "low",
      subject: mount,
      state: freePercent < settings.failBelow ? "failure" : "ok",
      evidence: { freePercent },
    })),
  messages: { de: messages, en: messages },
} as unknown as JudgedCheck;
const checks: CheckRegistry = new Map([["disk", judged]]);

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let ctx: Context;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  services = testServices(database, { checks });
  ctx = contextFor(services, tenant);
});

const run = (text: string, values: unknown[]) => database.unwalled("seed of a test", (tx) => tx.sql(text, values));
const list_ = (over: Partial<Parameters<typeof listDevices>[0]["input"]> = {}) =>
  listDevices({ ctx, input: { limit: 100, sort: "name", ...over } });

/** A device with the check; `state` as judged, its evidence so old. */
async function device(
  name: string,
  {
    state = "ok",
    ageMs = 0,
    customer = tenant.first,
    free = 50,
  }: { state?: string; ageMs?: number; customer?: SeededTenant["first"]; free?: number } = {},
): Promise<Id> {
  const deviceId = await seedDevice(database, tenant, customer, name);
  await database.transaction(ctx, (tx) => refreshDeviceChecks(tx, services, { providerId: tenant.providerId, deviceId }));
  const at = isoTime(services.clock.now() - ageMs);
  await run("update hauswart.check_instance set state = $2, unknown_reason = null, state_since = $3 where device_id = $1", [
    deviceId,
    state,
    at,
  ]);
  await run(
    "insert into hauswart.sample_fact (provider_id, device_id, check_number, fact_number, customer_id, first_at, body, hash) values ($1, $2, 0, 1, $3, $4, $5::text::jsonb, 0)",
    [
      tenant.providerId,
      deviceId,
      customer.customerId,
      at,
      JSON.stringify({
        volumes: [
          { mount: "C:", kind: "NTFS" },
          { mount: "D:", kind: "NTFS" },
        ],
      }),
    ],
  );
  await run(
    "update hauswart.device_link set check_numbers = '{7, 0}', evidence_at = array[$2, $2]::timestamptz[], fact_numbers = '{3, 1}', value_counts = '{3, 2}', latest = array[9, 9, 9, $3, 80]::float8[] where device_id = $1",
    [deviceId, at, free],
  );
  return deviceId;
}

const openFinding = (deviceId: Id, customer = tenant.first, volume = "C:") =>
  database.transaction(ctx, (tx) =>
    applyFindingChanges(tx, services, { providerId: tenant.providerId, actor: { kind: "system", id: "judge", name: "judge" } }, [
      {
        kind: "open",
        scope: { customerId: customer.customerId, siteId: customer.siteId, deviceId, check: "disk", checkNumber: 0, instance: "" },
        code: "low",
        subject: volume,
        severity: "failure",
        evidence: { freePercent: 3 },
        atMs: services.clock.now(),
        noticeDueAtMs: null,
      },
    ]),
  );

describe("the list of devices", () => {
  test("pages by name in both directions, each device once, whatever the case of its letters", async () => {
    const wanted = ["alpha", "Beta", "beta", "gamma", "Zeta"];
    for (const name of wanted) await device(name);
    for (const sort of ["name", "-name"] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const { items, next, total } = await list_({ limit: 2, sort, cursor });
        expect(total).toBe(5);
        seen.push(...items.map(({ name }) => name));
        cursor = next ?? undefined;
      } while (cursor !== undefined);
      const lower = seen.map((name) => name.toLowerCase());
      expect(lower).toEqual(
        wanted.map((name) => name.toLowerCase()).sort((a, b) => (sort === "name" ? 1 : -1) * (a < b ? -1 : a > b ? 1 : 0)),
      );
      expect(new Set(seen).size).toBe(5);
    }
  });

  test("a cursor beyond the end still tells the total", async () => {
    await device("a");
    const cursor = Buffer.from(JSON.stringify(["zzz", newId()])).toString("base64url");
    expect(await list_({ cursor })).toEqual({ items: [], next: null, total: 1 });
  });

  test("filters by customer, site, tag, text and state, and by all at once", async () => {
    const [good, bad, old] = [
      await device("till-1"),
      await device("till-2", { state: "failure" }),
      await device("office", { ageMs: 3_600_000 }),
    ];
    const other = await device("till-3", { customer: tenant.second, state: "warning" });
    for (const deviceId of [good, bad]) await changeDevice({ ctx, input: { deviceId, tags: ["till", "till", "x"] } });
    const ids = async (over: Parameters<typeof list_>[0]) => (await list_(over)).items.map(({ deviceId }) => deviceId);
    expect(await ids({ customerId: tenant.second.customerId })).toEqual([other]);
    expect(await ids({ siteId: tenant.first.siteId })).toEqual([old, good, bad]);
    expect(await ids({ tag: "till" })).toEqual([good, bad]);
    expect(await ids({ search: "TILL" })).toEqual([good, bad, other]);
    expect(await ids({ search: "%" })).toEqual([]);
    expect(await ids({ state: "ok" })).toEqual([good]);
    expect(await ids({ state: "warning" })).toEqual([other]);
    expect(await ids({ state: "failure" })).toEqual([bad]);
    expect(await ids({ state: "unknown" })).toEqual([old]);
    expect(await ids({ state: "failure", tag: "till", search: "2", customerId: tenant.first.customerId })).toEqual([bad]);
    expect((await getDevice({ ctx, input: { deviceId: good } })).tags).toEqual(["till", "x"]);
  });

  test("finds each word in name, hostname, tags, customer or site, in any case, and takes signs for what they are", async () => {
    const till = await device("till-1");
    const other = await device("Till_2", { customer: tenant.second });
    await changeDevice({ ctx, input: { deviceId: till, tags: ["Kasse 100%"] } });
    await run("update hauswart.device set hostname = 'pos-7.shop.example' where device_id = $1", [other]);
    const ids = async (search: string) => (await list_({ search })).items.map(({ deviceId }) => deviceId);
    expect(await ids("shop")).toEqual([other]);
    expect(await ids("kasse")).toEqual([till]);
    expect(await ids("SECOND customer")).toEqual([other]);
    expect(await ids("till main")).toEqual([till, other]);
    expect(await ids("till first 100%")).toEqual([till]);
    expect(await ids("l_")).toEqual([other]);
    expect(await ids("till nowhere")).toEqual([]);
    expect(await ids("   ")).toHaveLength(2);
    const restricted = contextFor(services, tenant, { customers: [tenant.first.customerId] });
    expect((await listDevices({ ctx: restricted, input: { limit: 10, sort: "name", search: "customer" } })).total).toBe(1);
  });

  test("pages through what a filter leaves, whatever the filter", async () => {
    for (let index = 0; index < 7; index++) await device(`till-${index}`, { state: index % 2 === 0 ? "failure" : "ok" });
    for (const filter of [{ state: "failure" }, { search: "till" }, { customerId: tenant.first.customerId }] as const) {
      for (const sort of ["name", "-name"] as const) {
        const whole = (await list_({ ...filter, sort })).items.map(({ name }) => name);
        const seen: string[] = [];
        for (let cursor: string | undefined, rounds = 0; rounds < 9; rounds++) {
          const page = await list_({ ...filter, sort, limit: 2, cursor });
          expect(page.total).toBe(whole.length);
          seen.push(...page.items.map(({ name }) => name));
          if (page.next === null) break;
          cursor = page.next;
        }
        expect(seen).toEqual(whole);
      }
    }
  });

  test("evidence that gets old turns a good device unknown, without anybody writing anything", async () => {
    await device("a");
    expect((await list_()).items[0]).toMatchObject({ state: "ok", checks: { ok: 1, unknown: 0 } });
    services.clock.advance(240_000);
    expect((await list_()).items[0]).toMatchObject({ state: "unknown", checks: { ok: 0, unknown: 1 } });
  });
});

describe("the checks of a device", () => {
  test("name every subject of the newest sample, the good ones too, by the thresholds that hold now", async () => {
    const deviceId = await device("a", { state: "failure", free: 3 });
    const { items } = await listDeviceChecks({ ctx, input: { deviceId, limit: 10 } });
    expect(items).toMatchObject([
      {
        number: 0,
        check: "disk",
        instance: "",
        state: "failure",
        unknownReason: null,
        evidenceAt: isoTime(services.clock.now()),
        freshForSeconds: 240,
        subjects: [
          { code: "low", subject: "C:", state: "failure", evidence: { freePercent: 3 } },
          { code: "low", subject: "D:", state: "ok", evidence: { freePercent: 80 } },
        ],
      },
    ]);
  });

  test("that are unknown call nothing good, but show what was last known and when", async () => {
    const deviceId = await device("a", { ageMs: 240_000 });
    const { items } = await listDeviceChecks({ ctx, input: { deviceId, limit: 10 } });
    expect(items[0]).toMatchObject({
      state: "unknown",
      unknownReason: "device-absent",
      evidenceAt: isoTime(services.clock.now() - 240_000),
      since: isoTime(services.clock.now()),
    });
    expect(items[0]!.subjects.map(({ subject: mount, state }) => [mount, state])).toEqual([
      ["C:", "unknown"],
      ["D:", "unknown"],
    ]);
  });

  test("page by their id", async () => {
    const deviceId = await device("a");
    await run(
      "insert into hauswart.check_instance (provider_id, customer_id, device_id, number, check_id, instance, every_seconds) select $1::uuid, $2::uuid, $3::uuid, i, 'web', 'site-' || i, 60 from generate_series(1, 4) i",
      [tenant.providerId, tenant.first.customerId, deviceId],
    );
    const first = await listDeviceChecks({ ctx, input: { deviceId, limit: 3 } });
    const second = await listDeviceChecks({ ctx, input: { deviceId, limit: 3, cursor: first.next! } });
    expect([...first.items, ...second.items].map(({ check, instance }) => `${check} ${instance}`)).toEqual([
      "disk ",
      "web site-1",
      "web site-2",
      "web site-3",
      "web site-4",
    ]);
    expect(second.next).toBeNull();
  });
});

describe("a device", () => {
  test("is renamed and moved within its customer, and not beyond", async () => {
    const deviceId = await device("a");
    const siteId = newId();
    await run("insert into hauswart.site (provider_id, site_id, customer_id, name) values ($1, $2, $3, 'Annex')", [
      tenant.providerId,
      siteId,
      tenant.first.customerId,
    ]);
    expect(await changeDevice({ ctx, input: { deviceId, name: "b", siteId, role: "workstation" } })).toMatchObject({
      name: "b",
      siteName: "Annex",
      role: "workstation",
    });
    expect(await codeOf(changeDevice({ ctx, input: { deviceId, siteId: tenant.second.siteId } }))).toBe("INVALID_REQUEST");
    expect(await codeOf(changeDevice({ ctx, input: { deviceId, siteId: newId() } }))).toBe("NOT_FOUND");
  });

  test("takes tags on and off without a word of those that it has besides", async () => {
    const deviceId = await device("a");
    await changeDevice({ ctx, input: { deviceId, tags: ["till", "old"] } });
    // Both began from the same two.
    await Promise.all([
      changeDevice({ ctx, input: { deviceId, addTags: ["mine"], removeTags: ["old"] } }),
      changeDevice({ ctx, input: { deviceId, addTags: ["theirs", "till"] } }),
    ]);
    expect((await getDevice({ ctx, input: { deviceId } })).tags).toEqual(["mine", "theirs", "till"]);
    const many = Array.from({ length: 48 }, (_, index) => `tag-${index}`);
    expect(await codeOf(changeDevice({ ctx, input: { deviceId, addTags: many } }))).toBe("INVALID_REQUEST");
  });

  test("is listed by state, customer and presence as well, page by page, with and without a filter", async () => {
    const broken = await device("broken", { state: "failure" });
    await device("fine");
    await device("warned", { state: "warning", customer: tenant.second });
    const away = await device("away");
    for (const [deviceId, days] of [
      [away, 8],
      [broken, 1],
    ] as const)
      await run(
        "update hauswart.device_link set connected_at = n.at, disconnected_at = n.at, last_seen_at = n.at from (select now() - $2 * interval '1 day' as at) n where device_id = $1",
        [deviceId, days],
      );
    const sorts = ["state", "-state", "customer", "-customer", "presence", "-presence"] as const;
    for (const sort of sorts)
      for (const filter of [{}, { state: "ok" as const }, { search: "a" }]) {
        const whole = (await list_({ sort, ...filter })).items.map(({ name }) => name);
        const paged: string[] = [];
        let cursor: string | undefined;
        do {
          const { items, next, total } = await list_({ sort, ...filter, limit: 1, cursor });
          expect(total).toBe(whole.length);
          paged.push(...items.map(({ name }) => name));
          cursor = next ?? undefined;
        } while (cursor !== undefined);
        expect(paged).toEqual(whole);
        expect((await list_({ sort: "name", ...filter })).items.map(({ name }) => name).sort()).toEqual(whole.sort());
      }
    const first = async (sort: (typeof sorts)[number]) => (await list_({ sort })).items.map(({ name }) => name);
    expect((await first("state")).slice(0, 2)).toEqual(["broken", "warned"]);
    expect((await first("-state")).slice(-2)).toEqual(["warned", "broken"]);
    expect(await first("-customer")).toEqual((await first("customer")).reverse());
    expect(await first("presence")).toEqual(["fine", "warned", "away", "broken"]);
    expect(await codeOf(list_({ sort: "state", cursor: "WyJ4Il0" }))).toBe("INVALID_REQUEST");
  });

  test("that is revoked leaves the list and closes what was open; its connection is ended, its history stays", async () => {
    const deviceId = await device("a");
    await openFinding(deviceId);
    const heard: Topics["device-disconnect"][] = [];
    services.bus.subscribe("device-disconnect", (message) => void heard.push(message));
    await revokeDevice({ ctx, input: { deviceId } });
    await revokeDevice({ ctx, input: { deviceId } });
    expect(heard).toEqual([{ providerId: tenant.providerId, deviceId, code: "DEVICE_REVOKED" }]);
    expect([(await list_()).total, (await getDevice({ ctx, input: { deviceId } })).lifecycle]).toEqual([0, "revoked"]);
    const removed = await list_({ show: "removed", search: "a" });
    expect([removed.total, removed.items.map((one) => one.deviceId)]).toEqual([1, [deviceId]]);
    expect((await listFindings({ ctx, input: { state: "closed", order: "newest", limit: 10 } })).items).toHaveLength(1);
    expect((await listDeviceTimeline({ ctx, input: { deviceId, limit: 10 } })).items.map(({ kind }) => kind).sort()).toEqual([
      "finding-closed",
      "finding-opened",
      "revoked",
    ]);
  });

  test("is asked to measure when it is connected, and says so", async () => {
    const deviceId = await device("a");
    const heard: Topics["device-measure"][] = [];
    services.bus.subscribe("device-measure", (message) => void heard.push(message));
    expect(await measureDevice({ ctx, input: { deviceId, checks: [0] } })).toEqual({ delivered: false });
    const now = isoTime(services.clock.now());
    await run("insert into hauswart.server_process (process_id, started_at, alive_at) values ($1, $2, $2)", [services.processId, now]);
    await run("update hauswart.device_link set connected_at = $2, last_seen_at = $2, process_id = $3 where device_id = $1", [
      deviceId,
      now,
      services.processId,
    ]);
    expect(await measureDevice({ ctx, input: { deviceId, checks: [0] } })).toEqual({ delivered: true });
    expect(heard).toEqual([{ providerId: tenant.providerId, deviceId, checks: [0] }]);
  });
});

test("the timeline tells in words what happened, newest first and page by page; who did it only to readers of the audit log", async () => {
  const deviceId = await device("a");
  await openFinding(deviceId);
  services.clock.advance(1_000);
  await changeDevice({ ctx, input: { deviceId, name: "b" } });
  services.clock.advance(1_000);
  const findingId = (await listFindings({ ctx, input: { state: "current", order: "newest", limit: 1 } })).items[0]!.findingId;
  await acknowledgeFinding({ ctx, input: { findingId, note: "on it" } });
  const first = await listDeviceTimeline({ ctx, input: { deviceId, limit: 2 } });
  const second = await listDeviceTimeline({ ctx, input: { deviceId, limit: 2, cursor: first.next! } });
  expect([...first.items, ...second.items].map(({ kind, text }) => [kind, text])).toEqual([
    ["finding-acknowledged", "Finding acknowledged: Disk C: almost full"],
    ["changed", "Changed"],
    ["finding-opened", "Finding: Disk C: almost full"],
  ]);
  const reader = { ...ctx, scopes: new Set(["devices:read"] as const) };
  expect((await listDeviceTimeline({ ctx: reader, input: { deviceId, limit: 10 } })).items.map(({ kind }) => kind)).toEqual([
    "finding-acknowledged",
    "finding-opened",
  ]);
});

describe("the overview", () => {
  test("counts what is measured, and names what is broken, unknown and changed", async () => {
    const [good, bad] = [await device("good"), await device("bad", { state: "failure" })];
    const old = await device("old", { ageMs: 3_600_000, customer: tenant.second });
    const bare = await seedDevice(database, tenant, tenant.second, "bare");
    await openFinding(bad);
    await openFinding(bad, tenant.first, "D:");
    await openFinding(good);
    await acknowledgeFinding({
      ctx,
      input: {
        findingId: (await listFindings({ ctx, input: { state: "current", order: "newest", limit: 10, deviceId: good } })).items[0]!
          .findingId,
        note: "",
      },
    });
    const overview = await getOverview({ ctx, input: {} });
    expect(overview.devices).toEqual({
      total: 4,
      measured: 2,
      notMeasured: 2,
      byState: { ok: 1, warning: 0, failure: 1, unknown: 2 },
      present: 0,
    });
    expect(overview.findings).toEqual({ warning: 0, failure: 2, acknowledged: 1, held: { maintenance: 0, cause: 0 } });
    expect(overview.broken).toEqual([
      {
        customerId: tenant.first.customerId,
        customerName: "First Customer",
        warning: 0,
        failure: 2,
        affectedDevices: 1,
        oldestOpenedAt: isoTime(services.clock.now()),
      },
    ]);
    expect(overview.unknown.map(({ deviceId, reason, checks: count }) => [deviceId, reason, count])).toEqual([
      [old, "never-connected", 1],
      [bare, "never-connected", 0],
    ]);
    expect(overview.changed).toHaveLength(3);
    expect((await getOverview({ ctx, input: { customerId: tenant.second.customerId } })).devices.total).toBe(2);
    expect((await getOverview({ ctx, input: { since: isoTime(services.clock.now() + 1) } })).changed).toEqual([]);
  });

  test("counts all devices of which something is not known, though it names the first hundred", async () => {
    for (let number = 0; number < 103; number++) await seedDevice(database, tenant, tenant.first, `silent ${number}`);
    const overview = await getOverview({ ctx, input: {} });
    expect([overview.unknown.length, overview.unknownTotal]).toEqual([100, 103]);
  });

  test("of an actor who may not read findings is refused, not prettier", async () => {
    expect(await codeOf(getOverview({ ctx: { ...ctx, scopes: new Set(["devices:read"] as const) }, input: {} }))).toBe("FORBIDDEN");
  });

  test("of a restricted actor counts the own customer only, and says nothing of the server's disk", async () => {
    await device("own");
    await device("other", { customer: tenant.second });
    const overview = await getOverview({ ctx: { ...ctx, customers: [tenant.first.customerId] }, input: {} });
    expect([overview.devices.total, overview.server.diskFreeBytes]).toEqual([1, null]);
  });
});

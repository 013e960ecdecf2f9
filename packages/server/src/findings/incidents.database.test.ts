/** The daily work with findings: by incident, what changed, what was promised, and notes. */
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import type { Context } from "../context.ts";
import { listDevices } from "../devices/list-devices.ts";
import { getOverview } from "../devices/get-overview.ts";
import { isoTime } from "../times.ts";
import { acknowledgeFinding } from "./acknowledge-finding.ts";
import { addFindingNote } from "./add-finding-note.ts";
import { applyFindingChanges } from "./apply.ts";
import { getFinding } from "./get-finding.ts";
import { listFindings } from "./list-findings.ts";

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let ctx: Context;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  services = testServices(database);
  ctx = contextFor(services, tenant, { actor: { kind: "technician", id: newId(), name: "Technician", sessionId: newId() } });
});

/** Opens a finding a minute after the one before; named by its subject. */
async function open(deviceId: Id | null, subject: string, about: { check?: string; code?: string; severity?: "warning" | "failure" } = {}) {
  services.clock.advance(60_000);
  const { check = "disk-space", code = "low", severity = "warning" } = about;
  const { customerId, siteId } = tenant.first;
  return database.transaction(ctx, async (tx) => {
    const [effect] = await applyFindingChanges(
      tx,
      services,
      { providerId: tenant.providerId, actor: { kind: "system", id: "judge", name: "judge" } },
      [
        {
          kind: "open",
          scope: { customerId, siteId, deviceId, check, checkNumber: null, instance: "" },
          code,
          subject,
          severity,
          evidence: {},
          atMs: services.clock.now(),
          noticeDueAtMs: null,
        },
      ],
    );
    return effect!.findingId;
  });
}

const list = async (over: Partial<Parameters<typeof listFindings>[0]["input"]> = {}) =>
  listFindings({ ctx, input: { state: "current", order: "incident", limit: 100, ...over } });
const subjects = async (over: Parameters<typeof list>[0] = {}) => (await list(over)).items.map(({ subject }) => subject);

test("findings of a device stand together, its silence first, and pages neither repeat nor hide any", async () => {
  const [one, other] = [await seedDevice(database, tenant, tenant.first, "one"), await seedDevice(database, tenant, tenant.first, "other")];
  await open(one, "one: old warning");
  await open(one, "one: old failure", { severity: "failure" });
  await open(other, "other: warning");
  await open(null, "without a device");
  await open(one, "one: silence", { check: "device", code: "silent", severity: "failure" });
  await open(other, "other: newest", { severity: "warning" });
  const expected = ["other: newest", "other: warning", "one: silence", "one: old failure", "one: old warning", "without a device"];
  expect(await subjects()).toEqual(expected);
  const paged: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 1, cursor });
    paged.push(...page.items.map(({ subject }) => subject));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  expect(paged).toEqual(expected);
  expect(await codeOf(list({ cursor: Buffer.from('["x"]').toString("base64url") }))).toBe("INVALID_REQUEST");
});

test("what changed since then, whatever its state", async () => {
  const deviceId = await seedDevice(database, tenant, tenant.first);
  await open(deviceId, "before");
  services.clock.advance(60_000);
  const since = isoTime(services.clock.now());
  await open(deviceId, "after");
  expect(await subjects({ state: "all", order: "newest", changedSince: since })).toEqual(["after"]);
  expect((await getOverview({ ctx, input: { since } })).changed.map(({ subject }) => subject)).toEqual(["after"]);
});

test("promised for today is what is acknowledged until before midnight, and the list shows exactly that", async () => {
  const deviceId = await seedDevice(database, tenant, tenant.first);
  const findings = [];
  for (const subject of ["today", "tomorrow", "open end"]) findings.push(await open(deviceId, subject));
  const [today, tomorrow, openEnd] = findings as [Id, Id, Id];
  const { until } = (await getOverview({ ctx, input: {} })).promised;
  const midnightMs = Date.parse(until);
  expect(midnightMs - services.clock.now()).toBeGreaterThan(0);
  expect(midnightMs - services.clock.now()).toBeLessThanOrEqual(25 * 3_600_000);
  await acknowledgeFinding({ ctx, input: { findingId: today, note: "", until } });
  await acknowledgeFinding({ ctx, input: { findingId: tomorrow, note: "", until: isoTime(midnightMs + 1_000) } });
  await acknowledgeFinding({ ctx, input: { findingId: openEnd, note: "" } });
  const { promised } = await getOverview({ ctx, input: {} });
  expect(promised).toMatchObject({ until, total: 1, findings: [{ findingId: today }] });
  expect(await subjects({ state: "acknowledged", acknowledgedUntil: until })).toEqual(["today"]);
});

test("a note stands in the history, with its author, and changes nothing else", async () => {
  const deviceId = await seedDevice(database, tenant, tenant.first);
  const findingId = await open(deviceId, "C:");
  const before = await getFinding({ ctx, input: { findingId } });
  await addFindingNote({ ctx, input: { findingId, note: "Disk is ordered" } });
  const { events, ...after } = await getFinding({ ctx, input: { findingId } });
  expect(events.at(-1)).toMatchObject({ kind: "noted", actor: "Technician", note: "Disk is ordered" });
  expect(after).toMatchObject({ state: before.state, changedAt: before.changedAt, acknowledgement: null });
  expect(await codeOf(addFindingNote({ ctx, input: { findingId: newId(), note: "x" } }))).toBe("NOT_FOUND");
});

test("devices with open findings are those that somebody has to look at", async () => {
  const [ill, known] = [await seedDevice(database, tenant, tenant.first, "ill"), await seedDevice(database, tenant, tenant.first, "known")];
  await seedDevice(database, tenant, tenant.first, "well");
  await open(ill, "C:");
  await acknowledgeFinding({ ctx, input: { findingId: await open(known, "C:"), note: "" } });
  const names = async (show: "open-findings" | "not-measured" | "unknown-checks") =>
    (await listDevices({ ctx, input: { limit: 100, sort: "name", show } })).items.map(({ name }) => name);
  expect(await names("open-findings")).toEqual(["ill"]);
  // None of them was ever measured.
  expect(await names("not-measured")).toEqual(["ill", "known", "well"]);
  expect(await names("unknown-checks")).toEqual(["ill", "known", "well"]);
});

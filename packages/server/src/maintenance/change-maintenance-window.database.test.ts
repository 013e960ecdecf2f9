/** An edited window: what runs keeps its end, what was ended stays so, new times hold from the next time on. */
import { NewMaintenanceWindow } from "@hauswart/protocol/api/maintenance.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { listAudit } from "../audit/list-audit.ts";
import type { Context } from "../context.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import { listFindings } from "../findings/list-findings.ts";
import { sweepHolds } from "../findings/release-holds.ts";
import { cancelMaintenanceWindow } from "./cancel-maintenance-window.ts";
import { changeMaintenanceWindow } from "./change-maintenance-window.ts";
import { createMaintenanceWindow } from "./create-maintenance-window.ts";
import { endMaintenance } from "./end-maintenance.ts";
import { listMaintenanceWindows } from "./list-maintenance-windows.ts";
import { planMaintenance } from "./occurrences.ts";

setDefaultTimeout(60_000);

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
  at("2026-11-24T19:00:00Z");
});

const at = (moment: string) => services.clock.set(Date.parse(moment));
/** Tuesdays, in UTC. */
const tuesdays = (from: string, minutes: number) => ({
  startsAtLocal: `2026-11-24T${from}`,
  minutes,
  timeZone: "UTC",
  repeat: { kind: "weekly" as const, every: 1, weekdays: [2 as const] },
  until: null,
});
const once = (from: string, minutes: number) => ({ ...tuesdays(from, minutes), repeat: null });
const plan = (when: NewMaintenanceWindow["when"], afterEnd: NewMaintenanceWindow["afterEnd"] = "tell") =>
  createMaintenanceWindow({
    ctx,
    input: NewMaintenanceWindow.parse({ scope: "site", scopeId: tenant.first.siteId, name: "Patch night", when, afterEnd }),
  });
type Change = Parameters<typeof changeMaintenanceWindow>[0]["input"];
/** From revision 1 unless it says otherwise. */
const change = (maintenanceWindowId: string, more: Partial<Change>) =>
  changeMaintenanceWindow({ ctx, input: { maintenanceWindowId, revision: 1, ...more } });
/** As it stands after the chore that works times out ahead. */
async function standing(maintenanceWindowId: string) {
  await planMaintenance(services);
  const { items } = await listMaintenanceWindows({ ctx, input: { limit: 10, state: "all" } });
  const { state, current, next } = items.find((one) => one.maintenanceWindowId === maintenanceWindowId)!;
  return { state, until: current?.endsAt ?? null, next: next?.startsAt ?? null };
}

test("what runs keeps its end, and new times hold from the next time on", async () => {
  const { maintenanceWindowId } = await plan({ kind: "planned", schedule: tuesdays("20:00", 120) });
  at("2026-11-24T21:00:00Z");
  const changed = await change(maintenanceWindowId, { schedule: tuesdays("19:30", 240) });
  expect(changed).toMatchObject({ state: "open", schedule: { startsAtLocal: "2026-11-24T19:30", minutes: 240 } });
  expect(await standing(maintenanceWindowId)).toEqual({
    state: "open",
    until: "2026-11-24T22:00:00.000Z",
    next: "2026-12-01T19:30:00.000Z",
  });
  at("2026-11-24T22:00:00Z");
  expect(await standing(maintenanceWindowId)).toMatchObject({ state: "planned", until: null });
  at("2026-12-01T20:00:00Z");
  expect(await standing(maintenanceWindowId)).toMatchObject({ state: "open", until: "2026-12-01T23:30:00.000Z" });
});

test("one that is not running opens by no change of its times", async () => {
  const { maintenanceWindowId } = await plan({ kind: "planned", schedule: tuesdays("22:00", 60) });
  at("2026-11-24T21:00:00Z");
  await change(maintenanceWindowId, { schedule: tuesdays("20:30", 180) });
  expect(await standing(maintenanceWindowId)).toEqual({ state: "planned", until: null, next: "2026-12-01T20:30:00.000Z" });
});

test.each([
  ["planned", { kind: "planned", schedule: tuesdays("20:00", 120) }],
  ["once", { kind: "planned", schedule: once("20:00", 120) }],
  ["at once", { kind: "now", minutes: 120 }],
] as const)("one that was ended early stays so: %s", async (_, when) => {
  at("2026-11-24T20:00:30Z");
  const { maintenanceWindowId, schedule } = await plan(when);
  services.clock.advance(30 * 60_000);
  await endMaintenance({ ctx, input: { maintenanceWindowId } });
  await change(maintenanceWindowId, { schedule: { ...schedule, minutes: 300 } });
  expect(await standing(maintenanceWindowId)).toMatchObject({ until: null });
});

test("one that was begun at once keeps its end", async () => {
  at("2026-11-24T20:00:30Z");
  const { maintenanceWindowId, schedule } = await plan({ kind: "now", minutes: 60 });
  await change(maintenanceWindowId, { schedule: { ...schedule, minutes: 300 } });
  expect(await standing(maintenanceWindowId)).toMatchObject({ state: "open", until: "2026-11-24T21:00:30.000Z" });
});

test("one that is planned while its time runs is open at once", async () => {
  at("2026-11-24T21:00:00Z");
  const { maintenanceWindowId } = await plan({ kind: "planned", schedule: tuesdays("20:00", 120) });
  expect(await standing(maintenanceWindowId)).toMatchObject({ state: "open", until: "2026-11-24T22:00:00.000Z" });
});

test("what it kept is told as soon as no window that tells holds it", async () => {
  const deviceId = await seedDevice(database, tenant, tenant.first);
  const { maintenanceWindowId } = await plan({ kind: "planned", schedule: tuesdays("20:00", 120) }, "keep");
  const open = async (subject: string) => {
    const scope = { ...tenant.first, deviceId, check: "tank", checkNumber: null, instance: "" };
    const about = { scope, code: "full", subject, atMs: services.clock.now(), evidence: {} };
    await database.transaction(ctx, (tx) =>
      applyFindingChanges(tx, services, { providerId: ctx.providerId, actor: { kind: "system", id: "test", name: "test" } }, [
        { kind: "open", ...about, severity: "warning", noticeDueAtMs: null },
      ]),
    );
  };
  const heldUntil = async () => {
    await sweepHolds(services);
    const { items } = await listFindings({ ctx, input: { state: "current", order: "newest", limit: 10 } });
    return Object.fromEntries(items.map(({ subject, hold }) => [subject, hold ? hold.until : "told"]));
  };
  at("2026-11-24T21:00:00Z");
  await open("of last week");
  at("2026-12-01T21:00:00Z");
  await planMaintenance(services);
  await open("of now");
  expect(await heldUntil()).toEqual({ "of last week": null, "of now": null });
  await change(maintenanceWindowId, { afterEnd: "tell" });
  // The old one is covered by the window that is open just now.
  expect(await heldUntil()).toEqual({ "of last week": "2026-12-01T22:15:00.000Z", "of now": "2026-12-01T22:15:00.000Z" });
  at("2026-12-01T22:15:00Z");
  expect(await heldUntil()).toEqual({ "of last week": "told", "of now": "told" });
});

test("name, grace and what happens afterwards change alone; the change stands in the audit log; what is cancelled or was changed meanwhile is refused", async () => {
  const { maintenanceWindowId, revision } = await plan({ kind: "planned", schedule: tuesdays("20:00", 120) });
  const changed = await change(maintenanceWindowId, { revision, name: "Backup night", graceMinutes: 30, afterEnd: "keep" });
  expect(changed).toMatchObject({ name: "Backup night", graceMinutes: 30, afterEnd: "keep", schedule: tuesdays("20:00", 120) });
  expect(changed.revision).toBe(revision + 1);
  expect(await standing(maintenanceWindowId)).toMatchObject({ next: "2026-11-24T20:00:00.000Z" });
  const { items } = await listAudit({ ctx, input: { limit: 1 } });
  expect(items[0]).toMatchObject({
    action: "maintenance-window.change",
    detail: { before: { name: "Patch night" }, change: { name: "Backup night", graceMinutes: 30 } },
  });
  expect(await codeOf(change(maintenanceWindowId, { revision, name: "x" }))).toBe("CONFLICT");
  await cancelMaintenanceWindow({ ctx, input: { maintenanceWindowId } });
  expect(await codeOf(change(maintenanceWindowId, { revision: 2, name: "x" }))).toBe("CONFLICT");
});

/** ALM-3: which contacts are due, and from when their time runs. */
import { NewContact } from "@hauswart/protocol/api/contacts.ts";
import { NewMaintenanceWindow } from "@hauswart/protocol/api/maintenance.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { seedDevice } from "@hauswart/testkit/seed.ts";
import { beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { FindingChange } from "../findings/finding-change.ts";
import { sweepHolds } from "../findings/release-holds.ts";
import { sweepFindings } from "../findings/sweep-findings.ts";
import { createMaintenanceWindow } from "../maintenance/create-maintenance-window.ts";
import { changeCustomerTerms } from "../tenancy/change-customer-terms.ts";
import { isoTime } from "../times.ts";
import { listDueContacts } from "./list-due-contacts.ts";
import { recordContact } from "./record-contact.ts";

setDefaultTimeout(60_000);
const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Tuesday 10 March 2026, 09:00 in Berlin: the whole service day lies ahead. */
const tuesdayMorning = Date.UTC(2026, 2, 10, 8);
const stage = routingStage();
const terms = (change: object) =>
  changeCustomerTerms({ ctx: stage.ctx(), input: { customerId: stage.tenant.first.customerId, ...change } });
const list = () => listDueContacts({ ctx: stage.ctx(), input: {} });
const due = async () => (await list()).items.map(({ findingId, dueAt, isOverdue }) => ({ findingId, dueAt, isOverdue }));
const now = () => stage.services.clock.now();
const inAnHour = () => isoTime(now() + 60 * minuteMs);
const after = async (minutes: number) => {
  stage.services.clock.advance(minutes * minuteMs);
  await sweepFindings(stage.services);
  await sweepHolds(stage.services);
};
const open = async (more: Partial<FindingChange> = {}): Promise<Id> =>
  (await stage.apply(stage.change("open", "fault", more)))[0]!.findingId;
const numbered = (kind: "open" | "close", group: string, count: number) =>
  Array.from({ length: count }, (_, index) => stage.change(kind, "fault", { subject: `${group} ${index}` }));

beforeEach(async () => {
  stage.services.clock.set(tuesdayMorning);
  await terms({ contactWithinMinutes: 60 });
});

describe("ALM-3 the list of due contacts", () => {
  test("is not crowded out by what was over in time, nor by missed promises; and says when more is due than it names", async () => {
    await stage.apply(...numbered("open", "short", 501));
    await after(1);
    await stage.apply(...numbered("close", "short", 501));
    const waiting = await open();
    expect(await list()).toMatchObject({ items: [{ findingId: waiting }], isCut: false });
    await stage.apply(...numbered("open", "missed", 501));
    await after(3 * 60);
    await stage.apply(...numbered("close", "missed", 501));
    const newest = await open({ subject: "newest" });
    const cut = await list();
    expect(cut.items.filter(({ findingOpen }) => findingOpen).map(({ findingId }) => findingId)).toEqual([waiting, newest]);
    expect([cut.items.length, cut.isCut]).toEqual([500, true]);
  });

  test("has the cause of an outage, and nothing that it explains", async () => {
    const { customerId, siteId } = stage.tenant.first;
    const scope = { customerId, siteId, deviceId: null, check: "site", checkNumber: null, instance: siteId };
    const [cause] = await stage.apply(stage.change("open", "offline", { scope }));
    for (let server = 0; server < 3; server++) {
      const deviceId = await seedDevice(stage.database, stage.tenant, stage.tenant.first, `SRV-${server}`);
      await stage.apply(stage.change("open", "silent", { scope: { ...scope, deviceId, check: "device", instance: "" } }));
    }
    expect((await due()).map(({ findingId }) => findingId)).toEqual([cause!.findingId]);
  });
});

describe("ALM-3 the promise is kept", () => {
  const spokeTo = (findingId: Id, atMs: number) =>
    recordContact({
      ctx: stage.ctx(),
      input: { findingId, ...NewContact.parse({ channel: "telephone", partner: "Erika Muster", at: isoTime(atMs) }) },
    });

  test("for a warning that became a failure by a word about the failure alone", async () => {
    const findingId = await open({ severity: "warning" });
    await spokeTo(findingId, now());
    stage.services.clock.advance(7 * dayMs + minuteMs / 2);
    await stage.apply(stage.change("open", "fault"));
    expect(await due()).toEqual([{ findingId, dueAt: inAnHour(), isOverdue: false }]);
    await terms({ contactFrom: "warning" });
    expect(await due()).toEqual([]);
    await terms({ contactFrom: "failure" });
    // Written down to the minute.
    await spokeTo(findingId, now() - minuteMs / 2);
    expect(await due()).toEqual([]);
  });

  test("by a customer who rang up before we knew", async () => {
    const findingId = await open();
    await spokeTo(findingId, now() - 10 * minuteMs);
    expect(await due()).toEqual([]);
  });
});

describe("ALM-3 the time of a first contact runs", () => {
  const begin = (minutes: number) =>
    createMaintenanceWindow({
      ctx: stage.ctx(),
      input: NewMaintenanceWindow.parse({
        scope: "device",
        scopeId: stage.deviceId,
        name: "Patches",
        when: { kind: "now", minutes },
        graceMinutes: 0,
      }),
    });

  test("from the end of the maintenance that held the alarm back", async () => {
    await begin(120);
    const findingId = await open();
    await after(119);
    expect(await due()).toEqual([]);
    await after(1);
    expect(await due()).toEqual([{ findingId, dueAt: inAnHour(), isOverdue: false }]);
  });

  test("from the change, where a warning becomes a failure", async () => {
    const findingId = await open({ severity: "warning" });
    stage.services.clock.advance(7 * dayMs);
    expect(await due()).toEqual([]);
    await stage.apply(stage.change("open", "fault"));
    const dueAt = inAnHour();
    expect(await due()).toEqual([{ findingId, dueAt, isOverdue: false }]);
    await terms({ contactFrom: "warning" });
    expect(await due()).toEqual([{ findingId, dueAt: isoTime(tuesdayMorning + 60 * minuteMs), isOverdue: true }]);
    await terms({ contactFrom: "failure" });
    await after(30);
    for (const severity of ["warning", "failure"]) await stage.apply(stage.change("open", "fault", { severity } as Partial<FindingChange>));
    expect(await due()).toEqual([{ findingId, dueAt, isOverdue: false }]);
  });

  test("from the end of the maintenance in which a known warning became a failure", async () => {
    const findingId = await open({ severity: "warning" });
    await after(1);
    await begin(60);
    await stage.apply(stage.change("open", "fault"));
    await after(59);
    expect(await due()).toEqual([]);
    await after(1);
    expect(await due()).toEqual([{ findingId, dueAt: inAnHour(), isOverdue: false }]);
  });

  test("from when late evidence is told", async () => {
    const findingId = await open({ atMs: now() - dayMs, noticeDueAtMs: now() + 10 * minuteMs });
    expect(await due()).toEqual([]);
    await after(10);
    expect(await due()).toEqual([{ findingId, dueAt: inAnHour(), isOverdue: false }]);
  });
});

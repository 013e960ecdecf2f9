/** Maintenance windows: what is found in them is recorded and told to nobody, and what outlives them reaches somebody. */
import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { NewMaintenanceWindow } from "@hauswart/protocol/api/maintenance.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import type { Context } from "../context.ts";
import { changeDevice } from "../devices/change-device.ts";
import { getDevice } from "../devices/get-device.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import { getFinding } from "../findings/get-finding.ts";
import { listFindings } from "../findings/list-findings.ts";
import { sweepHolds } from "../findings/release-holds.ts";
import { listSites } from "../tenancy/list-sites.ts";
import { cancelMaintenanceWindow } from "./cancel-maintenance-window.ts";
import { createMaintenanceWindow } from "./create-maintenance-window.ts";
import { endMaintenance } from "./end-maintenance.ts";
import { listMaintenanceWindows } from "./list-maintenance-windows.ts";
import { planMaintenance } from "./occurrences.ts";

setDefaultTimeout(120_000);

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let ctx: Context;
let deviceId: Id;
const minute = 60_000;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  services = testServices(database);
  ctx = contextFor(services, tenant, { actor: { kind: "technician", id: newId(), name: "Technician", sessionId: newId() } });
  deviceId = await seedDevice(database, tenant, tenant.first);
});

const begin = (over: Partial<NewMaintenanceWindow> = {}) =>
  createMaintenanceWindow({
    ctx,
    input: NewMaintenanceWindow.parse({
      scope: "device",
      scopeId: deviceId,
      name: "New disk",
      when: { kind: "now", minutes: 120 },
      ...over,
    }),
  });
async function apply(kind: "open" | "close" | "worse", about: { device?: Id; beganAtMs?: number } = {}): Promise<Id | undefined> {
  const { customerId, siteId } = tenant.first;
  const scope = { customerId, siteId, deviceId: about.device ?? deviceId, check: "tank", checkNumber: null, instance: "" };
  const common = { scope, code: "full", subject: "A", atMs: services.clock.now(), evidence: {} };
  const effects = await database.ingest({ providerId: tenant.providerId, customers: "*" }, (tx) =>
    applyFindingChanges(tx, services, { providerId: tenant.providerId, actor: { kind: "system", id: "test", name: "test" } }, [
      kind === "close"
        ? { kind, ...common, reason: "recovered" }
        : kind === "worse"
          ? { kind: "change", ...common, severity: "failure" }
          : {
              kind,
              ...common,
              severity: "warning",
              noticeDueAtMs: null,
              ...(about.beganAtMs === undefined ? {} : { beganAtMs: about.beganAtMs }),
            },
    ]),
  );
  return effects[0]?.findingId;
}
const notices = async () =>
  (
    await database.transaction(ctx, (tx) => tx.sql<{ kind: string }>("select kind from hauswart.finding_notice order by finding_notice_id"))
  ).map(({ kind }) => kind);
const after = (minutes: number) => {
  services.clock.advance(minutes * minute);
  return sweepHolds(services);
};
const held = async () => (await listFindings({ ctx, input: { state: "all", order: "newest", limit: 100, hold: "maintenance" } })).items;

describe("in a maintenance window", () => {
  test("what is found is recorded with who holds it back and until when; what is over by its end is told to nobody and stays listed", async () => {
    const window = await begin();
    expect(window).toMatchObject({ state: "open", scopeName: expect.any(String), createdBy: "Technician" });
    services.clock.advance(10 * minute);
    const findingId = (await apply("open"))!;
    const found = await getFinding({ ctx, input: { findingId } });
    expect(found).toMatchObject({
      state: "open",
      hold: {
        kind: "maintenance",
        windowName: "New disk",
        until: new Date(Date.parse(window.current!.endsAt) + 15 * minute).toISOString(),
      },
    });
    expect(found.events.map(({ kind }) => kind)).toEqual(["opened", "held"]);
    await apply("close");
    await after(300);
    expect(await notices()).toEqual([]);
    expect((await held()).map((finding) => [finding.findingId, finding.state])).toEqual([[findingId, "closed"]]);
    const [listed] = (await listMaintenanceWindows({ ctx, input: { limit: 10, state: "all" } })).items;
    expect(listed).toMatchObject({ state: "over", suppressed: { open: 0, closed: 1 } });
  });

  test("a fault that outlives window and grace is told, once, and its end too", async () => {
    await begin();
    const findingId = (await apply("open"))!;
    expect(await after(134)).toBe(0);
    expect(await notices()).toEqual([]);
    expect([await after(2), await after(1)]).toEqual([1, 0]);
    expect(await notices()).toEqual(["opened"]);
    const found = await getFinding({ ctx, input: { findingId } });
    expect([found.hold, found.events.at(-1)?.kind]).toEqual([null, "released"]);
    await apply("close");
    expect(await notices()).toEqual(["opened", "closed"]);
  });

  test("an outage that began inside stays suppressed after the end while it lasts, where the window says so; a new one does not", async () => {
    await begin({ afterEnd: "keep" });
    const first = await apply("open");
    await after(24 * 60);
    expect(await notices()).toEqual([]);
    expect((await held()).map(({ findingId, state, hold }) => [findingId, state, hold!.until])).toEqual([[first!, "open", null]]);
    await apply("close");
    expect(await notices()).toEqual([]);
    await apply("open");
    expect(await notices()).toEqual(["opened"]);
  });

  test("a fault that began inside and is noticed after the end counts as of the window; one that begins after the grace does not", async () => {
    const { current } = await begin({ afterEnd: "keep", graceMinutes: 0 });
    services.clock.set(Date.parse(current!.endsAt) + 3 * minute);
    const noticed = (await apply("open", { beganAtMs: Date.parse(current!.endsAt) - 2 * minute }))!;
    expect((await getFinding({ ctx, input: { findingId: noticed } })).hold).toMatchObject({ kind: "maintenance", until: null });
    const other = await seedDevice(database, tenant, tenant.first);
    await apply("open", { device: other });
    expect(await notices()).toEqual(["opened"]);
  });

  test("what was told before stays told: only its change for the worse waits, and its end is told", async () => {
    await apply("open");
    await begin();
    await apply("worse");
    expect(await notices()).toEqual(["opened"]);
    await apply("close");
    expect(await notices()).toEqual(["opened", "closed"]);
    await apply("open");
    await after(136);
    expect(await notices()).toEqual(["opened", "closed", "opened"]);
  });

  describe("that keeps what failed in it", () => {
    const hold = async (findingId: Id) => (await getFinding({ ctx, input: { findingId } })).hold;

    test("what was broken before is told after it", async () => {
      const { current } = await begin({ afterEnd: "keep" });
      services.clock.advance(minute);
      const findingId = (await apply("open", { beganAtMs: services.clock.now() - 5 * minute }))!;
      expect((await hold(findingId))?.until).toBe(new Date(Date.parse(current!.endsAt) + 15 * minute).toISOString());
      await after(133);
      expect(await notices()).toEqual([]);
      await after(2);
      expect(await notices()).toEqual(["opened"]);
    });

    test("what somebody was told of before, and gets worse in it, is told after it", async () => {
      await apply("open");
      await begin({ afterEnd: "keep" });
      services.clock.advance(10 * minute);
      await apply("worse");
      expect(await notices()).toEqual(["opened"]);
      await after(126);
      expect(await notices()).toEqual(["opened", "changed"]);
    });

    test("what gets worse in it is kept, what gets worse after it is told as new", async () => {
      await begin({ afterEnd: "keep", scope: "customer", scopeId: tenant.first.customerId });
      const [findingId, other] = [(await apply("open"))!, await seedDevice(database, tenant, tenant.first)];
      const kept = (await apply("open", { device: other }))!;
      services.clock.advance(10 * minute);
      await apply("worse", { device: other });
      await after(14 * 24 * 60);
      expect(await notices()).toEqual([]);
      await apply("worse");
      expect(await notices()).toEqual(["opened"]);
      const found = await getFinding({ ctx, input: { findingId } });
      expect([found.hold, found.events.map(({ kind }) => kind)]).toEqual([null, ["opened", "held", "changed", "released"]]);
      expect((await hold(kept))?.until).toBeNull();
      await apply("close");
      await apply("close", { device: other });
      expect(await notices()).toEqual(["opened", "closed"]);
    });

    test("what gets worse in its grace is told after that", async () => {
      const { current } = await begin({ afterEnd: "keep" });
      const findingId = (await apply("open"))!;
      services.clock.set(Date.parse(current!.endsAt) + 5 * minute);
      await apply("worse");
      expect((await hold(findingId))?.until).toBe(new Date(Date.parse(current!.endsAt) + 15 * minute).toISOString());
      await after(11);
      expect(await notices()).toEqual(["opened"]);
    });

    test("what another window held before it began is told after both", async () => {
      await begin({ when: { kind: "now", minutes: 60 } });
      const findingId = (await apply("open"))!;
      services.clock.advance(30 * minute);
      await begin({ afterEnd: "keep", name: "Long one", when: { kind: "now", minutes: 240 } });
      await after(60);
      expect(await hold(findingId)).toMatchObject({ windowName: "Long one", until: expect.any(String) });
      await after(196);
      expect(await notices()).toEqual(["opened"]);
    });
  });

  test("ended early, what it holds back has the grace from then on", async () => {
    const { maintenanceWindowId } = await begin();
    await apply("open");
    services.clock.advance(20 * minute);
    expect(await endMaintenance({ ctx, input: { maintenanceWindowId } })).toMatchObject({ state: "over", current: null });
    expect(await codeOf(endMaintenance({ ctx, input: { maintenanceWindowId } }))).toBe("CONFLICT");
    await after(14);
    expect(await notices()).toEqual([]);
    await after(2);
    expect(await notices()).toEqual(["opened"]);
  });

  test("where a second window follows, it goes on holding back", async () => {
    await begin({ when: { kind: "now", minutes: 60 } });
    await begin({ when: { kind: "now", minutes: 240 }, name: "Long one", scope: "customer", scopeId: tenant.first.customerId });
    await apply("open");
    await after(80);
    expect(await notices()).toEqual([]);
    expect((await held())[0]!.hold).toMatchObject({ windowName: "Long one" });
  });
});

describe("whom a window is for", () => {
  const isHeld = async () => {
    const findingId = (await apply("open"))!;
    await apply("close");
    return (await getFinding({ ctx, input: { findingId } })).hold !== null;
  };
  test.each(["provider", "customer", "site", "device", "tag"] as const)("%s", async (scope) => {
    const { customerId, siteId } = tenant.first;
    await changeDevice({ ctx, input: { deviceId, tags: ["till"] } });
    const scopeId = { provider: "", customer: customerId, site: siteId, device: deviceId, tag: "till" }[scope];
    const { maintenanceWindowId } = await begin({ scope, scopeId });
    expect(await isHeld()).toBe(true);
    expect((await getDevice({ ctx, input: { deviceId } })).maintenance).toMatchObject({ name: "New disk", by: "Technician", scope });
    await cancelMaintenanceWindow({ ctx, input: { maintenanceWindowId } });
    services.clock.advance(16 * minute);
    expect(await isHeld()).toBe(false);
    const other = {
      provider: undefined,
      customer: tenant.second.customerId,
      site: tenant.second.siteId,
      device: await seedDevice(database, tenant, tenant.first),
      tag: "printer",
    };
    if (other[scope] === undefined) return;
    await begin({ scope, scopeId: other[scope] });
    expect(await isHeld()).toBe(false);
  });

  test("a device's window covers what hangs behind it", async () => {
    const host = await seedDevice(database, tenant, tenant.first, "host");
    await changeDevice({ ctx, input: { deviceId, dependsOnDeviceId: host } });
    expect(await codeOf(changeDevice({ ctx, input: { deviceId: host, dependsOnDeviceId: deviceId } }))).toBe("INVALID_REQUEST");
    await begin({ scopeId: host });
    expect(await isHeld()).toBe(true);
  });

  test("whoever is restricted to some customers begins none for all, nor for others", async () => {
    const restricted = { ...ctx, customers: [tenant.first.customerId] };
    const attempt = (scope: NewMaintenanceWindow["scope"], scopeId: string) =>
      codeOf(
        createMaintenanceWindow({
          ctx: restricted,
          input: NewMaintenanceWindow.parse({ scope, scopeId, name: "x", when: { kind: "now", minutes: 60 } }),
        }),
      );
    expect(await attempt("provider", "")).toBe("FORBIDDEN");
    expect(await attempt("tag", "till")).toBe("FORBIDDEN");
    expect(await attempt("customer", tenant.second.customerId)).toBe("NOT_FOUND");
    expect(await attempt("device", "nonsense")).toBe("NOT_FOUND");
    const { maintenanceWindowId } = await begin({ scope: "provider", scopeId: "" });
    expect(await codeOf(endMaintenance({ ctx: restricted, input: { maintenanceWindowId } }))).toBe("FORBIDDEN");
  });
});

describe("planned windows", () => {
  test("repeat on the wall clock of the place, and are worked out weeks ahead", async () => {
    services.clock.set(Date.parse("2026-11-22T12:00:00Z"));
    const patchNight = {
      startsAtLocal: "2026-11-24T22:00",
      minutes: 240,
      timeZone: "Europe/Berlin",
      repeat: { kind: "weekly" as const, every: 1, weekdays: [2 as const] },
      until: null,
    };
    const window = await begin({
      scope: "site",
      scopeId: tenant.first.siteId,
      name: "Patch night",
      when: { kind: "planned", schedule: patchNight },
    });
    expect(window).toMatchObject({ state: "planned", current: null, next: { startsAt: "2026-11-24T21:00:00.000Z" } });
    await apply("open");
    expect(await notices()).toEqual(["opened"]);
    await apply("close");
    services.clock.set(Date.parse("2026-12-01T23:30:00Z"));
    await planMaintenance(services);
    const second = (await apply("open"))!;
    expect((await getFinding({ ctx, input: { findingId: second } })).hold).toMatchObject({ until: "2026-12-02T01:15:00.000Z" });
    await planMaintenance(services);
    expect((await listMaintenanceWindows({ ctx, input: { limit: 10, state: "current" } })).items[0]).toMatchObject({
      state: "open",
      current: { startsAt: "2026-12-01T21:00:00.000Z", endsAt: "2026-12-02T01:00:00.000Z" },
      next: { startsAt: "2026-12-08T21:00:00.000Z" },
      suppressed: { open: 1, closed: 0 },
    });
  });

  test("sites say that they are being worked on", async () => {
    services.clock.set(Date.now());
    await begin({ scope: "site", scopeId: tenant.first.siteId, name: "Move" });
    const sites = (await listSites({ ctx, input: { limit: 10, customerId: tenant.first.customerId } })).items;
    expect(sites.find(({ siteId }) => siteId === tenant.first.siteId)?.maintenance).toMatchObject({ name: "Move" });
  });
});

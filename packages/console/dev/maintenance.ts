/** Maintenance windows of the double: one that is open, a patch night that repeats, and one that is over. */
import type { MaintenanceRepeat, MaintenanceWindow, NewMaintenanceWindow } from "@hauswart/protocol/api/maintenance.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { Handlers } from "./handlers.ts";
import { raise } from "./revision.ts";
import { namesOf } from "./names.ts";
import { found, pageOf } from "./paging.ts";
import type { World } from "./world.ts";

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
const nightly: MaintenanceRepeat = { kind: "monthly-weekday", nth: 2, weekday: 2 };

const iso = (ms: number) => new Date(ms).toISOString();

interface WindowStore {
  readonly windows: MaintenanceWindow[];
  add(input: NewMaintenanceWindow, by: string, startMs: number, suppressed?: { open: number; closed: number }): MaintenanceWindow;
  end(maintenanceWindowId: string): MaintenanceWindow;
}

function makeStore(world: World): WindowStore {
  const span = (fromMs: number, minutes: number) => ({ startsAt: iso(fromMs), endsAt: iso(fromMs + minutes * minuteMs) });
  const windows: MaintenanceWindow[] = [];

  const customerOf = ({ scope, scopeId, customerId }: NewMaintenanceWindow) => {
    if (scope === "customer") return scopeId;
    if (scope === "site") return world.sites.find(({ siteId }) => siteId === scopeId)?.customerId ?? null;
    if (scope === "device") return world.devices.find(({ device }) => device.deviceId === scopeId)?.device.customerId ?? null;
    return scope === "tag" ? customerId : null;
  };
  const add = (input: NewMaintenanceWindow, by: string, startMs: number, suppressed = { open: 0, closed: 0 }): MaintenanceWindow => {
    const nowMs = world.nowMs();
    const { when, scope, scopeId } = input;
    const customerId = customerOf(input);
    const schedule =
      when.kind === "planned"
        ? when.schedule
        : { startsAtLocal: iso(startMs).slice(0, 16), minutes: when.minutes, timeZone: "Europe/Berlin", repeat: null, until: null };
    const own = span(startMs, schedule.minutes);
    const isOpen = startMs <= nowMs && Date.parse(own.endsAt) > nowMs;
    const isAhead = startMs > nowMs;
    const window: MaintenanceWindow = {
      revision: 1,
      maintenanceWindowId: newId(startMs > nowMs ? nowMs : startMs),
      customerId,
      customerName: world.customers.find((one) => one.customerId === customerId)?.name ?? null,
      scope,
      scopeId,
      scopeName: namesOf(world).scopeName(scope, scopeId),
      name: input.name,
      graceMinutes: input.graceMinutes,
      afterEnd: input.afterEnd,
      schedule,
      state: isOpen ? "open" : isAhead ? "planned" : "over",
      current: isOpen ? own : null,
      next: isAhead ? own : null,
      suppressed,
      createdBy: by,
      createdAt: iso(Math.min(startMs, nowMs)),
    };
    windows.unshift(window);
    apply(window, window.current);
    return window;
  };
  /** What devices and sites say of it. */
  const apply = (
    { maintenanceWindowId, name, scope, scopeId, createdBy, customerId }: MaintenanceWindow,
    current: MaintenanceWindow["current"],
  ) => {
    const now = current && { maintenanceWindowId, name, scope, since: current.startsAt, until: current.endsAt, by: createdBy };
    const isMeant = (own: { customerId: string; siteId: string; deviceId?: string; tags?: readonly string[] }) =>
      ({ provider: true, customer: own.customerId === scopeId, site: own.siteId === scopeId, device: own.deviceId === scopeId })[
        scope as "provider"
      ] ??
      (own.tags?.includes(scopeId) === true && (customerId === null || customerId === own.customerId));
    for (const { device } of world.devices) if (isMeant(device)) device.maintenance = now;
    for (const site of world.sites) if (isMeant(site)) site.maintenance = now;
  };
  const end = (maintenanceWindowId: string) => {
    const window = found(windows.find((one) => one.maintenanceWindowId === maintenanceWindowId));
    if (window.current) apply(window, null);
    Object.assign(window, { current: null, state: window.next ? "planned" : "over" });
    return window;
  };
  return { windows, add, end };
}

function seed({ sites, devices, nowMs }: World, { add }: WindowStore): void {
  const basic = { graceMinutes: 15, afterEnd: "tell", customerId: null } as const;
  if (sites.length < 2) return;
  const now = nowMs();
  add(
    { ...basic, scope: "site", scopeId: sites[1]!.siteId, name: "Umzug in den Neubau", when: { kind: "now", minutes: 180 } },
    "Nachtdienst",
    now - 9 * dayMs,
    { open: 0, closed: 4 },
  );
  const schedule = { startsAtLocal: "2026-10-13T22:00", minutes: 240, timeZone: "Europe/Berlin", repeat: nightly, until: null };
  add(
    { ...basic, scope: "tag", scopeId: "server", name: "Patch-Nacht der Server", when: { kind: "planned", schedule } },
    "Leitstelle",
    now + 4 * dayMs,
    { open: 1, closed: 11 },
  );
  add(
    {
      ...basic,
      scope: "device",
      scopeId: devices[2]!.device.deviceId,
      name: "Netzteil wird getauscht",
      when: { kind: "now", minutes: 120 },
    },
    "Leitstelle",
    now - 25 * minuteMs,
    { open: 1, closed: 0 },
  );
}

export function maintenanceHandlers(
  world: World,
): Pick<
  Handlers,
  "listMaintenanceWindows" | "createMaintenanceWindow" | "changeMaintenanceWindow" | "endMaintenance" | "cancelMaintenanceWindow"
> {
  const store = makeStore(world);
  seed(world, store);
  const { windows, add, end } = store;
  return {
    listMaintenanceWindows: ({ state, scope, scopeId, ...page }) =>
      pageOf(
        windows.filter(
          (one) =>
            (state === "all" || (state === "over") === (one.state === "over")) &&
            (!scope || one.scope === scope) &&
            (!scopeId || one.scopeId === scopeId) &&
            (!page.customerId || one.customerId === null || one.customerId === page.customerId),
        ),
        page,
      ),
    createMaintenanceWindow(input) {
      const startMs = input.when.kind === "now" ? world.nowMs() : Date.parse(`${input.when.schedule.startsAtLocal}:00Z`);
      return add(input, "Leitstelle", startMs);
    },
    changeMaintenanceWindow({ maintenanceWindowId, revision, ...change }) {
      const window = found(windows.find((one) => one.maintenanceWindowId === maintenanceWindowId));
      raise(window, revision);
      return Object.assign(window, change);
    },
    endMaintenance({ maintenanceWindowId }) {
      if (!found(windows.find((one) => one.maintenanceWindowId === maintenanceWindowId)).current) throw new HauswartError("CONFLICT");
      return end(maintenanceWindowId);
    },
    cancelMaintenanceWindow({ maintenanceWindowId }) {
      end(maintenanceWindowId);
      windows.splice(
        windows.findIndex((one) => one.maintenanceWindowId === maintenanceWindowId),
        1,
      );
    },
  };
}

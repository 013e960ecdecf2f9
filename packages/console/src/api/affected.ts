/** Which answers a live event makes stale. */
import type { LiveEvent } from "@hauswart/protocol/api/models.ts";
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import type { QueryClient } from "@tanstack/react-query";

/** Routes whose answers speak of the thing that changed; `own` ones only when they were asked about just this one. */
const affected: Record<LiveEvent["kind"], { all: readonly RouteName[]; own: readonly RouteName[] }> = {
  device: {
    all: ["listDevices", "getOverview", "listSites", "listCustomers", "listEnrolmentTokens", "getFirstSteps"],
    own: ["getDevice", "listDeviceChecks", "listDeviceTimeline"],
  },
  finding: {
    all: [
      "listFindings",
      "getOverview",
      "listDevices",
      "getDevice",
      "listDeviceChecks",
      "listDeviceTimeline",
      "listCustomers",
      "getFirstSteps",
      "listContacts",
      "listDueContacts",
      "listRepairOrders",
      "listAlarmDrills",
    ],
    own: ["getFinding"],
  },
  outbox: { all: ["listOutbox", "listAlarmDrills", "getOverview", "getFirstSteps"], own: ["getMail"] },
  maintenance: { all: ["listMaintenanceWindows", "getDevice", "listDevices", "listSites", "listFindings"], own: [] },
  customer: { all: ["listCustomers", "listSites", "getFirstSteps", "listAlarmDrills"], own: ["getCustomer", "getCustomerTerms"] },
  policy: { all: ["listPolicies", "listDeviceChecks"], own: ["getPolicy"] },
};

/** Whether a query was asked about the thing that changed. Exported for its test. */
export function isAffected(queryKey: readonly unknown[], event: LiveEvent): boolean {
  const [name, request] = queryKey as [RouteName, { params?: Record<string, unknown> } | undefined];
  const { all, own } = affected[event.kind] ?? { all: [], own: [] };
  if (all.includes(name)) return true;
  return own.includes(name) && Object.values(request?.params ?? {}).includes(event.id);
}

/**
 * Collects events and fetches what they touch, at most once in `everyMs`: a storm of changes costs the server two fetches a
 * second per console and not one per change.
 */
export function createInvalidator(client: QueryClient, everyMs = 1_000) {
  let waiting: LiveEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    const events = waiting;
    waiting = [];
    timer = undefined;
    void client.invalidateQueries({ predicate: (query) => events.some((event) => isAffected(query.queryKey, event)) });
  };
  return {
    add(event: LiveEvent): void {
      waiting.push(event);
      timer ??= setTimeout(flush, everyMs);
    },
    stop(): void {
      clearTimeout(timer);
      waiting = [];
    },
  };
}

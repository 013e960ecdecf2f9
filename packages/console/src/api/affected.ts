/** Which answers a live event makes stale. */
import type { AuditSubject } from "@hauswart/protocol/api/audit-actions.ts";
import type { LiveEvent } from "@hauswart/protocol/api/models.ts";
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import type { QueryClient } from "@tanstack/react-query";

/** Routes whose answers speak of the thing that changed; `own` ones only when they were asked about just this one. */
const affected: Record<Exclude<LiveEvent["kind"], "audit">, { all: readonly RouteName[]; own: readonly RouteName[] }> = {
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
  round: { all: ["getRounds", "listRoundRecords"], own: [] },
};

/** By the kind of thing that somebody did something to: what no event of its own tells of. The audit log itself shows all of it. */
const affectedByAudit: Record<AuditSubject, readonly RouteName[]> = {
  account: ["listAccounts", "getAccount", "getSession", "getFactors", "getEmailChange", "listPushSubscriptions", "getOnCall"],
  "agent-release": ["listAgentReleases", "getDeviceUpdate"],
  "alarm-drill": ["listAlarmDrills"],
  "api-key": ["listApiKeys"],
  audit: [],
  calendar: ["listCalendars", "getCalendarsInForce", "listDueContacts"],
  contact: ["listContacts", "listDueContacts"],
  customer: ["listErasures", "getCalendarsInForce", "listUpdateRings"],
  device: ["listUpdateRings", "getDeviceUpdate"],
  "enrolment-token": ["listEnrolmentTokens"],
  "escalation-plan": ["listEscalationPlans", "previewRouting"],
  finding: ["getFindingVerdict", "getNoise"],
  "holiday-set": ["listCalendars", "listHolidays", "previewCalendar"],
  installation: ["getServerReport"],
  invitation: ["listInvitations", "listAccounts"],
  mail: [],
  outbox: [],
  "maintenance-window": [],
  "oidc-issuer": ["listOidcIssuers", "listSignInWays"],
  passkey: ["getFactors", "listAccounts"],
  policy: [],
  provider: ["getSettings", "getNoise", "listCalendars", "getCalendarsInForce"],
  recipient: ["listRecipients", "getRecipient", "getFirstSteps", "previewRouting"],
  "repair-order": ["listRepairOrders", "getRepairOrder"],
  rota: ["listRotas", "getRotaCalendar", "getOnCall", "previewRouting"],
  "saved-view": ["listSavedViews"],
  session: ["listSessions", "listAccounts"],
  site: ["listSites", "getCalendarsInForce", "listUpdateRings"],
  webhook: ["listWebhooks"],
};

/** The log itself shows whatever was done; an entry of it is blanked when its customer is erased. */
const logRoutes: ReadonlySet<RouteName> = new Set<RouteName>(["listAudit", "getAuditEntry"]);

/** Every route that some event makes stale. Exported for its test. */
export const routesKeptLive: ReadonlySet<RouteName> = new Set<RouteName>([
  ...logRoutes,
  ...Object.values(affectedByAudit).flat(),
  ...Object.values(affected).flatMap(({ all, own }) => [...all, ...own]),
]);

/** Whether a query was asked about the thing that changed. Exported for its test. */
export function isAffected(queryKey: readonly unknown[], event: LiveEvent): boolean {
  const [name, request] = queryKey as [RouteName, { params?: Record<string, unknown> } | undefined];
  if (event.kind === "audit") return logRoutes.has(name) || (affectedByAudit[event.id as AuditSubject] ?? []).includes(name);
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

/**
 * For every route: how somebody would try to reach, through it, what belongs to another customer, and what must come of it.
 * A route that is added does not compile until somebody has thought about this here.
 */
import type { ErrorCode } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import { onCustomerCare } from "./care-attempts.ts";
import { onCalendars } from "./calendar-attempts.ts";
import { onRouting } from "./routing-attempts.ts";
import { onFactors } from "./factor-attempts.ts";
import { onPeople } from "./people-attempts.ts";
import { onViews } from "./view-attempts.ts";
import type { Belongings, ProviderBelongings } from "./fleet.ts";

export interface Attempt {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  /** A code, or `harmless`: it may succeed, but neither shows nor changes anything of others. */
  readonly expect: ErrorCode | "harmless";
  /** What comes of it for somebody who is signed in, where that is something else than for a key. */
  readonly byPerson?: ErrorCode | "harmless";
}

export interface Targets {
  /** The actor's own customer. */
  readonly own: Belongings;
  /** Another customer of the same provider. */
  readonly foreign: Belongings;
  /** What belongs to the provider as a whole. */
  readonly provider: ProviderBelongings;
}

const harmless = [{ expect: "harmless" }] as const;
const series = { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" };

type Attempts<Name extends RouteName> = Readonly<Record<Name, readonly Attempt[]>>;

export function attemptsOf(targets: Targets): Attempts<RouteName> {
  return {
    ...onTenancyAndDevices(targets),
    ...onFindings(targets),
    ...onMaintenance(targets),
    ...onPolicies(targets),
    ...onMail(targets),
    ...onCustomerCare(targets),
    ...onRouting(targets),
    ...onFactors,
    ...onViews(targets),
    ...onCalendars(targets),
    ...onPeople(targets),
  };
}

function onTenancyAndDevices({ own, foreign, provider }: Targets) {
  const { customerId, siteId, deviceId, tag } = foreign;
  return {
    getHealth: harmless,
    createAgentRelease: [{ body: { envelope: "{}" }, expect: "FORBIDDEN" }],
    addAgentReleasePart: [{ params: { version: "9.9.9", sha256: "0".repeat(64) }, body: { offset: 0, data: "AAAA" }, expect: "FORBIDDEN" }],
    listUpdateRings: [{ query: { customerId }, expect: "NOT_FOUND" }],
    listAgentReleases: [{ expect: "FORBIDDEN" }],
    changeAgentRollout: [{ params: { version: "1.0.0" }, body: { action: "pause" }, expect: "FORBIDDEN" }],
    getDeviceUpdate: [{ params: { deviceId }, expect: "NOT_FOUND" }],
    setUpdateRing: [
      { params: { kind: "customer", subjectId: customerId }, body: { ring: "canary" }, expect: "NOT_FOUND" },
      { params: { kind: "site", subjectId: siteId }, body: { ring: "canary" }, expect: "NOT_FOUND" },
      { params: { kind: "device", subjectId: deviceId }, body: { ring: "canary" }, expect: "NOT_FOUND" },
    ],
    getReadiness: harmless,
    getServerReport: harmless,
    exportCustomer: [{ params: { customerId }, expect: "FORBIDDEN" }],
    eraseCustomer: [{ params: { customerId }, body: { name: "x" }, expect: "FORBIDDEN" }],
    listErasures: [{ expect: "FORBIDDEN" }],
    previewRetention: [{ expect: "FORBIDDEN" }],
    getOpenApi: harmless,
    getOverview: [{ expect: "harmless" }, { query: { customerId }, expect: "harmless" }],
    streamEvents: [],
    listChecks: harmless,
    getSettings: harmless,
    changeSettings: [{ body: { name: "taken over" }, expect: "FORBIDDEN" }],
    createSession: [],
    getSession: harmless,
    endSession: [{ expect: "FORBIDDEN" }],
    listApiKeys: [{ expect: "FORBIDDEN" }],
    createApiKey: [
      { body: { name: "more", scopes: ["devices:read"] }, expect: "FORBIDDEN" },
      { body: { name: "more", scopes: ["devices:read"], customerIds: [customerId] }, expect: "FORBIDDEN" },
    ],
    revokeApiKey: [{ params: { apiKeyId: provider.apiKeyId }, expect: "FORBIDDEN" }],
    listAudit: [
      { expect: "harmless" },
      { query: { customerId }, expect: "harmless" },
      { query: { search: "foreign", actor: "owner", subject: "customer" }, expect: "harmless" },
    ],
    getAuditEntry: [{ params: { auditEntryId: foreign.auditEntryId }, expect: "NOT_FOUND" }],
    verifyAudit: [{ expect: "FORBIDDEN" }],
    listCustomers: harmless,
    createCustomer: [{ body: { name: "one more" }, expect: "FORBIDDEN" }],
    getCustomer: [{ params: { customerId }, expect: "NOT_FOUND" }],
    changeCustomer: [{ params: { customerId }, body: { name: "taken over" }, expect: "NOT_FOUND" }],
    listSites: [{ expect: "harmless" }, { query: { customerId }, expect: "harmless" }],
    createSite: [{ body: { customerId, name: "bridgehead" }, expect: "NOT_FOUND" }],
    changeSite: [
      { params: { siteId }, body: { name: "taken over" }, expect: "NOT_FOUND" },
      { params: { siteId: own.siteId }, body: { gatewayDeviceId: deviceId }, expect: "NOT_FOUND" },
    ],
    deleteSite: [{ params: { siteId }, expect: "NOT_FOUND" }],
    listEnrolmentTokens: [{ expect: "harmless" }, { query: { siteId }, expect: "harmless" }],
    createEnrolmentToken: [{ body: { siteId }, expect: "NOT_FOUND" }],
    revokeEnrolmentToken: [{ params: { enrolmentTokenId: foreign.enrolmentTokenId }, expect: "NOT_FOUND" }],
    listDevices: [
      { expect: "harmless" },
      { query: { customerId }, expect: "harmless" },
      { query: { siteId }, expect: "harmless" },
      { query: { tag }, expect: "harmless" },
      { query: { search: "device", state: "unknown", sort: "-name" }, expect: "harmless" },
    ],
    createDevice: [{ body: { siteId, name: "bridgehead", check: "website", target: "https://bridgehead.example" }, expect: "NOT_FOUND" }],
    getDevice: [{ params: { deviceId }, expect: "NOT_FOUND" }],
    changeDevice: [
      { params: { deviceId }, body: { name: "taken over" }, expect: "NOT_FOUND" },
      { params: { deviceId: own.deviceId }, body: { siteId }, expect: "NOT_FOUND" },
      { params: { deviceId: own.deviceId }, body: { dependsOnDeviceId: deviceId }, expect: "NOT_FOUND" },
    ],
    revokeDevice: [{ params: { deviceId }, expect: "NOT_FOUND" }],
    measureDevice: [{ params: { deviceId }, body: {}, expect: "NOT_FOUND" }],
    listDeviceChecks: [{ params: { deviceId }, expect: "NOT_FOUND" }],
    getSeries: [{ params: { deviceId, number: 0 }, query: series, expect: "NOT_FOUND" }],
    listDeviceTimeline: [{ params: { deviceId }, expect: "NOT_FOUND" }],
  } satisfies Partial<Attempts<RouteName>>;
}

function onFindings({ foreign }: Targets) {
  const { customerId, deviceId, findingId, maintenanceWindowId } = foreign;
  return {
    listFindings: [
      { expect: "harmless" },
      { query: { customerId }, expect: "harmless" },
      { query: { deviceId }, expect: "harmless" },
      { query: { hold: "maintenance", state: "all", maintenanceWindowId }, expect: "harmless" },
      { query: { order: "incident", changedSince: series.from, state: "all" }, expect: "harmless" },
      ...["open", "acknowledged", "closed", "current", "all"].map((state) => ({ query: { state }, expect: "harmless" }) as const),
    ],
    getFinding: [{ params: { findingId }, expect: "NOT_FOUND" }],
    acknowledgeFinding: [{ params: { findingId }, body: { note: "mine" }, expect: "NOT_FOUND" }],
    reopenFinding: [{ params: { findingId }, expect: "NOT_FOUND" }],
    getFindingVerdict: [{ params: { findingId }, expect: "NOT_FOUND" }],
    judgeFinding: [{ params: { findingId }, body: { verdict: "noise" }, expect: "NOT_FOUND" }],
    getVerdictOffer: [{ body: { token: "x" }, expect: "LINK_INVALID" }],
    judgeByLink: [{ body: { token: "x", verdict: "noise" }, expect: "LINK_INVALID" }],
    getNoise: [{ expect: "harmless" }],
    addFindingNote: [{ params: { findingId }, body: { note: "mine" }, expect: "NOT_FOUND" }],
    getFirstSteps: [{ expect: "FORBIDDEN" }],
    sendTestMail: [
      { body: { address: "spy@hauswart.test" }, expect: "FORBIDDEN" },
      { body: { address: "spy@hauswart.test", customerId }, expect: "NOT_FOUND" },
    ],
  } satisfies Partial<Attempts<RouteName>>;
}

function onMaintenance({ foreign, provider }: Targets) {
  const { customerId, siteId, deviceId, maintenanceWindowId, tag } = foreign;
  return {
    listMaintenanceWindows: [
      { expect: "harmless" },
      { query: { state: "all", customerId }, expect: "harmless" },
      { query: { state: "all", scope: "device", scopeId: deviceId }, expect: "harmless" },
    ],
    createMaintenanceWindow: (
      [
        ["provider", "", "FORBIDDEN"],
        ["customer", customerId, "NOT_FOUND"],
        ["site", siteId, "NOT_FOUND"],
        ["device", deviceId, "NOT_FOUND"],
        ["tag", tag, "FORBIDDEN"],
      ] as const
    ).map(([scope, scopeId, expect]) => ({ body: { scope, scopeId, name: "quiet", when: { kind: "now", minutes: 60 } }, expect })),
    changeMaintenanceWindow: [
      { params: { maintenanceWindowId }, body: { name: "mine", revision: 1 }, expect: "NOT_FOUND" },
      { params: { maintenanceWindowId: provider.maintenanceWindowId }, body: { name: "mine", revision: 1 }, expect: "FORBIDDEN" },
    ],
    endMaintenance: [
      { params: { maintenanceWindowId }, expect: "NOT_FOUND" },
      { params: { maintenanceWindowId: provider.maintenanceWindowId }, expect: "FORBIDDEN" },
    ],
    cancelMaintenanceWindow: [
      { params: { maintenanceWindowId }, expect: "NOT_FOUND" },
      { params: { maintenanceWindowId: provider.maintenanceWindowId }, expect: "FORBIDDEN" },
    ],
  } satisfies Partial<Attempts<RouteName>>;
}

function onPolicies({ own, foreign, provider }: Targets) {
  const { customerId, siteId, deviceId, policyId, tag } = foreign;
  return {
    listPolicies: harmless,
    createPolicy: [
      { body: { name: "for all" }, expect: "FORBIDDEN" },
      { body: { name: "for them", customerId }, expect: "NOT_FOUND" },
      ...[
        ["customer", customerId],
        ["site", siteId],
        ["device", deviceId],
      ].map(
        ([scope, scopeId]) =>
          ({ body: { name: "over there", customerId: own.customerId, assignments: [{ scope, scopeId }] }, expect: "NOT_FOUND" }) as const,
      ),
      {
        body: {
          name: "by their tag",
          customerId: own.customerId,
          checks: [{ check: "uptime", enabled: false }],
          assignments: [{ scope: "tag", scopeId: tag }],
        },
        expect: "harmless",
      },
    ],
    previewPolicy: [
      { body: {}, expect: "FORBIDDEN" },
      { body: { customerId }, expect: "NOT_FOUND" },
      { body: { policyId }, expect: "NOT_FOUND" },
      { body: { policyId: provider.policyId }, expect: "FORBIDDEN" },
      ...[
        ["customer", customerId],
        ["site", siteId],
        ["device", deviceId],
      ].map(
        ([scope, scopeId]) => ({ body: { customerId: own.customerId, assignments: [{ scope, scopeId }] }, expect: "NOT_FOUND" }) as const,
      ),
      {
        body: {
          customerId: own.customerId,
          checks: [{ check: "uptime", enabled: false }],
          assignments: [{ scope: "tag", scopeId: tag }],
        },
        expect: "harmless",
      },
    ],
    startReplay: [
      { body: { check: "uptime" }, expect: "FORBIDDEN" },
      { body: { check: "uptime", customerId }, expect: "NOT_FOUND" },
      { body: { check: "uptime", policyId }, expect: "NOT_FOUND" },
      {
        body: { check: "uptime", customerId: own.customerId, assignments: [{ scope: "device", scopeId: deviceId }] },
        expect: "NOT_FOUND",
      },
    ],
    getReplay: [{ params: { replayId: policyId }, expect: "NOT_FOUND" }],
    cancelReplay: [{ params: { replayId: policyId }, expect: "NOT_FOUND" }],
    getPolicy: [{ params: { policyId }, expect: "NOT_FOUND" }],
    changePolicy: [
      { params: { policyId }, body: { revision: 1, name: "taken over" }, expect: "NOT_FOUND" },
      { params: { policyId: provider.policyId }, body: { revision: 1, name: "taken over" }, expect: "FORBIDDEN" },
      {
        params: { policyId: own.policyId },
        body: { revision: 1, assignments: [{ scope: "device", scopeId: deviceId }] },
        expect: "NOT_FOUND",
      },
    ],
    deletePolicy: [
      { params: { policyId }, expect: "NOT_FOUND" },
      { params: { policyId: provider.policyId }, expect: "FORBIDDEN" },
    ],
  } satisfies Partial<Attempts<RouteName>>;
}

function onMail({ foreign, provider }: Targets) {
  const { customerId } = foreign;
  return {
    listOutbox: [
      { expect: "harmless" },
      { query: { state: "refused" }, expect: "harmless" },
      { query: { customerId, search: "mail" }, expect: "harmless" },
    ],
    getMail: [foreign, provider].map(({ mailId }) => ({ params: { mailId }, expect: "NOT_FOUND" })),
    getMailHtml: [foreign, provider].map(({ mailId }) => ({ params: { mailId }, expect: "NOT_FOUND" })),
    retryMail: [foreign, provider].map(({ mailId }) => ({ params: { mailId }, expect: "NOT_FOUND" })),
    listWebhooks: harmless,
    createWebhook: [
      { body: { customerId: null, url: "https://spy.example" }, expect: "FORBIDDEN" },
      { body: { customerId, url: "https://spy.example" }, expect: "NOT_FOUND" },
    ],
    deleteWebhook: [foreign, provider].map(({ webhookId }) => ({ params: { webhookId }, expect: "NOT_FOUND" })),
    listWebhookDeliveries: [foreign, provider].map(({ webhookId }) => ({ params: { webhookId }, expect: "NOT_FOUND" })),
  } satisfies Partial<Attempts<RouteName>>;
}

/** Ids that belong to nothing, for requests that shall fail before anything is looked up. */
export const nobody: Readonly<Record<string, unknown>> = Object.fromEntries(
  [
    "accountId",
    "apiKeyId",
    "auditEntryId",
    "contactId",
    "customerId",
    "deviceId",
    "enrolmentTokenId",
    "findingId",
    "invitationId",
    "mailId",
    "oidcIssuerId",
    "passkeyId",
    "policyId",
    "recipientId",
    "repairOrderId",
    "savedViewId",
    "sessionId",
    "siteId",
    "webhookId",
    "rotaId",
    "overrideId",
    "planId",
    "pushSubscriptionId",
  ]
    .map((name) => [name, newId()] as const)
    .concat([["number", 0 as never]]),
);

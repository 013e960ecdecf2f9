/** Every route of /api/v1. Grouped by what they speak of; the server has one verb per route, under the same name. */
import { z } from "zod";
import { Id } from "../ids.ts";
import * as m from "./models.ts";
import { page, PageQuery, route, type InputOf, type ResultOf } from "./route.ts";

const customerId = z.object({ customerId: Id });
const deviceId = z.object({ deviceId: Id });
const findingId = z.object({ findingId: Id });
const policyId = z.object({ policyId: Id });

export const routes = {
  // operation
  getHealth: route({ name: "getHealth", method: "GET", path: "/health", scope: "none", summary: "Whether the server lives and can reach its database.", response: m.Health }),
  getReadiness: route({ name: "getReadiness", method: "GET", path: "/ready", scope: "none", summary: "200 when the server takes agents and requests, else 503.", response: m.Health, errors: ["NOT_READY"] }),
  getOpenApi: route({ name: "getOpenApi", method: "GET", path: "/openapi.json", scope: "none", summary: "This description.", response: z.record(z.string(), z.unknown()) }),
  getOverview: route({ name: "getOverview", method: "GET", path: "/overview", scope: "devices:read", summary: "What is broken, what is not known, what changed. Needs the right `findings:read` as well.", query: z.object({ since: m.Timestamp.optional(), customerId: Id.optional() }), response: m.Overview }),
  streamEvents: route({ name: "streamEvents", method: "GET", path: "/events", scope: "devices:read", summary: "Server-sent events: what changed, without content.", produces: "text/event-stream" }),
  listChecks: route({ name: "listChecks", method: "GET", path: "/checks", scope: "session", summary: "Every check that this server knows, with its settings.", response: page(m.CheckReference) }),
  getSettings: route({ name: "getSettings", method: "GET", path: "/settings", scope: "settings:read", summary: "The provider's settings.", response: m.ProviderSettings }),
  changeSettings: route({ name: "changeSettings", method: "PATCH", path: "/settings", scope: "settings:write", summary: "Changes settings.", body: m.ProviderSettings.partial(), response: m.ProviderSettings }),

  // access
  createSession: route({ name: "createSession", method: "POST", path: "/sessions", scope: "none", summary: "Signs in.", body: m.NewSession, response: m.CreatedSession, status: 201, errors: ["WRONG_CREDENTIALS", "SECOND_FACTOR_REQUIRED", "TOO_MANY_ATTEMPTS"] }),
  getSession: route({ name: "getSession", method: "GET", path: "/sessions/current", scope: "session", summary: "Who is signed in.", response: z.object({ account: m.Account.nullable(), apiKey: m.ApiKey.nullable() }) }),
  endSession: route({ name: "endSession", method: "DELETE", path: "/sessions/current", scope: "session", summary: "Signs out.", status: 204 }),
  listApiKeys: route({ name: "listApiKeys", method: "GET", path: "/api-keys", scope: "access:read", summary: "API keys, without the keys themselves.", query: PageQuery, response: page(m.ApiKey) }),
  createApiKey: route({ name: "createApiKey", method: "POST", path: "/api-keys", scope: "access:write", summary: "Makes an API key and shows it once.", body: m.NewApiKey, response: m.CreatedApiKey, status: 201 }),
  revokeApiKey: route({ name: "revokeApiKey", method: "DELETE", path: "/api-keys/{apiKeyId}", scope: "access:write", summary: "Ends an API key at once.", params: z.object({ apiKeyId: Id }), status: 204 }),
  listAudit: route({ name: "listAudit", method: "GET", path: "/audit", scope: "audit:read", summary: "Who did what, newest first.", query: PageQuery.extend({ customerId: Id.optional(), action: z.string().max(100).optional() }), response: page(m.AuditEntry) }),

  // customers, sites, enrolment
  listCustomers: route({ name: "listCustomers", method: "GET", path: "/customers", scope: "customers:read", summary: "Customers by name.", query: PageQuery, response: page(m.Customer) }),
  createCustomer: route({ name: "createCustomer", method: "POST", path: "/customers", scope: "customers:write", summary: "Adds a customer.", body: m.NewCustomer, response: m.Customer, status: 201, errors: ["CONFLICT"] }),
  getCustomer: route({ name: "getCustomer", method: "GET", path: "/customers/{customerId}", scope: "customers:read", summary: "One customer.", params: customerId, response: m.Customer }),
  changeCustomer: route({ name: "changeCustomer", method: "PATCH", path: "/customers/{customerId}", scope: "customers:write", summary: "Changes a customer.", params: customerId, body: m.CustomerChange, response: m.Customer, errors: ["CONFLICT"] }),
  listSites: route({ name: "listSites", method: "GET", path: "/sites", scope: "customers:read", summary: "Sites by name.", query: PageQuery.extend({ customerId: Id.optional() }), response: page(m.Site) }),
  createSite: route({ name: "createSite", method: "POST", path: "/sites", scope: "customers:write", summary: "Adds a site.", body: m.NewSite, response: m.Site, status: 201, errors: ["CONFLICT"] }),
  listEnrolmentTokens: route({ name: "listEnrolmentTokens", method: "GET", path: "/enrolment-tokens", scope: "devices:write", summary: "Tokens that can still be used.", query: PageQuery.extend({ siteId: Id.optional() }), response: page(m.EnrolmentToken) }),
  createEnrolmentToken: route({ name: "createEnrolmentToken", method: "POST", path: "/enrolment-tokens", scope: "devices:write", summary: "Makes a token for enrolling devices of one site, and the command that uses it.", body: m.NewEnrolmentToken, response: m.CreatedEnrolmentToken, status: 201 }),
  revokeEnrolmentToken: route({ name: "revokeEnrolmentToken", method: "DELETE", path: "/enrolment-tokens/{enrolmentTokenId}", scope: "devices:write", summary: "Ends a token.", params: z.object({ enrolmentTokenId: Id }), status: 204 }),

  // devices
  listDevices: route({
    name: "listDevices", method: "GET", path: "/devices", scope: "devices:read", summary: "Devices by name, without those that were revoked.",
    query: PageQuery.extend({ customerId: Id.optional(), siteId: Id.optional(), state: m.CheckState.optional(), tag: z.string().max(50).optional(), search: z.string().max(200).optional(), sort: z.enum(["name", "-name"]).default("name") }),
    response: page(m.Device).extend({ total: z.int().describe("Devices that fit the filter, over all pages.") }),
  }),
  getDevice: route({ name: "getDevice", method: "GET", path: "/devices/{deviceId}", scope: "devices:read", summary: "One device.", params: deviceId, response: m.Device }),
  changeDevice: route({ name: "changeDevice", method: "PATCH", path: "/devices/{deviceId}", scope: "devices:write", summary: "Renames, tags or moves a device within its customer.", params: deviceId, body: m.DeviceChange, response: m.Device }),
  revokeDevice: route({ name: "revokeDevice", method: "POST", path: "/devices/{deviceId}/revoke", scope: "devices:write", summary: "Ends the device's key; its history stays.", params: deviceId, status: 204 }),
  measureDevice: route({ name: "measureDevice", method: "POST", path: "/devices/{deviceId}/measure", scope: "devices:write", summary: "Asks the agent to measure now.", params: deviceId, body: z.object({ checks: z.array(z.int()).max(500).optional() }).optional(), response: z.object({ delivered: z.boolean() }) }),
  listDeviceChecks: route({ name: "listDeviceChecks", method: "GET", path: "/devices/{deviceId}/checks", scope: "devices:read", summary: "Checks of a device: state, evidence and its age, effective settings and where they come from.", params: deviceId, query: PageQuery, response: page(m.DeviceCheck) }),
  getSeries: route({ name: "getSeries", method: "GET", path: "/devices/{deviceId}/checks/{number}/series", scope: "devices:read", summary: "Values over time.", params: deviceId.extend({ number: z.coerce.number().int().min(0) }), query: z.object({ from: m.Timestamp, to: m.Timestamp, field: z.string().max(64).optional(), subject: z.string().max(512).optional() }), response: m.Series }),
  listDeviceTimeline: route({ name: "listDeviceTimeline", method: "GET", path: "/devices/{deviceId}/timeline", scope: "devices:read", summary: "What happened to a device, newest first.", params: deviceId, query: PageQuery, response: page(z.object({ at: m.Timestamp, kind: z.string(), text: z.string(), detail: z.record(z.string(), z.unknown()) })) }),

  // findings
  listFindings: route({
    name: "listFindings", method: "GET", path: "/findings", scope: "findings:read", summary: "Findings, newest first.",
    query: PageQuery.extend({ state: z.enum(["open", "acknowledged", "closed", "current"]).default("current").describe("current: open and acknowledged."), customerId: Id.optional(), deviceId: Id.optional(), severity: m.Severity.optional(), check: z.string().max(64).optional() }),
    response: page(m.Finding),
  }),
  getFinding: route({ name: "getFinding", method: "GET", path: "/findings/{findingId}", scope: "findings:read", summary: "One finding with its history.", params: findingId, response: m.Finding.extend({ events: z.array(m.FindingEvent) }) }),
  acknowledgeFinding: route({ name: "acknowledgeFinding", method: "POST", path: "/findings/{findingId}/acknowledge", scope: "findings:write", summary: "Acknowledges a finding, with a note and until when.", params: findingId, body: m.AcknowledgeFinding, response: m.Finding, errors: ["CONFLICT"] }),
  reopenFinding: route({ name: "reopenFinding", method: "POST", path: "/findings/{findingId}/reopen", scope: "findings:write", summary: "Takes an acknowledgement back.", params: findingId, response: m.Finding, errors: ["CONFLICT"] }),

  // policies
  listPolicies: route({ name: "listPolicies", method: "GET", path: "/policies", scope: "policies:read", summary: "Policies by name.", query: PageQuery, response: page(m.Policy) }),
  createPolicy: route({ name: "createPolicy", method: "POST", path: "/policies", scope: "policies:write", summary: "Adds a policy.", body: m.NewPolicy, response: m.Policy, status: 201 }),
  getPolicy: route({ name: "getPolicy", method: "GET", path: "/policies/{policyId}", scope: "policies:read", summary: "One policy.", params: policyId, response: m.Policy }),
  changePolicy: route({ name: "changePolicy", method: "PATCH", path: "/policies/{policyId}", scope: "policies:write", summary: "Changes a policy; holds at once.", params: policyId, body: m.PolicyChange, response: m.Policy, errors: ["CONFLICT"] }),
  deletePolicy: route({ name: "deletePolicy", method: "DELETE", path: "/policies/{policyId}", scope: "policies:write", summary: "Removes a policy.", params: policyId, status: 204 }),

  // mail and webhooks
  listOutbox: route({ name: "listOutbox", method: "GET", path: "/outbox", scope: "mail:read", summary: "Mails, newest first.", query: PageQuery.extend({ state: z.enum(["queued", "sent", "refused", "kept"]).optional() }), response: page(m.OutboxMail) }),
  getMail: route({ name: "getMail", method: "GET", path: "/outbox/{mailId}", scope: "mail:read", summary: "One mail, whole.", params: z.object({ mailId: Id }), response: m.OutboxMailWhole }),
  getMailHtml: route({ name: "getMailHtml", method: "GET", path: "/outbox/{mailId}/html", scope: "mail:read", summary: "The mail's HTML part as a page of its own, for a sandboxed frame. Answers with its own `Content-Security-Policy: sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'`.", params: z.object({ mailId: Id }), produces: "text/html" }),
  retryMail: route({ name: "retryMail", method: "POST", path: "/outbox/{mailId}/retry", scope: "mail:write", summary: "Sends a mail again now, to those who have not had it.", params: z.object({ mailId: Id }), response: m.OutboxMail, errors: ["CONFLICT"] }),
  listRecipients: route({ name: "listRecipients", method: "GET", path: "/recipients", scope: "mail:read", summary: "Who gets alarm mails.", query: PageQuery.extend({ customerId: Id.optional() }), response: page(m.Recipient) }),
  createRecipient: route({ name: "createRecipient", method: "POST", path: "/recipients", scope: "mail:write", summary: "Adds a recipient of alarm mails.", body: m.NewRecipient, response: m.Recipient, status: 201, errors: ["CONFLICT"] }),
  deleteRecipient: route({ name: "deleteRecipient", method: "DELETE", path: "/recipients/{recipientId}", scope: "mail:write", summary: "Removes a recipient.", params: z.object({ recipientId: Id }), status: 204 }),
  listWebhooks: route({ name: "listWebhooks", method: "GET", path: "/webhooks", scope: "settings:read", summary: "Webhooks.", query: PageQuery, response: page(m.Webhook) }),
  createWebhook: route({ name: "createWebhook", method: "POST", path: "/webhooks", scope: "settings:write", summary: "Adds a webhook for findings and shows its signing secret once.", body: m.NewWebhook, response: m.CreatedWebhook, status: 201 }),
  deleteWebhook: route({ name: "deleteWebhook", method: "DELETE", path: "/webhooks/{webhookId}", scope: "settings:write", summary: "Removes a webhook.", params: z.object({ webhookId: Id }), status: 204 }),
  listWebhookDeliveries: route({ name: "listWebhookDeliveries", method: "GET", path: "/webhooks/{webhookId}/deliveries", scope: "settings:read", summary: "What was sent to a webhook, newest first.", params: z.object({ webhookId: Id }), query: PageQuery, response: page(m.WebhookDelivery) }),
} as const;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
/** Routes that anybody may call, signed in or not. */
export type PublicRouteName = { [Name in RouteName]: Routes[Name]["scope"] extends "none" ? Name : never }[RouteName];

/** Input of the verb behind a route: `Verb<Input<"listDevices">>`. */
export type Input<Name extends RouteName> = InputOf<Routes[Name]>;
/** Result of the verb behind a route: `Promise<Result<"listDevices">>`. */
export type Result<Name extends RouteName> = ResultOf<Routes[Name]>;

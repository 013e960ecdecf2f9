/**
 * Every route of the API with the verb that does its work. A route without a verb does not compile, nor does a verb that
 * takes or returns something else than its route says.
 */
import type { Input, PublicRouteName, Result, RouteName } from "@hauswart/protocol/api/routes.ts";
import { createApiKey } from "../access/create-api-key.ts";
import { createSession } from "../access/create-session.ts";
import { endSession } from "../access/end-session.ts";
import { getSession } from "../access/get-session.ts";
import { listApiKeys } from "../access/list-api-keys.ts";
import { revokeApiKey } from "../access/revoke-api-key.ts";
import { listAudit } from "../audit/list-audit.ts";
import type { PublicVerb, Verb } from "../context.ts";
import { changeDevice } from "../devices/change-device.ts";
import { getDevice } from "../devices/get-device.ts";
import { getOverview } from "../devices/get-overview.ts";
import { listDeviceChecks } from "../devices/list-device-checks.ts";
import { listDeviceTimeline } from "../devices/list-device-timeline.ts";
import { listDevices } from "../devices/list-devices.ts";
import { measureDevice } from "../devices/measure-device.ts";
import { revokeDevice } from "../devices/revoke-device.ts";
import { acknowledgeFinding } from "../findings/acknowledge-finding.ts";
import { addFindingNote } from "../findings/add-finding-note.ts";
import { getFinding } from "../findings/get-finding.ts";
import { listFindings } from "../findings/list-findings.ts";
import { reopenFinding } from "../findings/reopen-finding.ts";
import { getSeries } from "../history/get-series.ts";
import { createRecipient } from "../mail/create-recipient.ts";
import { deleteRecipient } from "../mail/delete-recipient.ts";
import { getMail } from "../mail/get-mail.ts";
import { getMailHtml } from "../mail/get-mail-html.ts";
import { listOutbox } from "../mail/list-outbox.ts";
import { listRecipients } from "../mail/list-recipients.ts";
import { retryMail } from "../mail/retry-mail.ts";
import { sendTestMail } from "../mail/send-test-mail.ts";
import { getServerReport } from "../operation/get-server-report.ts";
import { changePolicy } from "../policies/change-policy.ts";
import { createPolicy } from "../policies/create-policy.ts";
import { deletePolicy } from "../policies/delete-policy.ts";
import { getPolicy } from "../policies/get-policy.ts";
import { listChecks } from "../policies/list-checks.ts";
import { listPolicies } from "../policies/list-policies.ts";
import { previewPolicy } from "../policies/preview-policy.ts";
import { changeCustomer } from "../tenancy/change-customer.ts";
import { changeSettings } from "../tenancy/change-settings.ts";
import { changeSite } from "../tenancy/change-site.ts";
import { createCustomer } from "../tenancy/create-customer.ts";
import { createEnrolmentToken } from "../tenancy/create-enrolment-token.ts";
import { createSite } from "../tenancy/create-site.ts";
import { getCustomer } from "../tenancy/get-customer.ts";
import { getFirstSteps } from "../tenancy/get-first-steps.ts";
import { getSettings } from "../tenancy/get-settings.ts";
import { listCustomers } from "../tenancy/list-customers.ts";
import { listEnrolmentTokens } from "../tenancy/list-enrolment-tokens.ts";
import { listSites } from "../tenancy/list-sites.ts";
import { revokeEnrolmentToken } from "../tenancy/revoke-enrolment-token.ts";
import { createWebhook } from "../webhooks/create-webhook.ts";
import { deleteWebhook } from "../webhooks/delete-webhook.ts";
import { listWebhookDeliveries } from "../webhooks/list-webhook-deliveries.ts";
import { listWebhooks } from "../webhooks/list-webhooks.ts";
import { getHealth } from "./get-health.ts";
import { getOpenApi } from "./get-open-api.ts";
import { getReadiness } from "./get-readiness.ts";
import { streamEvents } from "./stream-events.ts";

/** What routes return that answer with something other than JSON. */
interface OtherResults {
  streamEvents: ReadableStream<Uint8Array>;
  getMailHtml: string;
}

type ArgumentOf<Name extends RouteName> = Name extends PublicRouteName ? PublicVerb<Input<Name>> : Verb<Input<Name>>;
type ResultOfVerb<Name extends RouteName> = Name extends keyof OtherResults ? OtherResults[Name] : Result<Name>;

/** One verb per route. */
export type VerbTable = { readonly [Name in RouteName]: (argument: ArgumentOf<Name>) => Promise<ResultOfVerb<Name>> };

export const verbs = {
  acknowledgeFinding,
  addFindingNote,
  changeCustomer,
  changeDevice,
  changePolicy,
  changeSettings,
  changeSite,
  createApiKey,
  createCustomer,
  createEnrolmentToken,
  createPolicy,
  createRecipient,
  createSession,
  createSite,
  createWebhook,
  deletePolicy,
  deleteRecipient,
  deleteWebhook,
  endSession,
  getCustomer,
  getDevice,
  getFinding,
  getFirstSteps,
  getHealth,
  getMail,
  getMailHtml,
  getOpenApi,
  getOverview,
  getPolicy,
  getReadiness,
  getSeries,
  getServerReport,
  getSession,
  getSettings,
  listApiKeys,
  listAudit,
  listChecks,
  listCustomers,
  listDeviceChecks,
  listDevices,
  listDeviceTimeline,
  listEnrolmentTokens,
  listFindings,
  listOutbox,
  listPolicies,
  listRecipients,
  listSites,
  listWebhookDeliveries,
  listWebhooks,
  measureDevice,
  previewPolicy,
  reopenFinding,
  retryMail,
  revokeApiKey,
  revokeDevice,
  revokeEnrolmentToken,
  sendTestMail,
  streamEvents,
} satisfies VerbTable;

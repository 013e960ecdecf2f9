/**
 * Every route of the API with the verb that does its work. A route without a verb does not compile, nor does a verb that
 * takes or returns something else than its route says.
 */
import type { Input, PublicRouteName, Result, RouteName } from "@hauswart/protocol/api/routes.ts";
import { changeAccount } from "../access/accounts/change-account.ts";
import { changeProfile } from "../access/accounts/change-profile.ts";
import { deleteAccount } from "../access/accounts/delete-account.ts";
import { getAccount } from "../access/accounts/get-account.ts";
import { listAccounts } from "../access/accounts/list-accounts.ts";
import { acceptInvitation } from "../access/invitations/accept-invitation.ts";
import { getInvitation } from "../access/invitations/get-invitation.ts";
import { inviteAccount } from "../access/invitations/invite-account.ts";
import { listInvitations } from "../access/invitations/list-invitations.ts";
import { resendInvitation } from "../access/invitations/resend-invitation.ts";
import { revokeInvitation } from "../access/invitations/revoke-invitation.ts";
import { recordVisit } from "../access/accounts/record-visit.ts";
import { cancelEmailChange } from "../access/email/cancel-email-change.ts";
import { confirmEmailChange } from "../access/email/confirm-email-change.ts";
import { getEmailChange } from "../access/email/get-email-change.ts";
import { objectToEmailChange } from "../access/email/object-to-email-change.ts";
import { requestEmailChange } from "../access/email/request-email-change.ts";
import { changePassword } from "../access/password/change-password.ts";
import { requestPasswordReset } from "../access/password/request-password-reset.ts";
import { resetPassword } from "../access/password/reset-password.ts";
import { endOtherSessions } from "../access/sessions/end-other-sessions.ts";
import { endSessionById } from "../access/sessions/end-session-by-id.ts";
import { listSessions } from "../access/sessions/list-sessions.ts";
import { createApiKey } from "../access/create-api-key.ts";
import { createSession } from "../access/create-session.ts";
import { endSession } from "../access/end-session.ts";
import { beginOidcSignIn } from "../access/factors/begin-oidc-sign-in.ts";
import { changeOidcIssuer } from "../access/factors/change-oidc-issuer.ts";
import { createOidcIssuer } from "../access/factors/create-oidc-issuer.ts";
import { createSessionWithBreakGlass } from "../access/factors/create-session-with-break-glass.ts";
import { createSessionWithOidc } from "../access/factors/create-session-with-oidc.ts";
import { deleteAccountFactors } from "../access/factors/delete-account-factors.ts";
import { deleteOidcIssuer } from "../access/factors/delete-oidc-issuer.ts";
import { listOidcIssuers } from "../access/factors/list-oidc-issuers.ts";
import { listSignInWays } from "../access/factors/list-sign-in-ways.ts";
import { beginPasskey } from "../access/factors/begin-passkey.ts";
import { beginPasskeySignIn } from "../access/factors/begin-passkey-sign-in.ts";
import { beginProof } from "../access/factors/begin-proof.ts";
import { beginTotp } from "../access/factors/begin-totp.ts";
import { changePasskey } from "../access/factors/change-passkey.ts";
import { confirmTotp } from "../access/factors/confirm-totp.ts";
import { createPasskey } from "../access/factors/create-passkey.ts";
import { createRecoveryCodes } from "../access/factors/create-recovery-codes.ts";
import { createSessionWithFactor } from "../access/factors/create-session-with-factor.ts";
import { createSessionWithPasskey } from "../access/factors/create-session-with-passkey.ts";
import { deletePasskey } from "../access/factors/delete-passkey.ts";
import { deleteTotp } from "../access/factors/delete-totp.ts";
import { getFactors } from "../access/factors/get-factors.ts";
import { checkProof } from "../access/factors/check-proof.ts";
import { proveSession } from "../access/factors/prove-session.ts";
import { getSession } from "../access/get-session.ts";
import { listApiKeys } from "../access/list-api-keys.ts";
import { revokeApiKey } from "../access/revoke-api-key.ts";
import { getAuditEntry } from "../audit/get-audit-entry.ts";
import { listAudit } from "../audit/list-audit.ts";
import { verifyAudit } from "../audit/verify-audit.ts";
import { assignCalendar } from "../calendars/assign-calendar.ts";
import { changeCalendar } from "../calendars/change-calendar.ts";
import { createCalendar } from "../calendars/create-calendar.ts";
import { changeHolidaySet } from "../calendars/change-holiday-set.ts";
import { createHolidaySet } from "../calendars/create-holiday-set.ts";
import { deleteCalendar } from "../calendars/delete-calendar.ts";
import { deleteHoliday } from "../calendars/delete-holiday.ts";
import { deleteHolidaySet } from "../calendars/delete-holiday-set.ts";
import { getCalendarsInForce } from "../calendars/get-calendars-in-force.ts";
import { listCalendars } from "../calendars/list-calendars.ts";
import { listHolidays } from "../calendars/list-holidays.ts";
import { previewCalendar } from "../calendars/preview-calendar.ts";
import { putHoliday } from "../calendars/put-holiday.ts";
import { getRounds } from "../rounds/get-rounds.ts";
import { listRoundRecords } from "../rounds/list-round-records.ts";
import type { PublicVerb, Verb } from "../context.ts";
import { changeDevice } from "../devices/change-device.ts";
import { createDevice } from "../devices/create-device.ts";
import { getDevice } from "../devices/get-device.ts";
import { getOverview } from "../devices/get-overview.ts";
import { listDeviceChecks } from "../devices/list-device-checks.ts";
import { listDeviceTimeline } from "../devices/list-device-timeline.ts";
import { listDevices } from "../devices/list-devices.ts";
import { measureDevice } from "../devices/measure-device.ts";
import { revokeDevice } from "../devices/revoke-device.ts";
import { confirmAlarmDrill } from "../drills/confirm-alarm-drill.ts";
import { getAlarmDrill } from "../drills/get-alarm-drill.ts";
import { listAlarmDrills } from "../drills/list-alarm-drills.ts";
import { startAlarmDrill } from "../drills/start-alarm-drill.ts";
import { finishContactStep } from "../contacts/finish-contact-step.ts";
import { listContacts } from "../contacts/list-contacts.ts";
import { listDueContacts } from "../contacts/list-due-contacts.ts";
import { recordContact } from "../contacts/record-contact.ts";
import { acknowledgeFinding } from "../findings/acknowledge-finding.ts";
import { addFindingNote } from "../findings/add-finding-note.ts";
import { getFinding } from "../findings/get-finding.ts";
import { listFindings } from "../findings/list-findings.ts";
import { reopenFinding } from "../findings/reopen-finding.ts";
import { previewRetention } from "../history/preview-retention.ts";
import { getSeries } from "../history/get-series.ts";
import { cancelMaintenanceWindow } from "../maintenance/cancel-maintenance-window.ts";
import { changeMaintenanceWindow } from "../maintenance/change-maintenance-window.ts";
import { createMaintenanceWindow } from "../maintenance/create-maintenance-window.ts";
import { endMaintenance } from "../maintenance/end-maintenance.ts";
import { listMaintenanceWindows } from "../maintenance/list-maintenance-windows.ts";
import { createRecipient } from "../routing/recipients/create-recipient.ts";
import { deleteRecipient } from "../routing/recipients/delete-recipient.ts";
import { getMail } from "../mail/get-mail.ts";
import { getMailHtml } from "../mail/get-mail-html.ts";
import { listOutbox } from "../mail/list-outbox.ts";
import { getRecipient } from "../routing/recipients/get-recipient.ts";
import { listRecipients } from "../routing/recipients/list-recipients.ts";
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
import { getFindingVerdict } from "../noise/get-finding-verdict.ts";
import { getNoise } from "../noise/get-noise.ts";
import { getVerdictOffer } from "../noise/get-verdict-offer.ts";
import { judgeByLink } from "../noise/judge-by-link.ts";
import { judgeFinding } from "../noise/judge-finding.ts";
import { cancelReplay } from "../replay/cancel-replay.ts";
import { getReplay } from "../replay/get-replay.ts";
import { startReplay } from "../replay/start-replay.ts";
import { changeCustomer } from "../tenancy/change-customer.ts";
import { changeSettings } from "../tenancy/change-settings.ts";
import { deleteSite } from "../tenancy/delete-site.ts";
import { changeSite } from "../tenancy/change-site.ts";
import { eraseCustomer } from "../tenancy/customer-data/erase-customer.ts";
import { exportCustomer } from "../tenancy/customer-data/export-customer.ts";
import { listErasures } from "../tenancy/customer-data/list-erasures.ts";
import { changeRepairOrder } from "../repair-orders/change-repair-order.ts";
import { getRepairOffer } from "../repair-orders/get-repair-offer.ts";
import { getRepairOrder } from "../repair-orders/get-repair-order.ts";
import { listRepairOrders } from "../repair-orders/list-repair-orders.ts";
import { placeRepairOrder } from "../repair-orders/place-repair-order.ts";
import { changeCustomerTerms } from "../tenancy/change-customer-terms.ts";
import { getCustomerTerms } from "../tenancy/get-customer-terms.ts";
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
import { changeAgentRollout } from "../updates/change-agent-rollout.ts";
import { addAgentReleasePart } from "../updates/add-agent-release-part.ts";
import { createAgentRelease } from "../updates/create-agent-release.ts";
import { getDeviceUpdate } from "../updates/get-device-update.ts";
import { listAgentReleases } from "../updates/list-agent-releases.ts";
import { listUpdateRings } from "../updates/list-update-rings.ts";
import { setUpdateRing } from "../updates/set-update-ring.ts";
import { changeSavedView } from "../views/change-saved-view.ts";
import { chooseSavedView } from "../views/choose-saved-view.ts";
import { createSavedView } from "../views/create-saved-view.ts";
import { deleteSavedView } from "../views/delete-saved-view.ts";
import { listSavedViews } from "../views/list-saved-views.ts";
import { listRotas } from "../routing/rota/list-rotas.ts";
import { createRota } from "../routing/rota/create-rota.ts";
import { changeRota } from "../routing/rota/change-rota.ts";
import { deleteRota } from "../routing/rota/delete-rota.ts";
import { getRotaCalendar } from "../routing/rota/get-rota-calendar.ts";
import { createRotaOverride } from "../routing/rota/create-rota-override.ts";
import { deleteRotaOverride } from "../routing/rota/delete-rota-override.ts";
import { getOnCall } from "../routing/rota/get-on-call.ts";
import { listEscalationPlans } from "../routing/escalation/list-escalation-plans.ts";
import { createEscalationPlan } from "../routing/escalation/create-escalation-plan.ts";
import { changeEscalationPlan } from "../routing/escalation/change-escalation-plan.ts";
import { deleteEscalationPlan } from "../routing/escalation/delete-escalation-plan.ts";
import { getAcknowledgement } from "../routing/links/get-acknowledgement.ts";
import { acknowledgeByLink } from "../routing/links/acknowledge-by-link.ts";
import { getDigest } from "../routing/links/get-digest.ts";
import { endDigest } from "../routing/links/end-digest.ts";
import { createPushSubscription } from "../routing/push/create-push-subscription.ts";
import { deletePushSubscription } from "../routing/push/delete-push-subscription.ts";
import { getPushKey } from "../routing/push/get-push-key.ts";
import { listPushSubscriptions } from "../routing/push/list-push-subscriptions.ts";
import { previewRouting } from "../routing/preview-routing.ts";
import { changeRecipient } from "../routing/recipients/change-recipient.ts";
import { testRecipient } from "../routing/recipients/test-recipient.ts";
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
  exportCustomer: ReadableStream<Uint8Array>;
}

type ArgumentOf<Name extends RouteName> = Name extends PublicRouteName ? PublicVerb<Input<Name>> : Verb<Input<Name>>;
type ResultOfVerb<Name extends RouteName> = Name extends keyof OtherResults ? OtherResults[Name] : Result<Name>;

/** One verb per route. */
export type VerbTable = { readonly [Name in RouteName]: (argument: ArgumentOf<Name>) => Promise<ResultOfVerb<Name>> };

export const verbs = {
  acknowledgeByLink,
  changeEscalationPlan,
  changeRecipient,
  changeRota,
  createEscalationPlan,
  createPushSubscription,
  createRota,
  createRotaOverride,
  deleteEscalationPlan,
  deletePushSubscription,
  deleteRota,
  deleteRotaOverride,
  endDigest,
  getAcknowledgement,
  getDigest,
  getOnCall,
  getPushKey,
  getRotaCalendar,
  listEscalationPlans,
  listPushSubscriptions,
  listRotas,
  previewRouting,
  testRecipient,
  acceptInvitation,
  acknowledgeFinding,
  addFindingNote,
  assignCalendar,
  beginOidcSignIn,
  beginPasskey,
  beginPasskeySignIn,
  beginProof,
  beginTotp,
  cancelMaintenanceWindow,
  changeAccount,
  changeAgentRollout,
  changeCalendar,
  changeCustomer,
  changeCustomerTerms,
  changeDevice,
  changeMaintenanceWindow,
  changeOidcIssuer,
  changePasskey,
  changePassword,
  recordVisit,
  getEmailChange,
  requestEmailChange,
  cancelEmailChange,
  changePolicy,
  changeProfile,
  changeRepairOrder,
  changeSavedView,
  changeSettings,
  changeSite,
  checkProof,
  chooseSavedView,
  confirmAlarmDrill,
  confirmTotp,
  createApiKey,
  createCalendar,
  createCustomer,
  createDevice,
  createEnrolmentToken,
  changeHolidaySet,
  createHolidaySet,
  createMaintenanceWindow,
  createOidcIssuer,
  createPasskey,
  createPolicy,
  createRecipient,
  createRecoveryCodes,
  createSavedView,
  createSession,
  createSessionWithBreakGlass,
  createSessionWithFactor,
  createSessionWithOidc,
  createSessionWithPasskey,
  createSite,
  createWebhook,
  deleteAccount,
  deleteAccountFactors,
  deleteCalendar,
  deleteHoliday,
  deleteHolidaySet,
  deleteOidcIssuer,
  deletePasskey,
  deletePolicy,
  deleteRecipient,
  deleteSavedView,
  deleteSite,
  deleteTotp,
  deleteWebhook,
  endMaintenance,
  endOtherSessions,
  endSession,
  endSessionById,
  eraseCustomer,
  exportCustomer,
  finishContactStep,
  getAccount,
  getAlarmDrill,
  getAuditEntry,
  getCustomer,
  getCustomerTerms,
  getCalendarsInForce,
  getDevice,
  getDeviceUpdate,
  getFactors,
  getFinding,
  getFirstSteps,
  getHealth,
  getInvitation,
  getMail,
  getMailHtml,
  getOpenApi,
  getOverview,
  getPolicy,
  getReadiness,
  getRecipient,
  getRepairOffer,
  getRepairOrder,
  getRounds,
  getSeries,
  getServerReport,
  getSession,
  getSettings,
  inviteAccount,
  listAccounts,
  addAgentReleasePart,
  createAgentRelease,
  listAgentReleases,
  listUpdateRings,
  listAlarmDrills,
  listApiKeys,
  listAudit,
  listCalendars,
  listChecks,
  listContacts,
  listCustomers,
  listDeviceChecks,
  listDeviceTimeline,
  listDueContacts,
  listDevices,
  listEnrolmentTokens,
  listErasures,
  listFindings,
  listHolidays,
  listInvitations,
  listMaintenanceWindows,
  listOidcIssuers,
  listOutbox,
  listPolicies,
  listRecipients,
  listRepairOrders,
  listRoundRecords,
  listSavedViews,
  listSessions,
  listSignInWays,
  listSites,
  listWebhookDeliveries,
  listWebhooks,
  measureDevice,
  placeRepairOrder,
  previewCalendar,
  startAlarmDrill,
  previewPolicy,
  getFindingVerdict,
  getNoise,
  getVerdictOffer,
  judgeByLink,
  judgeFinding,
  cancelReplay,
  getReplay,
  startReplay,
  previewRetention,
  proveSession,
  recordContact,
  putHoliday,
  reopenFinding,
  requestPasswordReset,
  resendInvitation,
  resetPassword,
  confirmEmailChange,
  objectToEmailChange,
  retryMail,
  revokeApiKey,
  revokeDevice,
  revokeEnrolmentToken,
  revokeInvitation,
  sendTestMail,
  setUpdateRing,
  streamEvents,
  verifyAudit,
} satisfies VerbTable;

/** Attempts on accounts, invitations, sessions and passwords, by somebody who is restricted to some customers. */
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import type { Attempt, Targets } from "./attempts.ts";

const token = "A".repeat(43);
const password = "a password of the intruder";

export function onPeople({ foreign, provider }: Targets) {
  const { accountId, sessionId, invitationId } = provider;
  const reach = { mode: "include", customerIds: [foreign.customerId] };
  return {
    listAccounts: [{ expect: "FORBIDDEN" }],
    getAccount: [{ params: { accountId }, expect: "FORBIDDEN" }],
    changeAccount: [
      { params: { accountId }, body: { isDisabled: true }, expect: "FORBIDDEN" },
      { params: { accountId }, body: { role: "read-only", reach }, expect: "FORBIDDEN" },
    ],
    deleteAccount: [{ params: { accountId }, expect: "FORBIDDEN" }],
    listInvitations: [{ expect: "FORBIDDEN" }],
    inviteAccount: [
      { body: { email: "spy@hauswart.test", name: "Spy", role: "owner" }, expect: "FORBIDDEN" },
      { body: { email: "spy@hauswart.test", name: "Spy", role: "read-only", reach }, expect: "FORBIDDEN" },
    ],
    resendInvitation: [{ params: { invitationId }, expect: "FORBIDDEN" }],
    revokeInvitation: [{ params: { invitationId }, expect: "FORBIDDEN" }],
    getInvitation: [{ body: { token: `hwi_${token}` }, expect: "LINK_INVALID" }],
    acceptInvitation: [{ body: { token: `hwi_${token}`, name: "Spy", password }, expect: "LINK_INVALID" }],
    requestPasswordReset: [{ body: { email: "nobody@hauswart.test" }, expect: "harmless" }],
    resetPassword: [{ body: { token: `hwr_${token}`, password }, expect: "LINK_INVALID" }],
    changeProfile: [
      { body: { name: "Spy" }, expect: "FORBIDDEN", byPerson: "harmless" },
      { body: { name: "Spy", role: "owner" }, expect: "INVALID_REQUEST" },
      { body: { name: "Spy", reach: { mode: "all", customerIds: [] } }, expect: "INVALID_REQUEST" },
    ],
    recordVisit: [{ body: {}, expect: "FORBIDDEN", byPerson: "harmless" }],
    getEmailChange: [{ expect: "FORBIDDEN", byPerson: "harmless" }],
    requestEmailChange: [{ body: { email: "spy@hauswart.test", accountId }, expect: "INVALID_REQUEST" }],
    cancelEmailChange: [{ expect: "FORBIDDEN", byPerson: "harmless" }],
    confirmEmailChange: [{ body: { token: `hwm_${token}` }, expect: "LINK_INVALID" }],
    objectToEmailChange: [{ body: { token: `hwo_${token}` }, expect: "LINK_INVALID" }],
    changePassword: [{ body: { currentPassword: password, newPassword: password }, expect: "FORBIDDEN", byPerson: "WRONG_PASSWORD" }],
    listSessions: [
      { expect: "FORBIDDEN", byPerson: "harmless" },
      { query: { accountId }, expect: "FORBIDDEN", byPerson: "FORBIDDEN" },
    ],
    endSessionById: [{ params: { sessionId }, expect: "NOT_FOUND" }],
    endOtherSessions: [
      { expect: "FORBIDDEN", byPerson: "harmless" },
      { query: { accountId }, expect: "FORBIDDEN", byPerson: "FORBIDDEN" },
    ],
  } satisfies Partial<Record<RouteName, readonly Attempt[]>>;
}

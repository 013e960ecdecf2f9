/** The list of users: accounts and invitations that nobody has accepted yet, as rows of one list. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import type { Reach } from "@hauswart/protocol/api/models.ts";
import type { Role } from "@hauswart/protocol/roles.ts";

export type AccountRow = ItemOf<"listAccounts">;
export type InvitationRow = ItemOf<"listInvitations">;
export type UserState = "active" | "disabled" | "invited" | "expired";

export interface UserRow {
  /** Id of the account or the invitation. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly reach: Reach;
  readonly state: UserState;
  readonly lastUsedAt: string | null;
  readonly account: AccountRow | null;
  readonly invitation: InvitationRow | null;
}

/** Who waits for an answer first, then the accounts by name. */
export function userRows(accounts: readonly AccountRow[], invitations: readonly InvitationRow[]): UserRow[] {
  return [
    ...invitations.map((invitation): UserRow => ({
      id: invitation.invitationId,
      name: invitation.name,
      email: invitation.email,
      role: invitation.role,
      reach: invitation.reach,
      state: invitation.state === "open" ? "invited" : "expired",
      lastUsedAt: null,
      account: null,
      invitation,
    })),
    ...accounts.map((account): UserRow => ({
      id: account.accountId,
      name: account.name,
      email: account.email,
      role: account.role,
      reach: account.reach,
      state: account.disabledAt === null ? "active" : "disabled",
      lastUsedAt: account.lastUsedAt,
      account,
      invitation: null,
    })),
  ];
}

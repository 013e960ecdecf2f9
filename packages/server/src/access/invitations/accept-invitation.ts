import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { audit } from "../../audit/audit.ts";
import type { Caller, PublicVerb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { isUniqueViolation } from "../../database/errors.ts";
import { isoTime } from "../../times.ts";
import { presentAccount, type AccountRow } from "../accounts/account-row.ts";
import { requireGoodPassword } from "../password/require-good-password.ts";
import { hashPassword } from "../passwords.ts";
import { hashOfToken } from "../tokens.ts";
import { getInvitation } from "./get-invitation.ts";
import type { InvitationRow } from "./invitation-row.ts";

/**
 * Makes the account of an invitation, with its address, role and customers as they were invited; who accepts chooses name,
 * language and password. Of several who accept at once, one does. Errors: LINK_INVALID, CONFLICT (the address has an account
 * by now), INVALID_REQUEST (password).
 */
export async function acceptInvitation({ caller, input }: PublicVerb<Input<"acceptInvitation">>): Promise<Result<"acceptInvitation">> {
  // A guessed token must not cost the work of hashing a password.
  const { email } = await getInvitation({ caller, input: { token: input.token } });
  requireGoodPassword(input.password, email, "password");
  const passwordHash = await hashPassword(input.password);
  const work = caller.services.database.unwalled("accept an invitation", (tx) => accept(tx, caller, input, passwordHash));
  return work.catch((error: unknown) => {
    if (isUniqueViolation(error, "account_email"))
      throw new HauswartError("CONFLICT", "There is an account of this address already; sign in.");
    throw error;
  });
}

type TakenRow = InvitationRow & { provider_id: Id; created_by: string };

async function accept(
  tx: Tx,
  { services, address }: Caller,
  { token, name, language }: Input<"acceptInvitation">,
  passwordHash: string,
): Promise<Result<"acceptInvitation">> {
  const now = services.clock.now();
  const [invitation] = await tx.sql<TakenRow>("delete from hauswart.invitation where token_hash = $1 and expires_at > $2 returning *", [
    hashOfToken(token),
    isoTime(now),
  ]);
  if (!invitation) throw new HauswartError("LINK_INVALID");
  const account: AccountRow = {
    provider_id: invitation.provider_id,
    account_id: newId(now),
    email: invitation.email,
    name,
    role: invitation.role,
    reach: invitation.reach,
    customer_ids: invitation.customer_ids,
    language: language ?? invitation.language,
    disabled_at: null,
    created_at: new Date(now),
  };
  await tx.sql(
    `insert into hauswart.account (provider_id, account_id, email, name, role, reach, customer_ids, language, password_hash, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      account.provider_id,
      account.account_id,
      account.email,
      account.name,
      account.role,
      account.reach,
      account.customer_ids,
      account.language,
      passwordHash,
      isoTime(now),
    ],
  );
  const actor = { kind: "system", id: "invitation", name: "invitation" } as const;
  await audit(
    tx,
    { services, providerId: account.provider_id, actor, address },
    {
      action: "account.create",
      subject: { kind: "account", id: account.account_id },
      customerId: null,
      detail: {
        email: account.email,
        name,
        role: account.role,
        reach: account.reach,
        customerIds: account.customer_ids,
        invitationId: invitation.invitation_id,
        invitedBy: invitation.created_by,
      },
    },
  );
  return presentAccount(account);
}

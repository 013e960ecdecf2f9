import type { Input } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { PublicVerb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import type { Services } from "../../services.ts";
import { isoTime } from "../../times.ts";
import { accountColumns, type AccountRow } from "../accounts/account-row.ts";
import { announceAccess } from "../accounts/announce-access.ts";
import { endSessionsOf } from "../accounts/end-access.ts";
import { hashPassword } from "../passwords.ts";
import { hashOfToken } from "../tokens.ts";
import { requireGoodPassword } from "./require-good-password.ts";
import { writePassword } from "./write-password.ts";

/**
 * Sets a new password with the link from the mail, once, and ends all sessions of the account. A second factor stays and is
 * asked for at the next sign-in. Errors: LINK_INVALID, INVALID_REQUEST (password).
 */
export async function resetPassword({ caller, input }: PublicVerb<Input<"resetPassword">>): Promise<void> {
  const { services, address } = caller;
  // A guessed token must not cost the work of hashing a password.
  const { email } = await services.database.unwalled("look at a link for a new password", (tx) => accountOfLink(tx, services, input.token));
  requireGoodPassword(input.password, email, "password");
  const passwordHash = await hashPassword(input.password);
  await services.database.unwalled("set a new password", async (tx) => {
    const account = await accountOfLink(tx, services, input.token);
    const taken = await tx.sql("delete from hauswart.password_reset where token_hash = $1 returning 1", [hashOfToken(input.token)]);
    if (taken.length === 0) throw new HauswartError("LINK_INVALID");
    const { provider_id: providerId, account_id: accountId } = account;
    await writePassword(tx, caller, account, passwordHash);
    const ended = await endSessionsOf(tx, { services, providerId }, accountId, undefined);
    const actor = { kind: "system", id: "password-reset", name: "password-reset" } as const;
    await audit(
      tx,
      { services, providerId, actor, address },
      {
        action: "account.password-reset",
        subject: { kind: "account", id: accountId },
        customerId: null,
        detail: { endedSessions: ended },
      },
    );
    announceAccess(tx, { services, providerId }, [accountId]);
  });
}

/** Errors: LINK_INVALID. */
async function accountOfLink(tx: Tx, { clock }: Services, token: string): Promise<AccountRow> {
  const [row] = await tx.sql<AccountRow>(
    `select ${accountColumns} from hauswart.password_reset r join hauswart.account a on a.provider_id = r.provider_id and a.account_id = r.account_id
     where r.token_hash = $1 and r.expires_at > $2 and a.disabled_at is null`,
    [hashOfToken(token), isoTime(clock.now())],
  );
  if (!row) throw new HauswartError("LINK_INVALID");
  return row;
}

import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { PublicVerb } from "../../context.ts";
import { isUniqueViolation } from "../../database/errors.ts";
import { isoTime } from "../../times.ts";
import { announceAccess } from "../accounts/announce-access.ts";
import { changeOfLink } from "./email-change-row.ts";

/**
 * Gives the account its new address with the link from the mail, once. Sessions stay: who asked has proved who they are. Links for
 * a new password in the old mailbox end. Sign-in at an identity provider goes by its subject and is not touched.
 * Errors: LINK_INVALID, CONFLICT where the address has an account meanwhile.
 */
export async function confirmEmailChange({
  caller,
  input,
}: PublicVerb<Input<"confirmEmailChange">>): Promise<Result<"confirmEmailChange">> {
  const { services, address } = caller;
  const now = isoTime(services.clock.now());
  return services.database
    .unwalled("change an e-mail address", async (tx) => {
      const change = await changeOfLink(tx, "confirm", input.token, now);
      const { provider_id: providerId, account_id: accountId, email_change_id: changeId, old_email: before, new_email: after } = change;
      if (change.email !== before) throw new HauswartError("LINK_INVALID");
      await tx.sql("update hauswart.account set email = $3, unreachable = null where provider_id = $1 and account_id = $2", [
        providerId,
        accountId,
        after,
      ]);
      await tx.sql("update hauswart.email_change set confirmed_at = $3 where provider_id = $1 and email_change_id = $2", [
        providerId,
        changeId,
        now,
      ]);
      await tx.sql("delete from hauswart.password_reset where provider_id = $1 and account_id = $2", [providerId, accountId]);
      await audit(
        tx,
        { services, providerId, actor: { kind: "system", id: "email-change", name: "email-change" }, address },
        { action: "account.email-change", subject: { kind: "account", id: accountId }, customerId: null, detail: { before, after } },
      );
      announceAccess(tx, { services, providerId }, [accountId]);
      return { email: after };
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error, "account_email")) throw new HauswartError("CONFLICT", "There is an account with this address already.");
      throw error;
    });
}

import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { PublicVerb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { isUniqueViolation } from "../../database/errors.ts";
import { sendLetter } from "../../mail/send-letter.ts";
import { isoTime } from "../../times.ts";
import { announceAccess } from "../accounts/announce-access.ts";
import { endSessionsOf } from "../accounts/end-access.ts";
import { changeOfLink, type EmailChangeRow } from "./email-change-row.ts";

/**
 * Undoes a change with the link from the mail to the old address, before or after it was confirmed, and all that came after it: who
 * took an account over may have changed the address twice. Objections to changes before stay open, so that somebody who came
 * later cannot object away what the owner still can. All sessions end. Errors: LINK_INVALID, CONFLICT (the address is taken).
 */
export async function objectToEmailChange({
  caller,
  input,
}: PublicVerb<Input<"objectToEmailChange">>): Promise<Result<"objectToEmailChange">> {
  const { services, address } = caller;
  const nowMs = services.clock.now();
  const now = isoTime(nowMs);
  return services.database
    .unwalled("undo a change of an e-mail address", async (tx) => {
      const change = await changeOfLink(tx, "objection", input.token, now);
      const { provider_id: providerId, account_id: accountId, old_email: email } = change;
      await undo(tx, change, now);
      const endedSessions = await endSessionsOf(tx, { services, providerId }, accountId, undefined);
      await sendLetter(
        tx,
        { services, providerId },
        { address: email, language: change.language, letter: { kind: "email-change-undone", email, fromAddress: address, atMs: nowMs } },
      );
      await audit(
        tx,
        { services, providerId, actor: { kind: "system", id: "email-change", name: "email-change" }, address },
        {
          action: "account.email-objection",
          subject: { kind: "account", id: accountId },
          customerId: null,
          detail: { before: change.email, after: email, endedSessions },
        },
      );
      announceAccess(tx, { services, providerId }, [accountId]);
      return { email };
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error, "account_email")) throw new HauswartError("CONFLICT", "There is an account with this address already.");
      throw error;
    });
}

async function undo(tx: Tx, { provider_id, account_id, old_email, created_at }: EmailChangeRow, now: string): Promise<void> {
  await tx.sql("update hauswart.account set email = $3, unreachable = null where provider_id = $1 and account_id = $2", [
    provider_id,
    account_id,
    old_email,
  ]);
  await tx.sql(
    `update hauswart.email_change set objected_at = $3, dropped_at = coalesce(dropped_at, $3)
     where provider_id = $1 and account_id = $2 and created_at >= $4`,
    [provider_id, account_id, now, isoTime(created_at)],
  );
  await tx.sql("delete from hauswart.password_reset where provider_id = $1 and account_id = $2", [provider_id, account_id]);
}

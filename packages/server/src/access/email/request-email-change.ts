import { consolePaths } from "@hauswart/protocol/api/people.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { audit } from "../../audit/audit.ts";
import type { Context, Verb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { sendLetter } from "../../mail/send-letter.ts";
import { isoTime } from "../../times.ts";
import { unsetOwnerEmail } from "../ensure-first-owner.ts";
import type { SignInRow } from "../find-account.ts";
import { readOwn, requireOwn, type Own } from "../factors/own-account.ts";
import { hashOfToken, newToken } from "../tokens.ts";
import { confirmLifeMs, dropWaiting, mostChangesAnHour, objectionLifeMs } from "./email-change-row.ts";

/**
 * Mails a link to the new address; the account keeps its old one until that link is followed. The old address is told, with a link
 * to object. Whether somebody has an account with the new address already is not said: only whoever reads its mail learns it.
 * Errors: FORBIDDEN for API keys, MAIL_SERVER_MISSING, INVALID_REQUEST (the same address), TOO_MANY_ATTEMPTS.
 */
export async function requestEmailChange({ ctx, input }: Verb<Input<"requestEmailChange">>): Promise<Result<"requestEmailChange">> {
  const own = requireOwn(ctx);
  const { services } = ctx;
  if (services.settings.smtpUrl === undefined) throw new HauswartError("MAIL_SERVER_MISSING");
  const newEmail = input.email.trim();
  return services.database.transaction(own.tenant, async (tx) => {
    // Two requests at once are counted one after the other.
    await tx.sql("select 1 from hauswart.account where provider_id = $1 and account_id = $2 for update", [own.providerId, own.accountId]);
    const account = await readOwn(tx, own);
    if (account.email === newEmail)
      throw new HauswartError("INVALID_REQUEST", undefined, {
        issues: [{ path: "body.email", message: "This is the account's address." }],
      });
    await requireFewChanges(tx, own, services.clock.now());
    const expiresAt = await write(tx, ctx, account, newEmail);
    await audit(tx, ctx, {
      action: "account.email-change-request",
      subject: { kind: "account", id: own.accountId },
      customerId: null,
      detail: { before: account.email, after: newEmail },
    });
    return { email: newEmail, expiresAt };
  });
}

async function requireFewChanges(tx: Tx, { providerId, accountId }: Own, now: number): Promise<void> {
  const hourMs = 3_600_000;
  const recent = await tx.sql<{ created_at: Date }>(
    "select created_at from hauswart.email_change where provider_id = $1 and account_id = $2 and created_at > $3 order by created_at",
    [providerId, accountId, isoTime(now - hourMs)],
  );
  if (recent.length < mostChangesAnHour) return;
  const retryAfterSeconds = Math.ceil((recent[0]!.created_at.getTime() + hourMs - now) / 1_000);
  throw new HauswartError("TOO_MANY_ATTEMPTS", undefined, { retryAfterSeconds });
}

/** @returns until when the new address can be confirmed */
async function write(tx: Tx, ctx: Context, { provider_id, account_id, email, language }: SignInRow, newEmail: string): Promise<string> {
  const { services, address: fromAddress } = ctx;
  const now = services.clock.now();
  const [expiresAtMs, objectUntilMs] = [now + confirmLifeMs, now + objectionLifeMs];
  const [confirmToken, objectionToken] = [newToken("email-change"), newToken("email-objection")];
  await dropWaiting(tx, provider_id, account_id, isoTime(now));
  await tx.sql(
    `insert into hauswart.email_change
       (provider_id, email_change_id, account_id, old_email, new_email, confirm_hash, objection_hash, created_at, confirm_until, object_until)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      provider_id,
      newId(now),
      account_id,
      email,
      newEmail,
      hashOfToken(confirmToken),
      hashOfToken(objectionToken),
      isoTime(now),
      isoTime(expiresAtMs),
      isoTime(objectUntilMs),
    ],
  );
  const { url } = services.settings;
  await sendLetter(tx, ctx, {
    address: newEmail,
    language,
    letter: { kind: "email-change", oldEmail: email, newEmail, fromAddress, expiresAtMs },
    accessLink: `${url}${consolePaths.emailChange}#token=${confirmToken}`,
  });
  if (email !== unsetOwnerEmail)
    await sendLetter(tx, ctx, {
      address: email,
      language,
      letter: { kind: "email-change-notice", oldEmail: email, newEmail, fromAddress, expiresAtMs: objectUntilMs },
      accessLink: `${url}${consolePaths.emailObjection}#token=${objectionToken}`,
    });
  return isoTime(expiresAtMs);
}

import { consolePaths } from "@hauswart/protocol/api/people.ts";
import type { Input } from "@hauswart/protocol/api/routes.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { audit } from "../../audit/audit.ts";
import type { Caller, PublicVerb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { sendLetter } from "../../mail/send-letter.ts";
import { isoTime } from "../../times.ts";
import type { AccountRow } from "../accounts/account-row.ts";
import { unsetOwnerEmail } from "../ensure-first-owner.ts";
import { findAccountByEmail } from "../find-account.ts";
import { hashOfToken, newToken } from "../tokens.ts";
import { takeResetRequest } from "./reset-requests.ts";

/** A link is good for so long. */
const passwordResetLifeMs = 3_600_000;
/** More mails than this an account does not get within an hour, whoever asks for them. */
export const mostMailsAnHour = 3;

/**
 * Mails a link for a new password, if there is such an account. The answer is the same if there is none, and does not wait for
 * the mail to be written, so that it takes the same time too. Errors: TOO_MANY_ATTEMPTS, per network address.
 */
export async function requestPasswordReset({ caller, input }: PublicVerb<Input<"requestPasswordReset">>): Promise<void> {
  await takeResetRequest(caller.services, caller.address);
  mailPasswordReset(caller, input.email).catch((error: unknown) =>
    caller.services.log.error("a link for a new password could not be mailed", { error }),
  );
}

/** Does the work. The mail goes to the address of the account, never to what was typed. @returns whether one was written */
export async function mailPasswordReset(caller: Caller, email: string): Promise<boolean> {
  const { services } = caller;
  return services.database.unwalled("mail a link for a new password", async (tx) => {
    const account = await findAccountByEmail(tx, email);
    if (!account || account.email === unsetOwnerEmail || !(await hasMailsLeft(tx, account, services.clock.now()))) return false;
    await write(tx, caller, account);
    return true;
  });
}

/** Two requests at once are counted one after the other. */
async function hasMailsLeft(tx: Tx, { provider_id, account_id }: AccountRow, now: number): Promise<boolean> {
  await tx.sql("select 1 from hauswart.account where provider_id = $1 and account_id = $2 for update", [provider_id, account_id]);
  const rows = await tx.sql("select 1 from hauswart.password_reset where provider_id = $1 and account_id = $2 and created_at > $3", [
    provider_id,
    account_id,
    isoTime(now - 3_600_000),
  ]);
  return rows.length < mostMailsAnHour;
}

async function write(tx: Tx, { services, address }: Caller, account: AccountRow): Promise<void> {
  const now = services.clock.now();
  const expiresAtMs = now + passwordResetLifeMs;
  const token = newToken("password-reset");
  const { provider_id: providerId, account_id: accountId } = account;
  await tx.sql(
    "insert into hauswart.password_reset (provider_id, password_reset_id, account_id, token_hash, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
    [providerId, newId(now), accountId, hashOfToken(token), isoTime(now), isoTime(expiresAtMs)],
  );
  await sendLetter(
    tx,
    { services, providerId },
    {
      address: account.email,
      language: account.language,
      letter: { kind: "password-reset", email: account.email, fromAddress: address, expiresAtMs },
      accessLink: `${services.settings.url}${consolePaths.passwordReset}#token=${token}`,
    },
  );
  const actor = { kind: "system", id: "password-reset", name: "password-reset" } as const;
  await audit(
    tx,
    { services, providerId, actor, address },
    { action: "account.password-reset-request", subject: { kind: "account", id: accountId }, customerId: null },
  );
}

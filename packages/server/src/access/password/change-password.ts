import type { Input } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { audit } from "../../audit/audit.ts";
import type { Context, Verb } from "../../context.ts";
import { announceAccess } from "../accounts/announce-access.ts";
import { endSessionsOf } from "../accounts/end-access.ts";
import { requireOwn, type Own } from "../factors/own-account.ts";
import { findAccountById } from "../find-account.ts";
import { hashPassword, passwordFits } from "../passwords.ts";
import { keepAttempt, returnAttempt, takeAttempt, type Attempt } from "../sign-in-attempts.ts";
import { requireGoodPassword } from "./require-good-password.ts";
import { setPasswordUntil } from "./set-password-until.ts";
import { writePassword } from "./write-password.ts";

/**
 * Changes one's own password and ends one's other sessions. Wrong current passwords are counted, so that a stolen session is no
 * way to guess the password; whoever has just come in by a break-glass code needs none. Errors: FORBIDDEN for API keys, WRONG_PASSWORD, TOO_MANY_ATTEMPTS, INVALID_REQUEST (new password).
 */
export async function changePassword({ ctx, input }: Verb<Input<"changePassword">>): Promise<void> {
  const own = requireOwn(ctx);
  const { providerId, accountId, sessionId } = own;
  const { services } = ctx;
  const account = await services.database.unwalled("read the password of an account", (tx) => findAccountById(tx, providerId, accountId));
  if (!account) throw new HauswartError("UNAUTHENTICATED");
  requireGoodPassword(input.newPassword, account.email, "newPassword");
  const { currentPassword } = input;
  const attempt = attemptOf(ctx, accountId);
  if (currentPassword === undefined) await requireBreakGlass(ctx, own);
  else {
    await takeAttempt(services, attempt);
    if (!(await passwordFits(currentPassword, account.password_hash ?? undefined))) {
      await services.database.unwalled("record a wrong password", (tx) => keepAttempt(tx, attempt));
      throw new HauswartError("WRONG_PASSWORD");
    }
  }
  const passwordHash = await hashPassword(input.newPassword);
  await services.database.unwalled("change a password", async (tx) => {
    if (currentPassword !== undefined) await returnAttempt(tx, attempt);
    await writePassword(tx, ctx, account, passwordHash);
    const ended = await endSessionsOf(tx, ctx, accountId, sessionId);
    await audit(tx, ctx, {
      action: "account.password-change",
      subject: { kind: "account", id: accountId },
      customerId: null,
      detail: { endedSessions: ended, ...(currentPassword === undefined ? { method: "break-glass" } : {}) },
    });
    announceAccess(tx, ctx, [accountId]);
  });
}

/** Errors: WRONG_PASSWORD for every other session, which has to say the current one. */
async function requireBreakGlass({ services }: Context, own: Own): Promise<void> {
  const untilMs = await services.database.transaction(own.tenant, (tx) => setPasswordUntil(tx, own, services.clock.now()));
  if (untilMs === undefined) throw new HauswartError("WRONG_PASSWORD", "This session has to say the current password.");
}

/** Counted apart from sign-in: whoever runs that count up must not keep people from changing their password. */
function attemptOf({ address }: Context, accountId: Id): Attempt {
  return { email: `password-change/${accountId}`, address, fromKnownAddress: false };
}

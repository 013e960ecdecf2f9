import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { Context, Verb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { isoTime } from "../../times.ts";
import { attemptOn } from "../find-account.ts";
import { passwordFits } from "../passwords.ts";
import { keepAttempt, returnAttempt, takeAttempt } from "../sign-in-attempts.ts";
import { takeChallenge } from "./challenges.ts";
import { takePasskey, takeTotp } from "./check-factor.ts";
import { proofFreshMs } from "./fresh-proof.ts";
import { readOwn, requireOwn, type Own } from "./own-account.ts";

/** Proves anew who sits at the keyboard. Errors: FORBIDDEN, PROOF_REFUSED, CHALLENGE_INVALID, TOO_MANY_ATTEMPTS. */
export async function proveSession({ ctx, input }: Verb<Input<"proveSession">>): Promise<Result<"proveSession">> {
  const own = requireOwn(ctx);
  const { services } = ctx;
  if (input.password !== undefined) await provePassword(ctx, own, input.password);
  else if (input.totp !== undefined) {
    const { totp } = input;
    await countedProof(ctx, own, "totp", (tx) => takeTotp(tx, services, own, totp));
  } else if (input.passkey !== undefined && input.challenge !== undefined) {
    const { begun } = await takeChallenge(services, input.challenge, "proof");
    const { passkey } = input;
    const { webAuthn } = begun;
    await countedProof(
      ctx,
      own,
      "passkey",
      async (tx) => begun.sessionId === own.sessionId && takePasskey(tx, services, own, { passkey, webAuthn }),
    );
  }
  const now = services.clock.now();
  await services.database.transaction(own.tenant, async (tx) => {
    await tx.sql("update hauswart.session set proved_at = $3 where provider_id = $1 and session_id = $2", [
      own.providerId,
      own.sessionId,
      isoTime(now),
    ]);
    await audit(tx, ctx, { action: "session.prove", subject: { kind: "session", id: own.sessionId }, customerId: null });
  });
  return { provedUntil: isoTime(now + proofFreshMs) };
}

/** The slow look at the password happens outside of any transaction. */
async function provePassword(ctx: Context, own: Own, password: string): Promise<void> {
  const { password_hash: hash } = await ctx.services.database.transaction(own.tenant, (tx) => readOwn(tx, own));
  const fits = passwordFits(password, hash ?? undefined);
  await countedProof(ctx, own, "password", () => fits);
}

/**
 * Looks at a proof and counts it: wrong ones lock like wrong passwords at sign-in, so that a stolen session is no place to try them.
 * Errors: PROOF_REFUSED, TOO_MANY_ATTEMPTS.
 */
export async function countedProof(
  ctx: Context,
  own: Own,
  way: "password" | "totp" | "passkey",
  look: (tx: Tx) => Promise<boolean>,
): Promise<void> {
  const { services, address } = ctx;
  const attempt = await services.database.unwalled("count a proof", async (tx) => {
    const account = await readOwn(tx, own);
    return attemptOn(tx, { services, address }, account.email, account);
  });
  await takeAttempt(services, attempt);
  if (await services.database.transaction(own.tenant, look)) {
    await services.database.unwalled("give an attempt back", (tx) => returnAttempt(tx, attempt));
    return;
  }
  await services.database.unwalled("record a refused proof", async (tx) => {
    await keepAttempt(tx, attempt);
    await audit(tx, ctx, {
      action: "session.refuse",
      subject: { kind: "account", id: own.accountId },
      customerId: null,
      detail: { wrong: way },
    });
  });
  throw new HauswartError("PROOF_REFUSED");
}

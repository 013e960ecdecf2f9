import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { tellOfSecurity } from "../../mail/tell-of-security.ts";
import { isoTime } from "../../times.ts";
import { takeTotp } from "./check-factor.ts";
import { endWeakerSessions, lockTotp } from "./factor-rows.ts";
import { readOwn, requireOwn } from "./own-account.ts";
import { countedProof } from "./prove-session.ts";
import { firstRecoveryCodes } from "./recovery-codes.ts";

/**
 * Sets the authenticator app up, once it has shown that it has the secret. Other sessions that a password alone opened end.
 * Errors: FORBIDDEN, NOT_FOUND (nothing begun), PROOF_REFUSED, TOO_MANY_ATTEMPTS.
 */
export async function confirmTotp({ ctx, input }: Verb<Input<"confirmTotp">>): Promise<Result<"confirmTotp">> {
  const own = requireOwn(ctx);
  const { services } = ctx;
  const begun = await services.database.transaction(own.tenant, (tx) => lockTotp(tx, own));
  if (!begun || begun.confirmed_at) throw new HauswartError("NOT_FOUND", "No authenticator app waits for its first code.");
  await countedProof(ctx, own, "totp", (tx) => takeTotp(tx, services, own, input.totp, { unconfirmed: true }));
  return services.database.transaction(own.tenant, async (tx) => {
    await tx.sql("update hauswart.account_totp set confirmed_at = $3 where provider_id = $1 and account_id = $2", [
      own.providerId,
      own.accountId,
      isoTime(services.clock.now()),
    ]);
    await endWeakerSessions(tx, services, own, own.sessionId);
    const recoveryCodes = await firstRecoveryCodes(tx, services, own);
    await audit(tx, ctx, { action: "totp.create", subject: { kind: "account", id: own.accountId }, customerId: null });
    await tellOfSecurity(tx, ctx, [await readOwn(tx, own)], { kind: "factor-added", factor: "totp", address: ctx.address });
    return { recoveryCodes };
  });
}

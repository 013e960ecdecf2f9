import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Verb } from "../../context.ts";
import { readProviderSettings } from "../../tenancy/provider-settings.ts";
import { isoTime } from "../../times.ts";
import { setPasswordUntil } from "../password/set-password-until.ts";
import { presentPasskey, readFactorRows } from "./factor-rows.ts";
import { readOwn, requireOwn } from "./own-account.ts";
import { isFactorRequired } from "./required-factor.ts";
import { relyingPartyOf } from "./web-authn.ts";

/** One's own second factors. Errors: FORBIDDEN for API keys. */
export async function getFactors({ ctx }: Verb<Input<"getFactors">>): Promise<Result<"getFactors">> {
  const own = requireOwn(ctx);
  return ctx.services.database.transaction(own.tenant, async (tx) => {
    const { role } = await readOwn(tx, own);
    const rows = await readFactorRows(tx, own);
    const untilMs = await setPasswordUntil(tx, own, ctx.services.clock.now());
    const { secondFactor } = await readProviderSettings(tx, ctx);
    return {
      totp: rows.totpConfirmedAt ? { confirmedAt: isoTime(rows.totpConfirmedAt) } : null,
      passkeys: rows.passkeys.map(presentPasskey),
      recoveryCodes: rows.recoveryCodes ? { left: rows.recoveryCodes.left, createdAt: isoTime(rows.recoveryCodes.createdAt) } : null,
      isRequired: isFactorRequired(secondFactor, role),
      isMissing: ctx.owesFactor === true,
      setsPasswordUntil: untilMs === undefined ? null : isoTime(untilMs),
      canUsePasskeys: relyingPartyOf(ctx.services.settings) !== undefined,
    };
  });
}

import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { tellOfSecurity } from "../../mail/tell-of-security.ts";
import { readFactorRows } from "./factor-rows.ts";
import { readOwn, requireOwn } from "./own-account.ts";
import { replaceRecoveryCodes } from "./recovery-codes.ts";

/** Ten new recovery codes in place of the old ones. Errors: FORBIDDEN, CONFLICT without a factor that they could stand in for. */
export async function createRecoveryCodes({ ctx }: Verb<Input<"createRecoveryCodes">>): Promise<Result<"createRecoveryCodes">> {
  const own = requireOwn(ctx);
  return ctx.services.database.transaction(own.tenant, async (tx) => {
    if (!(await readFactorRows(tx, own)).isSet)
      throw new HauswartError("CONFLICT", "Set up an authenticator app or a passkey first; the codes come with it.");
    const recoveryCodes = await replaceRecoveryCodes(tx, ctx.services, own);
    await audit(tx, ctx, { action: "recovery-code.create", subject: { kind: "account", id: own.accountId }, customerId: null });
    await tellOfSecurity(tx, ctx, [await readOwn(tx, own)], { kind: "recovery-codes-made", address: ctx.address });
    return { recoveryCodes };
  });
}

import type { Input } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { tellOfSecurity } from "../../mail/tell-of-security.ts";
import { dropRecoveryCodesWithoutFactor } from "./factor-rows.ts";
import { readOwn, requireOwn } from "./own-account.ts";

/** Takes one's own passkey away; recovery codes go with the last factor. Errors: FORBIDDEN, NOT_FOUND. */
export async function deletePasskey({ ctx, input }: Verb<Input<"deletePasskey">>): Promise<void> {
  const own = requireOwn(ctx);
  await ctx.services.database.transaction(own.tenant, async (tx) => {
    const [row] = await tx.sql<{ name: string }>(
      "delete from hauswart.passkey where provider_id = $1 and account_id = $2 and passkey_id = $3 returning name",
      [own.providerId, own.accountId, input.passkeyId],
    );
    if (!row) throw new HauswartError("NOT_FOUND");
    await dropRecoveryCodesWithoutFactor(tx, own);
    await audit(tx, ctx, {
      action: "passkey.delete",
      subject: { kind: "passkey", id: input.passkeyId },
      customerId: null,
      detail: { name: row.name },
    });
    await tellOfSecurity(tx, ctx, [await readOwn(tx, own)], { kind: "factor-removed", factor: "passkey", address: ctx.address });
  });
}

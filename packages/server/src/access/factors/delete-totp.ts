import type { Input } from "@hauswart/protocol/api/routes.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { tellOfSecurity } from "../../mail/tell-of-security.ts";
import { dropRecoveryCodesWithoutFactor } from "./factor-rows.ts";
import { readOwn, requireOwn } from "./own-account.ts";

/** Takes the authenticator app away; recovery codes go with the last factor. Doing it twice changes nothing. Errors: FORBIDDEN. */
export async function deleteTotp({ ctx }: Verb<Input<"deleteTotp">>): Promise<void> {
  const own = requireOwn(ctx);
  await ctx.services.database.transaction(own.tenant, async (tx) => {
    const removed = await tx.sql<{ confirmed_at: Date | null }>(
      "delete from hauswart.account_totp where provider_id = $1 and account_id = $2 returning confirmed_at",
      [own.providerId, own.accountId],
    );
    if (!removed[0]?.confirmed_at) return;
    await dropRecoveryCodesWithoutFactor(tx, own);
    await audit(tx, ctx, { action: "totp.delete", subject: { kind: "account", id: own.accountId }, customerId: null });
    await tellOfSecurity(tx, ctx, [await readOwn(tx, own)], { kind: "factor-removed", factor: "totp", address: ctx.address });
  });
}

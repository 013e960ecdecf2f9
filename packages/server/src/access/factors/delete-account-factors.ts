import type { Input } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { tellOfSecurity } from "../../mail/tell-of-security.ts";
import { readWholeAccount } from "../accounts/account-row.ts";
import { announceAccess } from "../accounts/announce-access.ts";
import { endSessionsOf } from "../accounts/end-access.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";
import { requireToGive } from "../require-to-give.ts";

/**
 * Takes all second factors of an account away whose person has lost them, and ends its sessions; the password stays. One's own go
 * one by one. Errors: FORBIDDEN (more than the actor has, or an owner's by somebody who is none), NOT_FOUND.
 */
export async function deleteAccountFactors({ ctx, input }: Verb<Input<"deleteAccountFactors">>): Promise<void> {
  requireScope(ctx, "access:write");
  requireAllCustomers(ctx);
  const { accountId } = input;
  if (ctx.actor.id === accountId) throw new HauswartError("FORBIDDEN", "Your own factors you remove one by one.");
  const who = [ctx.providerId, accountId];
  await ctx.services.database.transaction(ctx, async (tx) => {
    const account = await readWholeAccount(tx, ctx, accountId);
    await requireToGive(tx, ctx, [account.role]);
    await tx.sql("delete from hauswart.account_totp where provider_id = $1 and account_id = $2", who);
    await tx.sql("delete from hauswart.passkey where provider_id = $1 and account_id = $2", who);
    await tx.sql("delete from hauswart.recovery_code where provider_id = $1 and account_id = $2", who);
    await endSessionsOf(tx, ctx, accountId, undefined);
    await audit(tx, ctx, { action: "account.remove-factors", subject: { kind: "account", id: accountId }, customerId: null });
    await tellOfSecurity(tx, ctx, [account], { kind: "factors-taken", by: ctx.actor.name });
    announceAccess(tx, ctx, [accountId]);
  });
}

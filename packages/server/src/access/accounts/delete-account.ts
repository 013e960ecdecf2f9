import type { Input } from "@hauswart/protocol/api/routes.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { routingHours } from "../../routing/hours.ts";
import { recipientsOf } from "../../routing/recipients/recipient-row.ts";
import { removeRecipients } from "../../routing/recipients/remove-recipients.ts";
import { keepSharedViews } from "../../views/keep-shared-views.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";
import { lockOwners, requireAnotherOwner, requireToGive } from "../require-to-give.ts";
import { readWholeAccount } from "./account-row.ts";
import { announceAccess } from "./announce-access.ts";
import { endAccess } from "./end-access.ts";

/**
 * Removes an account with its sessions and what it is told by; keys and invitations that it made end with it; views that it shared go over to the actor. What it did stays in the audit log.
 * Errors: FORBIDDEN (more than the actor has, or an owner by somebody who is none), NOT_FOUND, LAST_OWNER.
 */
export async function deleteAccount({ ctx, input }: Verb<Input<"deleteAccount">>): Promise<void> {
  requireScope(ctx, "access:write");
  requireAllCustomers(ctx);
  const { accountId } = input;
  const hours = await routingHours(ctx.services, ctx.providerId);
  await ctx.services.database.transaction(ctx, async (tx) => {
    await lockOwners(tx, ctx);
    const account = await readWholeAccount(tx, ctx, accountId);
    await requireToGive(tx, ctx, [account.role]);
    if (account.role === "owner" && account.disabled_at === null) await requireAnotherOwner(tx, ctx, accountId);
    await endAccess(tx, ctx, accountId, "account.delete");
    await removeRecipients(tx, ctx, await recipientsOf(tx, ctx, accountId), hours);
    const keptViews = await keepSharedViews(tx, ctx, { accountId, name: account.name });
    await tx.sql("delete from hauswart.account where provider_id = $1 and account_id = $2", [ctx.providerId, accountId]);
    await audit(tx, ctx, {
      action: "account.delete",
      subject: { kind: "account", id: accountId },
      customerId: null,
      detail: { email: account.email, name: account.name, role: account.role, ...(keptViews.length > 0 ? { keptViews } : {}) },
    });
    announceAccess(tx, ctx, [accountId]);
  });
}

import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Role } from "@hauswart/protocol/roles.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { announceAccess } from "../accounts/announce-access.ts";
import { endSessionsOf } from "../accounts/end-access.ts";
import { requireToGive } from "../require-to-give.ts";
import { accountMeant } from "./session-row.ts";

/**
 * Ends all sessions but the one that asks: one's own, or with access:write another account's.
 * Errors: FORBIDDEN (also an owner's, by somebody who is none), NOT_FOUND (account).
 */
export async function endOtherSessions({ ctx, input }: Verb<Input<"endOtherSessions">>): Promise<Result<"endOtherSessions">> {
  const accountId = accountMeant(ctx, input.accountId, "access:write");
  const { services, providerId, actor } = ctx;
  // For all customers, because somebody restricted may end their own.
  return services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    const [account] = await tx.sql<{ role: Role }>("select role from hauswart.account where provider_id = $1 and account_id = $2", [
      providerId,
      accountId,
    ]);
    if (!account) throw new HauswartError("NOT_FOUND");
    if (actor.id !== accountId) await requireToGive(tx, ctx, [account.role]);
    const ended = await endSessionsOf(tx, ctx, accountId, actor.kind === "technician" ? actor.sessionId : undefined);
    await audit(tx, ctx, {
      action: "session.end-others",
      subject: { kind: "account", id: accountId },
      customerId: null,
      detail: { ended },
    });
    announceAccess(tx, ctx, [accountId]);
    return { ended };
  });
}

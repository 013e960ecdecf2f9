import type { Input } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Role } from "@hauswart/protocol/roles.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { isoTime } from "../../times.ts";
import { momentsOf } from "../accounts/account-row.ts";
import { announceAccess } from "../accounts/announce-access.ts";
import { requireToGive } from "../require-to-give.ts";
import { isOpen, mayEndSessionsOf } from "./session-row.ts";

/**
 * Ends a session at once: one's own, or with access:write another account's. Without the right another's is as good as none.
 * Errors: NOT_FOUND, FORBIDDEN (an owner's, by somebody who is none).
 */
export async function endSessionById({ ctx, input }: Verb<Input<"endSessionById">>): Promise<void> {
  const { services, providerId, actor } = ctx;
  const { sessionId } = input;
  // For all customers, because somebody restricted may end their own.
  await services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    const [session] = await tx.sql<{ account_id: Id; role: Role }>(
      `select s.account_id, a.role from hauswart.session s join hauswart.account a on a.provider_id = s.provider_id and a.account_id = s.account_id
       where ${isOpen} and s.session_id = $4`,
      [providerId, ...momentsOf(ctx), sessionId],
    );
    if (!session || !mayEndSessionsOf(ctx, session.account_id)) throw new HauswartError("NOT_FOUND");
    if (actor.id !== session.account_id) await requireToGive(tx, ctx, [session.role]);
    await tx.sql("update hauswart.session set ended_at = $3 where provider_id = $1 and session_id = $2 and ended_at is null", [
      providerId,
      sessionId,
      isoTime(services.clock.now()),
    ]);
    await audit(tx, ctx, {
      action: "session.end",
      subject: { kind: "session", id: sessionId },
      customerId: null,
      detail: { accountId: session.account_id },
    });
    announceAccess(tx, ctx, [session.account_id]);
  });
}

import type { Input } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { announceAccess } from "./accounts/announce-access.ts";
import { isoTime } from "../times.ts";

/** Signs out: the session ends at once. Errors: FORBIDDEN for a key, which has no session (revoke it instead). */
export async function endSession({ ctx }: Verb<Input<"endSession">>): Promise<void> {
  const { actor, services, providerId } = ctx;
  if (actor.kind !== "technician") throw new HauswartError("FORBIDDEN", "An API key has no session to end; revoke the key instead.");
  const { id, sessionId } = actor;
  if (sessionId === undefined) throw new HauswartError("FORBIDDEN", "There is no session to end.");
  // For all customers, because somebody restricted may sign out too.
  await services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    await tx.sql("update hauswart.session set ended_at = $3 where provider_id = $1 and session_id = $2 and ended_at is null", [
      providerId,
      sessionId,
      isoTime(services.clock.now()),
    ]);
    await audit(tx, ctx, { action: "session.end", subject: { kind: "session", id: sessionId }, customerId: null });
    announceAccess(tx, ctx, [id]);
  });
}

/**
 * Dangerous changes want a fresh proof of who sits at the keyboard (packages/protocol/src/api/dangers.ts).
 *
 * API keys are exempt. They are for programs that nobody sits at: a key carries the rights that it was given when somebody with a
 * fresh proof made it, can be restricted to single scopes and customers, and has an end.
 */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Context } from "../../context.ts";
import { isoTime } from "../../times.ts";

/** How long a proof is fresh. Signing in is one. */
export const proofFreshMs = 10 * 60_000;

/** Errors: STEP_UP_REQUIRED. */
export async function requireFreshProof({ services, providerId, actor }: Context): Promise<void> {
  if (actor.kind !== "technician") return;
  if (actor.sessionId === undefined) throw new HauswartError("STEP_UP_REQUIRED");
  const rows = await services.database.transaction({ providerId, customers: "*" }, (tx) =>
    tx.sql(
      "select 1 from hauswart.session where provider_id = $1 and session_id = $2 and ended_at is null and coalesce(proved_at, created_at) > $3",
      [providerId, actor.sessionId, isoTime(services.clock.now() - proofFreshMs)],
    ),
  );
  if (rows.length === 0) throw new HauswartError("STEP_UP_REQUIRED");
}

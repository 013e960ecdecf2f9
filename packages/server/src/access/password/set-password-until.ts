import type { Tx } from "../../database/database.ts";
import { proofFreshMs } from "../factors/fresh-proof.ts";
import type { Own } from "../factors/own-account.ts";

/**
 * Until when a session may set a password without saying the current one: for as long as its sign-in is a fresh proof, where that
 * was a break-glass code. Whoever came in that way may have forgotten the password, and without a mail server no link brings
 * another one. @returns Unix milliseconds; undefined for any other session, and once the time is over
 */
export async function setPasswordUntil(tx: Tx, { providerId, sessionId }: Own, nowMs: number): Promise<number | undefined> {
  const [session] = await tx.sql<{ created_at: Date }>(
    "select created_at from hauswart.session where provider_id = $1 and session_id = $2 and method = 'break-glass'",
    [providerId, sessionId],
  );
  const untilMs = session ? session.created_at.getTime() + proofFreshMs : 0;
  return untilMs > nowMs ? untilMs : undefined;
}

/** Whether somebody who was let in some time ago still would be: for what stays open, such as the live stream. */
import type { Context } from "../context.ts";
import { isoTime } from "../times.ts";
import { sessionIdleMs } from "./session-lifetime.ts";

/** Looks without counting as use: an open stream keeps no session alive. */
export async function isStillSignedIn({ services, providerId, actor }: Context): Promise<boolean> {
  const now = services.clock.now();
  return services.database.unwalled("look whether somebody is still signed in", async (tx) => {
    if (actor.kind === "technician") {
      const rows = await tx.sql(
        "select 1 from hauswart.session where provider_id = $1 and session_id = $2 and ended_at is null and expires_at > $3 and last_used_at > $4",
        [providerId, actor.sessionId, isoTime(now), isoTime(now - sessionIdleMs)],
      );
      return rows.length > 0;
    }
    const rows = await tx.sql(
      "select 1 from hauswart.api_key where provider_id = $1 and api_key_id::text = $2 and revoked_at is null and (expires_at is null or expires_at > $3)",
      [providerId, actor.id, isoTime(now)],
    );
    return rows.length > 0;
  });
}

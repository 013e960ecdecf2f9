/** Whether somebody who was let in some time ago still would be: for what stays open, such as the live stream. */
import type { Context } from "../context.ts";
import { isoTime } from "../times.ts";
import { owesFactorColumn } from "./factors/required-factor.ts";
import { areSameRights, rightsColumns, rightsOf, type RightsRow } from "./rights.ts";
import { sessionIdleMs } from "./session-lifetime.ts";

/** With the same rights, over the same customers. Looks without counting as use: an open stream keeps no session alive. */
export async function isStillSignedIn(ctx: Context): Promise<boolean> {
  const { services, providerId, actor } = ctx;
  const now = services.clock.now();
  return services.database.unwalled("look whether somebody is still signed in", async (tx) => {
    if (actor.kind === "technician") {
      const [row] = await tx.sql<RightsRow & { owes_factor: boolean }>(
        `select ${rightsColumns}, ${owesFactorColumn}
         from hauswart.session s join hauswart.account a on a.provider_id = s.provider_id and a.account_id = s.account_id
         where s.provider_id = $1 and s.session_id = $2 and s.ended_at is null and s.expires_at > $3 and s.last_used_at > $4 and a.disabled_at is null`,
        [providerId, actor.sessionId, isoTime(now), isoTime(now - sessionIdleMs)],
      );
      return row !== undefined && row.owes_factor === (ctx.owesFactor ?? false) && areSameRights(rightsOf(row), ctx);
    }
    const rows = await tx.sql(
      "select 1 from hauswart.api_key where provider_id = $1 and api_key_id::text = $2 and revoked_at is null and (expires_at is null or expires_at > $3)",
      [providerId, actor.id, isoTime(now)],
    );
    return rows.length > 0;
  });
}

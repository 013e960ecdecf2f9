/** Ends what is under way of a window. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";

/**
 * What it holds back is told after the window's grace, counted from now, unless it is gone by then.
 * @returns whether anything was under way.
 */
export async function endOccurrence(tx: Tx, ctx: Context, maintenanceWindowId: Id): Promise<boolean> {
  const now = isoTime(ctx.services.clock.now());
  const ended = await tx.sql(
    `update hauswart.maintenance_occurrence set ends_at = $3::timestamptz, ended_by = $4
     where provider_id = $1 and maintenance_window_id = $2 and starts_at <= $3::timestamptz and ends_at > $3::timestamptz returning starts_at`,
    [ctx.providerId, maintenanceWindowId, now, ctx.actor.name],
  );
  if (ended.length === 0) return false;
  await tx.sql(
    `update hauswart.finding f set hold_until = $3::timestamptz + w.grace_minutes * interval '1 minute'
     from hauswart.maintenance_window w
     where w.provider_id = $1 and w.maintenance_window_id = $2 and f.provider_id = $1 and f.hold_kind = 'maintenance' and f.hold_window_id = $2
       and f.closed_at is null and f.hold_until is not null`,
    [ctx.providerId, maintenanceWindowId, now],
  );
  return true;
}

import { MaintenanceSchedule } from "@hauswart/protocol/api/maintenance.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { requireRevision } from "../require-revision.ts";
import { isoTime } from "../times.ts";
import { writeOccurrences } from "./occurrences.ts";
import { requireReach } from "./require-reach.ts";
import { presentWindow, readWindow } from "./window-row.ts";

/** Changes name, grace, what happens after the end, or the schedule from the next occurrence on: what runs keeps its end, what was ended stays so. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (it was cancelled, or changed meanwhile). */
export async function changeMaintenanceWindow({
  ctx,
  input,
}: Verb<Input<"changeMaintenanceWindow">>): Promise<Result<"changeMaintenanceWindow">> {
  requireScope(ctx, "findings:write");
  const { maintenanceWindowId, revision, name, graceMinutes, afterEnd, schedule } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    // Before the lock: what somebody may read and not change, a lock would hide from him.
    requireReach(ctx, (await readWindow(tx, ctx, maintenanceWindowId)).customer_id);
    const before = await readWindow(tx, ctx, maintenanceWindowId, "for update of w");
    if (before.cancelled_at !== null) throw new HauswartError("CONFLICT", "This window was cancelled.");
    requireRevision(before.revision, revision);
    await tx.sql(
      `update hauswart.maintenance_window set revision = revision + 1, name = coalesce($3, name), grace_minutes = coalesce($4, grace_minutes),
         after_end = coalesce($5, after_end), schedule = coalesce($6::text::jsonb, schedule)
       where provider_id = $1 and maintenance_window_id = $2`,
      [
        ctx.providerId,
        maintenanceWindowId,
        name ?? null,
        graceMinutes ?? null,
        afterEnd ?? null,
        schedule ? JSON.stringify(schedule) : null,
      ],
    );
    if (schedule) {
      const window = { providerId: ctx.providerId, maintenanceWindowId, customerId: before.customer_id, schedule };
      await writeOccurrences(tx, window, ctx.services.clock.now());
    }
    // What it kept is looked at again: it is held for as long as a window that tells holds it.
    if (before.after_end === "keep" && afterEnd === "tell")
      await tx.sql(
        `update hauswart.finding set hold_until = $3::timestamptz
         where provider_id = $1 and hold_kind = 'maintenance' and hold_window_id = $2 and hold_until is null and closed_at is null`,
        [ctx.providerId, maintenanceWindowId, isoTime(ctx.services.clock.now())],
      );
    await audit(tx, ctx, {
      action: "maintenance-window.change",
      subject: { kind: "maintenance-window", id: maintenanceWindowId },
      customerId: before.customer_id,
      detail: {
        before: {
          name: before.name,
          graceMinutes: before.grace_minutes,
          afterEnd: before.after_end,
          schedule: MaintenanceSchedule.parse(before.schedule),
        },
        change: { name, graceMinutes, afterEnd, schedule },
      },
    });
    announce(tx, ctx, { kind: "maintenance", id: maintenanceWindowId, customerId: before.customer_id, change: "changed" });
    return presentWindow(await readWindow(tx, ctx, maintenanceWindowId));
  });
}

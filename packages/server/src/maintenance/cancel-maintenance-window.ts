import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { isoTime } from "../times.ts";
import { endOccurrence } from "./end-occurrence.ts";
import { requireReach } from "./require-reach.ts";
import { readWindow } from "./window-row.ts";

/** Takes a window out of the plan; what is under way ends now. The row stays for what it suppressed. Errors: FORBIDDEN, NOT_FOUND. */
export async function cancelMaintenanceWindow({
  ctx,
  input,
}: Verb<Input<"cancelMaintenanceWindow">>): Promise<Result<"cancelMaintenanceWindow">> {
  requireScope(ctx, "findings:write");
  const { maintenanceWindowId } = input;
  const now = isoTime(ctx.services.clock.now());
  await ctx.services.database.transaction(ctx, async (tx) => {
    const { customer_id, name, scope, scope_id } = await readWindow(tx, ctx, maintenanceWindowId);
    requireReach(ctx, customer_id);
    await endOccurrence(tx, ctx, maintenanceWindowId);
    const own = [ctx.providerId, maintenanceWindowId, now];
    await tx.sql(
      "delete from hauswart.maintenance_occurrence where provider_id = $1 and maintenance_window_id = $2 and starts_at > $3::timestamptz",
      own,
    );
    await tx.sql(
      "update hauswart.maintenance_window set cancelled_at = coalesce(cancelled_at, $3::timestamptz) where provider_id = $1 and maintenance_window_id = $2",
      own,
    );
    await audit(tx, ctx, {
      action: "maintenance-window.cancel",
      subject: { kind: "maintenance-window", id: maintenanceWindowId },
      customerId: customer_id,
      detail: { name, scope, scopeId: scope_id },
    });
    announce(tx, ctx, { kind: "maintenance", id: maintenanceWindowId, customerId: customer_id, change: "removed" });
  });
}

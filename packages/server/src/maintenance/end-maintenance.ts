import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { endOccurrence } from "./end-occurrence.ts";
import { requireReach } from "./require-reach.ts";
import { presentWindow, readWindow } from "./window-row.ts";

/** Ends maintenance early. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (none is under way). */
export async function endMaintenance({ ctx, input }: Verb<Input<"endMaintenance">>): Promise<Result<"endMaintenance">> {
  requireScope(ctx, "findings:write");
  const { maintenanceWindowId } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const { customer_id, name, current_ends_at } = await readWindow(tx, ctx, maintenanceWindowId);
    requireReach(ctx, customer_id);
    if (!(await endOccurrence(tx, ctx, maintenanceWindowId))) throw new HauswartError("CONFLICT", "This maintenance is not under way.");
    await audit(tx, ctx, {
      action: "maintenance-window.end",
      subject: { kind: "maintenance-window", id: maintenanceWindowId },
      customerId: customer_id,
      detail: { name, plannedEnd: current_ends_at?.toISOString() ?? null },
    });
    announce(tx, ctx, { kind: "maintenance", id: maintenanceWindowId, customerId: customer_id, change: "changed" });
    return presentWindow(await readWindow(tx, ctx, maintenanceWindowId));
  });
}

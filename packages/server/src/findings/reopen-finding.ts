import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { callAnew, lockEndedCalls } from "../routing/escalation/call-anew.ts";
import { routingHours } from "../routing/hours.ts";
import { presentFinding, readFinding } from "./finding-row.ts";
import { recordFindingChange } from "./record-finding-change.ts";

/**
 * Takes an acknowledgement back. Calls that had ended with it begin anew. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (it is closed, nobody
 * has acknowledged it, or somebody has anew).
 */
export async function reopenFinding({ ctx, input }: Verb<Input<"reopenFinding">>): Promise<Result<"reopenFinding">> {
  requireScope(ctx, "findings:write");
  const nowMs = ctx.services.clock.now();
  const hours = await routingHours(ctx.services, ctx.providerId);
  return ctx.services.database.transaction(ctx, async (tx) => {
    const callsEnded = await lockEndedCalls(tx, ctx, input.findingId);
    const before = await readFinding(tx, ctx, input.findingId, "for update of f");
    const { state } = presentFinding(before, nowMs);
    if (state !== "acknowledged")
      throw new HauswartError("CONFLICT", state === "closed" ? "This finding is closed." : "Nobody has acknowledged this finding.");
    const { acknowledgedAt } = input;
    if (acknowledgedAt !== undefined && before.acknowledged_at?.getTime() !== Date.parse(acknowledgedAt))
      throw new HauswartError("CONFLICT", "Somebody has acknowledged this finding anew.");
    await tx.sql(
      `update hauswart.finding set acknowledged_at = null, acknowledged_by = null, acknowledged_note = null, acknowledged_customer_note = null, acknowledged_until = null
       where provider_id = $1 and finding_id = $2`,
      [ctx.providerId, input.findingId],
    );
    await recordFindingChange(tx, ctx, before, {
      kind: "reopened",
      note: null,
      detail: { acknowledgedBy: before.acknowledged_by, note: before.acknowledged_note },
    });
    if (callsEnded) await callAnew(tx, ctx, before, hours);
    return presentFinding(await readFinding(tx, ctx, input.findingId), nowMs);
  });
}

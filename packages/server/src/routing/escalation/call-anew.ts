/** An acknowledgement that a person takes back: those who heard that it was taken on are called again. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import type { FindingRow } from "../../findings/finding-row.ts";
import type { RoutingHours } from "../hours.ts";
import { topicOf } from "../topic-of.ts";
import { startEscalations } from "./start-escalations.ts";

/**
 * Keeps the calls about a finding as they are until the transaction ends. Ask before the finding itself is locked: composing and
 * calling lock in that order.
 * @returns whether people were called about it, or would have been, and are no more
 */
export async function lockEndedCalls(tx: Tx, { providerId }: Context, findingId: Id): Promise<boolean> {
  const [row] = await tx.sql<{ state: string }>(
    "select state from hauswart.escalation where provider_id = $1 and finding_id = $2 for update",
    [providerId, findingId],
  );
  return row !== undefined && row.state !== "running";
}

/** Begins with the first step, by the plan that fits now, as after an acknowledgement that ran out. */
export async function callAnew(tx: Tx, ctx: Context, row: FindingRow, hours: RoutingHours): Promise<void> {
  const place = { customerId: row.customer_id, siteId: row.site_id };
  const finding = {
    ...place,
    findingId: row.finding_id,
    checkId: row.check_id,
    topic: topicOf(ctx.services.checks, row.check_id),
    severity: row.severity,
    isOver: false,
    isReminded: true,
  };
  await startEscalations(tx, ctx, [finding], hours.serviceAt(place));
}

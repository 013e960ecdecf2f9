/** Findings begin their way through an escalation plan in the transaction in which their first messages are written. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";
import type { PendingFinding } from "../../mail/compose/decide.ts";
import type { Services } from "../../services.ts";
import { isWithin, type OpenHours } from "../rota/shifts.ts";
import { planFor } from "./plan.ts";
import { readPlans } from "./plan-row.ts";

/**
 * A finding that is on its way goes on as it was; one whose acknowledgement ran out begins anew.
 * @returns findings that begin now
 */
export async function startEscalations(
  tx: Tx,
  { bus }: Pick<Services, "bus">,
  providerId: Id,
  findings: readonly PendingFinding[],
  service: OpenHours,
  nowMs: number,
): Promise<ReadonlySet<Id>> {
  const open = findings.filter(({ isOver }) => !isOver);
  if (open.length === 0) return new Set();
  const plans = await readPlans(tx, providerId);
  const starts = open.flatMap((finding) => {
    const plan = planFor(plans, finding, (hours) => isWithin(hours, service, nowMs));
    if (!plan) return [];
    const { findingId, customerId, isReminded } = finding;
    return [{ findingId, customerId, isReminded, planId: plan.planId, dueAtMs: nowMs + plan.steps[0]!.afterMinutes * 60_000 }];
  });
  if (starts.length === 0) return new Set();
  const rows = await tx.sql<{ finding_id: Id }>(
    `insert into hauswart.escalation (provider_id, finding_id, customer_id, plan_id, state, due_at, started_at)
     select $1, "findingId", "customerId", "planId", 'running', to_timestamp("dueAtMs" / 1000), to_timestamp($3::float8 / 1000)
     from jsonb_to_recordset($2::text::jsonb) as start("findingId" uuid, "customerId" uuid, "planId" uuid, "dueAtMs" float8)
     on conflict (provider_id, finding_id) do update
       set plan_id = excluded.plan_id, state = 'running', round = 0, step = 0, due_at = excluded.due_at, started_at = excluded.started_at, ended_at = null
       where escalation.state <> 'running' and escalation.finding_id = any($4::uuid[])
     returning finding_id`,
    [providerId, JSON.stringify(starts), nowMs, starts.filter(({ isReminded }) => isReminded).map(({ findingId }) => findingId)],
  );
  tx.afterCommit(() => bus.publish("escalations-due", { providerId }));
  return new Set(rows.map(({ finding_id }) => finding_id));
}

/** Findings begin their way through an escalation plan in the transaction in which their first messages are written. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import type { PendingFinding } from "../../mail/compose/decide.ts";
import type { OpenHours } from "../rota/shifts.ts";
import { noteWaiting } from "./note-waiting.ts";
import { firstStepMs, planAt } from "./plan.ts";
import { readPlans } from "./plan-row.ts";

/**
 * A finding that is on its way goes on as it was. One whose acknowledgement ran out begins anew, and so does one that got worse than
 * those on call were told: on its way, by the plan that fits it now, and after all steps are through. Where the plan's hours begin later,
 * so do the calls; the finding's history says when.
 * @returns findings that begin now or then
 */
export async function startEscalations(
  tx: Tx,
  ctx: Pick<Context, "services" | "providerId">,
  findings: readonly PendingFinding[],
  service: OpenHours,
): Promise<ReadonlySet<Id>> {
  const { services, providerId } = ctx;
  const nowMs = services.clock.now();
  const open = findings.filter(({ isOver }) => !isOver);
  if (open.length === 0) return new Set();
  const plans = await readPlans(tx, providerId);
  const starts = open.flatMap((finding) => {
    const at = planAt(plans, finding, service, nowMs);
    return at ? [{ ...at, finding, dueAtMs: firstStepMs(at.plan, at.beginsMs, nowMs) }] : [];
  });
  if (starts.length === 0) return new Set();
  const waiting = starts.filter(({ beginsMs }) => beginsMs > nowMs);
  const idsOf = (some: typeof starts) => some.map(({ finding }) => finding.findingId);
  const rows = await tx.sql<{ finding_id: Id }>(
    `insert into hauswart.escalation (provider_id, finding_id, customer_id, plan_id, severity, state, due_at, started_at)
     select $1, "findingId", "customerId", "planId", severity, 'running', to_timestamp("dueAtMs" / 1000), to_timestamp($3::float8 / 1000)
     from jsonb_to_recordset($2::text::jsonb) as start("findingId" uuid, "customerId" uuid, "planId" uuid, severity text, "dueAtMs" float8)
     on conflict (provider_id, finding_id) do update
       set plan_id = excluded.plan_id, severity = excluded.severity, state = 'running', round = 0, step = 0, due_at = excluded.due_at,
         started_at = excluded.started_at, ended_at = null, held_by = null, duty_at = null
       where case when escalation.state = 'running'
         then escalation.severity = 'warning' and excluded.severity = 'failure' and escalation.finding_id <> all($5::uuid[])
         else escalation.finding_id = any($4::uuid[])
           or (excluded.severity = 'failure' and (escalation.severity = 'warning' or ${changedSince("escalation.ended_at")})) end
     returning finding_id`,
    [
      providerId,
      JSON.stringify(
        starts.map(({ finding: { findingId, customerId, severity }, plan: { planId }, dueAtMs }) => ({
          findingId,
          customerId,
          severity,
          planId,
          dueAtMs,
        })),
      ),
      nowMs,
      idsOf(starts.filter(({ finding }) => finding.isReminded)),
      idsOf(waiting),
    ],
  );
  const begun = new Set(rows.map(({ finding_id }) => finding_id));
  for (const [beginsMs, same] of Map.groupBy(waiting, (one) => one.beginsMs)) {
    const noted = same.flatMap(({ finding }) => (begun.has(finding.findingId) ? [finding] : []));
    await noteWaiting(tx, ctx, noted, beginsMs);
  }
  tx.afterCommit(() => services.bus.publish("escalations-due", { providerId }));
  return begun;
}

/** Whether the severity has changed since then. */
const changedSince = (moment: string) => `exists (select from hauswart.finding_event e
  where e.provider_id = escalation.provider_id and e.finding_id = escalation.finding_id and e.kind = 'changed' and e.at > ${moment})`;

/** Findings about which nobody could be called follow the rota: a stand-in or a shift that is entered meanwhile is called. */
import type { EscalationPlan } from "@hauswart/protocol/api/routing.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { mayTakeOn } from "../../access/rights.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { isAcknowledged } from "../../findings/finding-row.ts";
import { isoTime } from "../../times.ts";
import type { RoutingHours } from "../hours.ts";
import { waitForDuty } from "./due.ts";
import { nextDutyMs, peopleAt, readDuty, type Duty } from "./duty.ts";
import { noteWaiting } from "./note-waiting.ts";
import { readPlans } from "./plan-row.ts";

interface Awaiting {
  readonly finding_id: Id;
  readonly customer_id: Id | null;
  readonly plan_id: Id;
  readonly severity: "warning" | "failure";
  /** null: all steps were through and nobody was called, because nobody had a shift. */
  readonly duty_at: Date | null;
}

/**
 * Call it in the transaction that changed who is on duty. What waits for the next shift waits for the one that is next by now, and what
 * ended without anybody having had one begins anew; where somebody is on duty now, at once. What somebody was called about is left as it
 * is: its next step asks the rota anyway.
 * @param hours of `routingHours`, asked for before the transaction
 */
export async function followRota(tx: Tx, ctx: Pick<Context, "services" | "providerId">, hours: RoutingHours): Promise<void> {
  const { services, providerId } = ctx;
  const nowMs = services.clock.now();
  const awaiting = await lockAwaiting(tx, providerId, nowMs);
  if (awaiting.length === 0) return;
  const duty = await readDuty(tx, ctx, hours, nowMs);
  const plans = new Map((await readPlans(tx, providerId)).map((plan) => [plan.planId, plan]));
  for (const same of Map.groupBy(awaiting, ({ plan_id, customer_id }) => `${plan_id} ${customer_id}`).values()) {
    const { plan_id, customer_id } = same[0]!;
    const atMs = nextCallMs(duty, plans.get(plan_id)!, customer_id, nowMs);
    const moved = same.filter(({ duty_at }) => atMs !== undefined && duty_at?.getTime() !== atMs);
    if (atMs === undefined || moved.length === 0) continue;
    await waitForDuty(
      tx,
      providerId,
      moved.map(({ finding_id }) => finding_id),
      atMs,
    );
    const findings = moved.map(({ finding_id, customer_id, severity }) => ({ findingId: finding_id, customerId: customer_id, severity }));
    if (atMs > nowMs) await noteWaiting(tx, ctx, findings, atMs);
  }
  tx.afterCommit(() => services.bus.publish("escalations-due", { providerId }));
}

/** When somebody can be called first; undefined when nobody has a shift. */
function nextCallMs(duty: Duty, { steps }: EscalationPlan, customerId: Id | null, nowMs: number): number | undefined {
  const isSomebodyThere = steps.some(({ to }) => peopleAt(duty, to, nowMs).some(({ rights }) => mayTakeOn(rights, customerId)));
  return isSomebodyThere ? nowMs : nextDutyMs(duty, steps, customerId, nowMs);
}

/** Of those that ended only the ones about which nobody was ever called since they began, and whose fault is still open. */
function lockAwaiting(tx: Tx, providerId: Id, nowMs: number): Promise<Awaiting[]> {
  return tx.sql<Awaiting>(
    `select e.finding_id, e.customer_id, e.plan_id, e.severity, e.duty_at
     from hauswart.escalation e join hauswart.finding f on f.provider_id = e.provider_id and f.finding_id = e.finding_id
     where e.provider_id = $1 and f.closed_at is null and not ${isAcknowledged("$2")} and e.held_by is null
       and (e.state = 'running' and e.duty_at > $2::timestamptz or e.state = 'ended' and not exists (select from hauswart.escalation_call c
         where c.provider_id = e.provider_id and e.finding_id = any(c.finding_ids) and c.called_at >= e.started_at))
     order by e.finding_id for update of e`,
    [providerId, isoTime(nowMs)],
  );
}

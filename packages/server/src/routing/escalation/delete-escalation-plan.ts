import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { reachesCustomer, requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import { systemContext, type Verb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { isAcknowledged } from "../../findings/finding-row.ts";
import { notArrived } from "../../mail/reports/not-arrived.ts";
import { isoTime } from "../../times.ts";
import { routingHours } from "../hours.ts";
import { lockEscalations, uncalledOf } from "./due.ts";
import { presentPlan, readPlan } from "./plan-row.ts";

/**
 * Removes an escalation plan; what is on its way through it ends. What nobody was called about yet, and nobody else knows of, begins by
 * the plan that fits then, or its history says that nobody knows. Errors: FORBIDDEN, NOT_FOUND.
 */
export async function deleteEscalationPlan({ ctx, input }: Verb<Input<"deleteEscalationPlan">>): Promise<Result<"deleteEscalationPlan">> {
  requireScope(ctx, "settings:write");
  const { services, providerId } = ctx;
  await services.database.transaction(ctx, (tx) => readPlan(tx, providerId, input.planId));
  const hours = await routingHours(services, providerId);
  // Whoever reaches the plan may remove it; those who are called instead are people of the whole house.
  await services.database.transaction(systemContext(services, providerId, "escalation-plans"), async (tx) => {
    // In the order in which composing locks, which has findings in hand when it turns to their plan; calling waits, or is waited for.
    await lockEscalations(tx, providerId);
    await tx.sql("select 1 from hauswart.escalation where provider_id = $1 and plan_id = $2 order by finding_id for update", [
      providerId,
      input.planId,
    ]);
    const plan = presentPlan(await readPlan(tx, providerId, input.planId, "for update"));
    if (!reachesCustomer(ctx, plan.customerId)) throw new HauswartError("FORBIDDEN");
    const findingIds = await waitingIn(tx, providerId, input.planId, services.clock.now());
    await tx.sql("delete from hauswart.escalation_plan where provider_id = $1 and plan_id = $2", [providerId, input.planId]);
    const { planId, customerId, ...detail } = plan;
    await audit(tx, ctx, { action: "escalation-plan.delete", subject: { kind: "escalation-plan", id: planId }, customerId, detail });
    await notArrived(tx, ctx, { messageIds: [], readerKeys: [], findingIds, notes: () => [] }, hours);
  });
}

/** Findings that nobody has been called about, has acknowledged, or has seen end. */
async function waitingIn(tx: Tx, providerId: Id, planId: Id, nowMs: number): Promise<Id[]> {
  const rows = await tx.sql<{ finding_id: Id }>(
    `select e.finding_id from hauswart.escalation e join hauswart.finding f on f.provider_id = e.provider_id and f.finding_id = e.finding_id
     where e.provider_id = $1 and e.plan_id = $2 and e.state = 'running' and f.closed_at is null and not ${isAcknowledged("$3")}`,
    [providerId, planId, isoTime(nowMs)],
  );
  return uncalledOf(
    tx,
    providerId,
    rows.map(({ finding_id }) => finding_id),
  );
}

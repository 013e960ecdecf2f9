import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { EscalationPlan } from "@hauswart/protocol/api/routing.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { reachesCustomer, requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Context, Verb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { requireRevision } from "../../require-revision.ts";
import { isoTime } from "../../times.ts";
import { routingHours } from "../hours.ts";
import { followRota } from "./follow-rota.ts";
import { waitBefore } from "./plan.ts";
import { presentPlan, readPlan } from "./plan-row.ts";
import { requirePlan } from "./require-plan.ts";

/**
 * Changes an escalation plan. Findings on their way through it go on with the new steps, and wait as long as the new plan says, counted
 * from the step before. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (changed meanwhile), INVALID_REQUEST.
 */
export async function changeEscalationPlan({ ctx, input }: Verb<Input<"changeEscalationPlan">>): Promise<Result<"changeEscalationPlan">> {
  requireScope(ctx, "settings:write");
  const { planId, revision, ...wanted } = input;
  const hours = await routingHours(ctx.services, ctx.providerId);
  return ctx.services.database.transaction(ctx, async (tx) => {
    // In the order in which the worker locks: it has findings in hand when it turns to their plan.
    const running = await lockRunning(tx, ctx, planId);
    const before = presentPlan(await readPlan(tx, ctx.providerId, planId, "for update"));
    if (!reachesCustomer(ctx, before.customerId)) throw new HauswartError("FORBIDDEN");
    requireRevision(before.revision, revision);
    await requirePlan(tx, ctx, wanted, before.steps);
    await tx.sql(
      `update hauswart.escalation_plan set revision = revision + 1, customer_id = $3, name = $4, from_severity = $5, topics = $6, hours = $7, steps = $8::text::jsonb, repeats = $9
       where provider_id = $1 and plan_id = $2`,
      [
        ctx.providerId,
        planId,
        wanted.customerId,
        wanted.name,
        wanted.fromSeverity,
        wanted.topics,
        wanted.hours,
        JSON.stringify(wanted.steps),
        wanted.repeats,
      ],
    );
    await moveRunning(tx, ctx, running, before, wanted);
    await followRota(tx, ctx, hours);
    const { planId: _, revision: __, ...was } = before;
    await audit(tx, ctx, {
      action: "escalation-plan.change",
      subject: { kind: "escalation-plan", id: planId },
      customerId: before.customerId,
      detail: { before: was, change: wanted, escalations: running.length },
    });
    return presentPlan(await readPlan(tx, ctx.providerId, planId));
  });
}

interface Running {
  readonly finding_id: Id;
  readonly round: number;
  readonly step: number;
  readonly due_at: Date;
  /** null: it does not wait for somebody's shift. */
  readonly duty_at: Date | null;
}

async function lockRunning(tx: Tx, { providerId }: Context, planId: Id): Promise<Running[]> {
  return tx.sql<Running>(
    `select finding_id, round, step, due_at, duty_at from hauswart.escalation
     where provider_id = $1 and plan_id = $2 and state = 'running' order by finding_id for update`,
    [providerId, planId],
  );
}

async function moveRunning(
  tx: Tx,
  { services, providerId }: Context,
  running: readonly Running[],
  before: Pick<EscalationPlan, "steps">,
  after: Pick<EscalationPlan, "steps">,
): Promise<void> {
  const moved = running.flatMap(({ finding_id, round, step, due_at, duty_at }) => {
    const byMs = waitBefore(after, { round, step }) - waitBefore(before, { round, step });
    return byMs === 0 || duty_at !== null ? [] : [{ findingId: finding_id, dueAt: isoTime(due_at.getTime() + byMs) }];
  });
  if (moved.length === 0) return;
  await tx.sql(
    `update hauswart.escalation e set due_at = moved."dueAt" from jsonb_to_recordset($2::text::jsonb) as moved("findingId" uuid, "dueAt" timestamptz)
     where e.provider_id = $1 and e.finding_id = moved."findingId"`,
    [providerId, JSON.stringify(moved)],
  );
  tx.afterCommit(() => services.bus.publish("escalations-due", { providerId }));
}

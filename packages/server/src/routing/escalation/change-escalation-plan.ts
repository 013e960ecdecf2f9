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
import { routingHours, type RoutingHours } from "../hours.ts";
import { followRota } from "./follow-rota.ts";
import { firstStepMs, waitBefore } from "./plan.ts";
import { presentPlan, readPlan } from "./plan-row.ts";
import { requirePlan } from "./require-plan.ts";

/**
 * Changes an escalation plan. Findings on their way through it go on with the new steps, and wait as long as the new plan says, counted
 * from the step before; what waits for something else, as for service hours, goes on waiting for that. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (changed meanwhile), INVALID_REQUEST.
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
    await moveRunning(tx, ctx, running, { before, after: wanted, hours });
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
  readonly customer_id: Id | null;
  readonly site_id: Id | null;
  readonly round: number;
  readonly step: number;
  readonly started_at: Date;
  readonly due_at: Date;
  /** It does not wait for its step, but for somebody's shift, or for the end of maintenance or of a cause. */
  readonly waits_otherwise: boolean;
}

async function lockRunning(tx: Tx, { providerId }: Context, planId: Id): Promise<Running[]> {
  return tx.sql<Running>(
    `select e.finding_id, f.customer_id, f.site_id, e.round, e.step, e.started_at, e.due_at, e.duty_at is not null or e.held_by is not null as waits_otherwise
     from hauswart.escalation e join hauswart.finding f on f.provider_id = e.provider_id and f.finding_id = e.finding_id
     where e.provider_id = $1 and e.plan_id = $2 and e.state = 'running' order by e.finding_id for update of e`,
    [providerId, planId],
  );
}

type Plan = Pick<EscalationPlan, "hours" | "steps">;

async function moveRunning(
  tx: Tx,
  { services, providerId }: Context,
  running: readonly Running[],
  { before, after, hours }: { readonly before: Plan; readonly after: Plan; readonly hours: RoutingHours },
): Promise<void> {
  const moved = running.flatMap((one) => {
    const byMs = waitBefore(after, one) - waitBefore(before, one);
    if (byMs === 0 || one.waits_otherwise) return [];
    const isFirst = one.round === 0 && one.step === 0;
    const dueMs = isFirst ? firstDueMs(one, before, after, hours) : one.due_at.getTime() + byMs;
    return [{ findingId: one.finding_id, dueAt: isoTime(dueMs) }];
  });
  if (moved.length === 0) return;
  await tx.sql(
    `update hauswart.escalation e set due_at = moved."dueAt" from jsonb_to_recordset($2::text::jsonb) as moved("findingId" uuid, "dueAt" timestamptz)
     where e.provider_id = $1 and e.finding_id = moved."findingId"`,
    [providerId, JSON.stringify(moved)],
  );
  tx.afterCommit(() => services.bus.publish("escalations-due", { providerId }));
}

/** The first step still waits for the opening of the hours that its finding took the plan with. */
function firstDueMs({ customer_id, site_id, started_at }: Running, before: Plan, after: Plan, { serviceAt }: RoutingHours): number {
  const startedMs = started_at.getTime();
  const opensMs = before.hours === "service" ? serviceAt({ customerId: customer_id, siteId: site_id }).nextOpenMs(startedMs) : startedMs;
  return firstStepMs(after, Number.isFinite(opensMs) ? opensMs : startedMs, startedMs);
}

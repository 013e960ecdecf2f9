import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { reachesCustomer, requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { presentPlan, readPlan } from "./plan-row.ts";
import { requirePlan } from "./require-plan.ts";

/** Changes an escalation plan; findings on their way through it follow the new steps. Errors: FORBIDDEN, NOT_FOUND, INVALID_REQUEST. */
export async function changeEscalationPlan({ ctx, input }: Verb<Input<"changeEscalationPlan">>): Promise<Result<"changeEscalationPlan">> {
  requireScope(ctx, "settings:write");
  const { planId, ...wanted } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const before = presentPlan(await readPlan(tx, ctx.providerId, planId));
    if (!reachesCustomer(ctx, before.customerId)) throw new HauswartError("FORBIDDEN");
    await requirePlan(tx, ctx, wanted);
    await tx.sql(
      `update hauswart.escalation_plan set customer_id = $3, name = $4, from_severity = $5, topics = $6, hours = $7, steps = $8::text::jsonb, repeats = $9
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
    await audit(tx, ctx, {
      action: "escalation-plan.change",
      subject: { kind: "escalation-plan", id: planId },
      customerId: before.customerId,
      detail: { before, change: wanted },
    });
    return presentPlan(await readPlan(tx, ctx.providerId, planId));
  });
}

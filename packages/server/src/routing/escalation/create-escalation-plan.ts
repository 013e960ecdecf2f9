import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { isoTime } from "../../times.ts";
import { presentPlan, readPlan } from "./plan-row.ts";
import { requirePlan } from "./require-plan.ts";

/** Makes an escalation plan; findings that come from now on take it. Errors: FORBIDDEN, NOT_FOUND, INVALID_REQUEST. */
export async function createEscalationPlan({ ctx, input }: Verb<Input<"createEscalationPlan">>): Promise<Result<"createEscalationPlan">> {
  requireScope(ctx, "settings:write");
  const nowMs = ctx.services.clock.now();
  const planId = newId(nowMs);
  return ctx.services.database.transaction(ctx, async (tx) => {
    await requirePlan(tx, ctx, input);
    await tx.sql(
      `insert into hauswart.escalation_plan (provider_id, plan_id, customer_id, name, from_severity, topics, hours, steps, repeats, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9, $10)`,
      [
        ctx.providerId,
        planId,
        input.customerId,
        input.name,
        input.fromSeverity,
        input.topics,
        input.hours,
        JSON.stringify(input.steps),
        input.repeats,
        isoTime(nowMs),
      ],
    );
    const { customerId, ...detail } = input;
    await audit(tx, ctx, { action: "escalation-plan.create", subject: { kind: "escalation-plan", id: planId }, customerId, detail });
    return presentPlan(await readPlan(tx, ctx.providerId, planId));
  });
}

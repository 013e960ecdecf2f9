import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { reachesCustomer, requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { presentPlan, readPlan } from "./plan-row.ts";

/** Removes an escalation plan; what is on its way through it ends. Errors: FORBIDDEN, NOT_FOUND. */
export async function deleteEscalationPlan({ ctx, input }: Verb<Input<"deleteEscalationPlan">>): Promise<Result<"deleteEscalationPlan">> {
  requireScope(ctx, "settings:write");
  await ctx.services.database.transaction(ctx, async (tx) => {
    const plan = presentPlan(await readPlan(tx, ctx.providerId, input.planId));
    if (!reachesCustomer(ctx, plan.customerId)) throw new HauswartError("FORBIDDEN");
    await tx.sql("delete from hauswart.escalation_plan where provider_id = $1 and plan_id = $2", [ctx.providerId, plan.planId]);
    const { planId, customerId, ...detail } = plan;
    await audit(tx, ctx, { action: "escalation-plan.delete", subject: { kind: "escalation-plan", id: planId }, customerId, detail });
  });
}

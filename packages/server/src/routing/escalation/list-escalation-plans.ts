import type { Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../../access/require-scope.ts";
import type { Verb } from "../../context.ts";
import { readPlans } from "./plan-row.ts";

/** Escalation plans within the actor's reach, by name. Errors: FORBIDDEN. */
export async function listEscalationPlans({ ctx }: Verb<unknown>): Promise<Result<"listEscalationPlans">> {
  requireScope(ctx, "mail:read");
  return ctx.services.database.transaction(ctx, async (tx) => ({ items: await readPlans(tx, ctx.providerId) }));
}

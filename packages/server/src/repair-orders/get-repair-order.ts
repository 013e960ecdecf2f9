import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { presentRepairOrder, readRepairOrder } from "./order-row.ts";

/** One repair that a customer within the actor's reach ordered. Errors: FORBIDDEN, NOT_FOUND. */
export async function getRepairOrder({ ctx, input }: Verb<Input<"getRepairOrder">>): Promise<Result<"getRepairOrder">> {
  requireScope(ctx, "findings:read");
  return ctx.services.database.transaction(ctx, async (tx) => presentRepairOrder(await readRepairOrder(tx, ctx, input.repairOrderId)));
}

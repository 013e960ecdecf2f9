import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, idKey, pageOf } from "../paging.ts";
import { presentRepairOrder, selectRepairOrders, type RepairOrderRow } from "./order-row.ts";

/** Repairs that customers within the actor's reach ordered, newest first. Errors: FORBIDDEN. */
export async function listRepairOrders({ ctx, input }: Verb<Input<"listRepairOrders">>): Promise<Result<"listRepairOrders">> {
  requireScope(ctx, "findings:read");
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  const { state, customerId, findingId } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<RepairOrderRow>(
      `${selectRepairOrders} and ($2::uuid is null or o.repair_order_id < $2) and ($3::text is null or o.state = $3)
         and ($4::uuid is null or o.customer_id = $4) and ($5::uuid is null or o.finding_id = $5)
       order by o.repair_order_id desc limit $6`,
      [ctx.providerId, after, state ?? null, customerId ?? null, findingId ?? null, input.limit + 1],
    );
    return pageOf(rows, input.limit, (row) => [row.repair_order_id], presentRepairOrder);
  });
}

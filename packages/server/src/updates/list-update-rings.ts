import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { readCustomer } from "../tenancy/customer-row.ts";
import type { Stage } from "./rollout.ts";

/** Rings that were chosen for a customer, and for sites and devices of that customer. Errors: FORBIDDEN, NOT_FOUND. */
export async function listUpdateRings({ ctx, input }: Verb<Input<"listUpdateRings">>): Promise<Result<"listUpdateRings">> {
  requireScope(ctx, "devices:read");
  return ctx.services.database.transaction(ctx, async (tx) => {
    await readCustomer(tx, ctx, input.customerId);
    const rows = await tx.sql<{ kind: "customer" | "site" | "device"; subject_id: Id; ring: Stage }>(
      "select kind, subject_id, ring from hauswart.update_ring where provider_id = $1 and customer_id = $2 order by kind, subject_id",
      [ctx.providerId, input.customerId],
    );
    return { items: rows.map(({ kind, subject_id, ring }) => ({ kind, subjectId: subject_id, ring })) };
  });
}

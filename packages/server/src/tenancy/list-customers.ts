import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, nameKey, pageOf } from "../paging.ts";
import { isoTime } from "../times.ts";
import { presentCustomer, selectCustomers, type CustomerRow } from "./customer-row.ts";

/** Customers within the actor's reach, by name. Errors: FORBIDDEN. */
export async function listCustomers({ ctx, input }: Verb<Input<"listCustomers">>): Promise<Result<"listCustomers">> {
  requireScope(ctx, "customers:read");
  const [name, id] = decodeCursor(input.cursor, nameKey) ?? [null, null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<CustomerRow>(
      `${selectCustomers} and ($3::text is null or (lower(c.name), c.customer_id) > ($3, $4::uuid)) order by lower(c.name), c.customer_id limit $5`,
      [ctx.providerId, isoTime(ctx.services.clock.now()), name, id, input.limit + 1],
    );
    return pageOf(rows, input.limit, (row) => [row.name_key, row.customer_id], presentCustomer);
  });
}

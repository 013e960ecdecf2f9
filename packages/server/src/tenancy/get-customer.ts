import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { presentCustomer, readCustomer } from "./customer-row.ts";

/** One customer. Errors: FORBIDDEN, NOT_FOUND. */
export async function getCustomer({ ctx, input }: Verb<Input<"getCustomer">>): Promise<Result<"getCustomer">> {
  requireScope(ctx, "customers:read");
  return ctx.services.database.transaction(ctx, async (tx) => presentCustomer(await readCustomer(tx, ctx, input.customerId)));
}

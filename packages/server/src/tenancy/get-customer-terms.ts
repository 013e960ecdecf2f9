import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { showCustomerTerms } from "./customer-terms.ts";

/** What a customer was promised about alarms. Errors: FORBIDDEN, NOT_FOUND. */
export async function getCustomerTerms({ ctx, input }: Verb<Input<"getCustomerTerms">>): Promise<Result<"getCustomerTerms">> {
  requireScope(ctx, "customers:read");
  return ctx.services.database.transaction(ctx, (tx) => showCustomerTerms(tx, ctx.providerId, input.customerId));
}

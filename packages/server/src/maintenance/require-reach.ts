import type { Id } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers } from "../access/require-scope.ts";
import type { Context } from "../context.ts";

/** Windows of the whole provider can be read by everybody, and changed by those who may touch all customers. Errors: FORBIDDEN. */
export function requireReach(ctx: Context, customerId: Id | null): void {
  if (customerId === null) requireAllCustomers(ctx);
}

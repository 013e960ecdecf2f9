/** The guards that stand first in a verb. */
import type { Scope } from "@hauswart/protocol/api/route.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";

/** Whether the actor was given this scope. */
export function hasScope(ctx: Pick<Context, "scopes">, scope: Scope): boolean {
  return scope === "none" || scope === "session" || ctx.scopes === "*" || ctx.scopes.has(scope);
}

/** Errors: FORBIDDEN. */
export function requireScope(ctx: Context, scope: Scope): void {
  if (!hasScope(ctx, scope)) throw new HauswartError("FORBIDDEN", `This needs the right ${scope}.`);
}

/** For what concerns the whole provider: the actor may not be restricted to some customers. Errors: FORBIDDEN. */
export function requireAllCustomers(ctx: Context): void {
  if (ctx.customers !== "*") throw new HauswartError("FORBIDDEN", "This concerns all customers; your rights are restricted to some.");
}

/** Whether the actor manages the users of the house. */
export const managesUsers = (ctx: Pick<Context, "scopes" | "customers">): boolean => hasScope(ctx, "access:write") && ctx.customers === "*";

/** Whether the actor may touch this customer; null stands for the whole provider. */
export function reachesCustomer(ctx: Pick<Context, "customers">, customerId: Id | null): boolean {
  return ctx.customers === "*" || (customerId !== null && ctx.customers.includes(customerId));
}

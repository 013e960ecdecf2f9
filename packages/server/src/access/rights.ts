/** From what stands in an account to what its sessions may do. Worked out anew at each request, so that a change holds at once. */
import type { GrantableScope, Scope } from "@hauswart/protocol/api/route.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { roles, scopesOfRole, type Role } from "@hauswart/protocol/roles.ts";
import type { Context } from "../context.ts";
import type { AccountRow } from "./accounts/account-row.ts";
import { hasScope, reachesCustomer } from "./require-scope.ts";

/** Roles whose holders may be restricted to some customers. Whoever may give rights could give themselves the rest. */
export function canBeRestricted(role: Role): boolean {
  return !scopesOfRole[role].includes("access:write");
}

/** Customers that an account `a` reaches; null for all. Who reaches all but some reaches customers that are added later too. */
export const reachedCustomers = `case a.reach
    when 'all' then null
    when 'include' then a.customer_ids
    else array(select reached.customer_id from hauswart.customer reached where reached.provider_id = a.provider_id and reached.customer_id <> all (a.customer_ids))
  end`;

/** Columns of an account `a` that `rightsOf` reads. */
export const rightsColumns = `a.role, ${reachedCustomers} as reached_customers`;

export interface RightsRow {
  role: Role;
  reached_customers: Id[] | null;
}

export type Rights = Pick<Context, "scopes" | "customers">;

const scopeSets = Object.fromEntries(roles.map((role) => [role, new Set(scopesOfRole[role])])) as unknown as Readonly<
  Record<Role, ReadonlySet<Scope>>
>;

/** What sessions of an account may do, and for which customers. */
export function rightsOf({ role, reached_customers }: RightsRow): Rights {
  return { scopes: scopeSets[role], customers: reached_customers ?? "*" };
}

/** Whether a finding of this customer is one that they may see and acknowledge: only then they are called about it. */
export const mayTakeOn = (rights: Rights, customerId: Id | null): boolean =>
  hasScope(rights, "findings:write") && reachesCustomer(rights, customerId);

/** Whether two are entitled to exactly the same. */
export function areSameRights(one: Rights, other: Rights): boolean {
  return areSame(one.scopes, other.scopes) && areSame(one.customers, other.customers);
}

function areSame(one: "*" | Iterable<string>, other: "*" | Iterable<string>): boolean {
  if (one === "*" || other === "*") return one === other;
  const [first, second] = [new Set(one), new Set(other)];
  return first.size === second.size && [...first].every((element) => second.has(element));
}

/** Roles that somebody with this role may give to others; none without access:write. Only owners make owners. */
export function rolesGivenBy(role: Role): Role[] {
  if (!scopesOfRole[role].includes("access:write")) return [];
  return roles.filter((given) => given !== "owner" || role === "owner");
}

/** Whether a key may do something that its creator, with this role, may not. */
export function exceeds(scopes: readonly GrantableScope[], role: Role): boolean {
  return scopes.some((scope) => !scopesOfRole[role].includes(scope));
}

/** Whether a key reaches a customer that its creator does not reach. @param customerIds the key's; null: all, those of the future too */
export function reachesBeyond(
  customerIds: readonly Id[] | null,
  { reach, customer_ids }: Pick<AccountRow, "reach" | "customer_ids">,
): boolean {
  if (reach === "all") return false;
  if (customerIds === null) return true;
  return customerIds.some((customerId) => customer_ids.includes(customerId) !== (reach === "include"));
}

/** From what stands in an account to what its sessions may do. Worked out anew at each request, so that a change holds at once. */
import type { GrantableScope, Scope } from "@hauswart/protocol/api/route.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { roles, scopesOfRole, type Role } from "@hauswart/protocol/roles.ts";
import type { Context } from "../context.ts";

/** Roles whose holders may be restricted to some customers. Whoever may give rights could give themselves the rest. */
export function canBeRestricted(role: Role): boolean {
  return !scopesOfRole[role].includes("access:write");
}

/** Columns of an account `a` that `rightsOf` reads. Who reaches all but some reaches customers that are added later too. */
export const rightsColumns = `a.role,
  case a.reach
    when 'all' then null
    when 'include' then a.customer_ids
    else array(select c.customer_id from hauswart.customer c where c.provider_id = a.provider_id and c.customer_id <> all (a.customer_ids))
  end as reached_customers`;

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

/** Whether a key may do something that its creator, with this role, may not. Accounts that are restricted make no keys. */
export function exceeds(scopes: readonly GrantableScope[], role: Role): boolean {
  return scopes.some((scope) => !scopesOfRole[role].includes(scope));
}

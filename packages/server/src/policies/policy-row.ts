/** Policies as the database keeps them and as the API shows them. */
import type { Policy, PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";

export interface PolicyRow {
  policy_id: Id;
  customer_id: Id | null;
  name: string;
  name_key: string;
  checks: PolicyCheck[];
  revision: number;
  updated_at: Date;
  assignments: Policy["assignments"];
}

/**
 * Selects policies `p` with their assignments and what these are called; $1 is the provider. An actor restricted to customers
 * sees of a provider's policy only the assignments within reach.
 */
export const selectPolicies = `
  select p.policy_id, p.customer_id, p.name, lower(p.name) as name_key, p.checks, p.revision, p.updated_at, a.assignments
  from hauswart.policy p
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('scope', a.scope, 'scopeId', a.scope_id, 'scopeName', coalesce(
        case a.scope
          when 'provider' then (select name from hauswart.provider r where r.provider_id = a.provider_id)
          when 'customer' then (select name from hauswart.customer c where c.provider_id = a.provider_id and c.customer_id::text = a.scope_id)
          when 'site' then (select name from hauswart.site s where s.provider_id = a.provider_id and s.site_id::text = a.scope_id)
          when 'device' then (select name from hauswart.device d where d.provider_id = a.provider_id and d.device_id::text = a.scope_id)
          when 'tag' then a.scope_id end, '')) order by a.scope, a.scope_id), '[]') as assignments
    from hauswart.policy_assignment a where a.provider_id = p.provider_id and a.policy_id = p.policy_id) a
  where p.provider_id = $1`;

/** One policy within the actor's reach. Errors: NOT_FOUND. */
export async function readPolicy(tx: Tx, ctx: Context, policyId: Id): Promise<PolicyRow> {
  const [row] = await tx.sql<PolicyRow>(`${selectPolicies} and p.policy_id = $2`, [ctx.providerId, policyId]);
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

/** As the log keeps them: without names, which would outlast an erased customer in the entries of a policy of the house. */
export function auditedAssignments({
  assignments,
}: Pick<PolicyRow, "assignments">): Pick<Policy["assignments"][number], "scope" | "scopeId">[] {
  return assignments.map(({ scope, scopeId }) => ({ scope, scopeId }));
}

export function presentPolicy(row: PolicyRow): Policy {
  return {
    policyId: row.policy_id,
    name: row.name,
    customerId: row.customer_id,
    checks: row.checks,
    assignments: row.assignments,
    revision: row.revision,
    updatedAt: isoTime(row.updated_at),
  };
}

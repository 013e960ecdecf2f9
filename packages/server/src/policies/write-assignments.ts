/** Replaces what a policy is assigned to. */
import type { PolicyAssignment } from "@hauswart/protocol/api/policies.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import { requireAllCustomers } from "../access/require-scope.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";

type Assignment = z.infer<typeof PolicyAssignment>;

/** Which table says whose things are. */
const ownerStatements = {
  customer:
    "select customer_id::text as id, customer_id from hauswart.customer where provider_id = $1 and customer_id::text = any($2::text[])",
  site: "select site_id::text as id, customer_id from hauswart.site where provider_id = $1 and site_id::text = any($2::text[]) and removed_at is null",
  device: "select device_id::text as id, customer_id from hauswart.device where provider_id = $1 and device_id::text = any($2::text[])",
} as const;

/**
 * Writes the assignments of a policy in place of those before. A customer's policy can only be assigned within that customer,
 * and the provider's only by actors for all customers. Errors: NOT_FOUND (not within reach), INVALID_REQUEST, FORBIDDEN.
 */
export async function writeAssignments(
  tx: Tx,
  ctx: Context,
  policy: { policyId: Id; customerId: Id | null },
  assignments: readonly Assignment[],
): Promise<void> {
  const owners = await ownersOf(tx, ctx, policy, assignments);
  await tx.sql("delete from hauswart.policy_assignment where provider_id = $1 and policy_id = $2", [ctx.providerId, policy.policyId]);
  for (const [index, assignment] of assignments.entries()) {
    await tx.sql(
      "insert into hauswart.policy_assignment (provider_id, policy_id, customer_id, scope, scope_id) values ($1, $2, $3, $4, $5)",
      [ctx.providerId, policy.policyId, owners[index]!, assignment.scope, assignment.scopeId],
    );
  }
}

/**
 * The customer of each assignment; null for those of the whole provider. Also the check whether a draft may be assigned so.
 * Errors: NOT_FOUND (not within reach), INVALID_REQUEST, FORBIDDEN.
 */
export async function ownersOf(
  tx: Tx,
  ctx: Context,
  policy: { customerId: Id | null },
  assignments: readonly Assignment[],
): Promise<(Id | null)[]> {
  if (policy.customerId === null) requireAllCustomers(ctx);
  const owners = new Map<string, Id>();
  for (const [scope, statement] of Object.entries(ownerStatements)) {
    const ids = assignments.filter((assignment) => assignment.scope === scope).map(({ scopeId }) => scopeId);
    if (ids.length === 0) continue;
    for (const { id, customer_id } of await tx.sql<{ id: string; customer_id: Id }>(statement, [ctx.providerId, ids]))
      owners.set(`${scope} ${id}`, customer_id);
  }
  return assignments.map((assignment, index) => ownerOf(policy, assignment, owners, index));
}

function ownerOf(
  policy: { customerId: Id | null },
  { scope, scopeId }: Assignment,
  owners: ReadonlyMap<string, Id>,
  index: number,
): Id | null {
  const path = `body.assignments.${index}.scopeId`;
  if (scope === "tag") return policy.customerId;
  if (scope === "provider") {
    if (policy.customerId === null) return null;
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path, message: "A customer's policy cannot be assigned to the whole provider." }],
    });
  }
  const owner = owners.get(`${scope} ${scopeId}`);
  if (owner === undefined) throw new HauswartError("NOT_FOUND", `There is no ${scope} ${scopeId}, or it is not yours to see.`);
  if (policy.customerId !== null && owner !== policy.customerId) {
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path, message: "A customer's policy can only be assigned within this customer." }],
    });
  }
  return owner;
}

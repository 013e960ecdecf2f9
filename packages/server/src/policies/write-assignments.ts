/** Replaces what a policy is assigned to. */
import type { PolicyAssignment } from "@hauswart/protocol/api/models.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import { requireAllCustomers } from "../access/require-scope.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";

type Assignment = z.infer<typeof PolicyAssignment>;

/** Which table says whose a thing is. */
const owners = {
  customer: "select customer_id from hauswart.customer where provider_id = $1 and customer_id::text = $2",
  site: "select customer_id from hauswart.site where provider_id = $1 and site_id::text = $2",
  device: "select customer_id from hauswart.device where provider_id = $1 and device_id::text = $2",
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
  if (policy.customerId === null) requireAllCustomers(ctx);
  await tx.sql("delete from hauswart.policy_assignment where provider_id = $1 and policy_id = $2", [ctx.providerId, policy.policyId]);
  for (const [index, assignment] of assignments.entries()) {
    const customerId = await customerOf(tx, ctx, policy, assignment, index);
    await tx.sql(
      "insert into hauswart.policy_assignment (provider_id, policy_id, customer_id, scope, scope_id) values ($1, $2, $3, $4, $5)",
      [ctx.providerId, policy.policyId, customerId, assignment.scope, assignment.scopeId],
    );
  }
}

async function customerOf(
  tx: Tx,
  ctx: Context,
  policy: { customerId: Id | null },
  { scope, scopeId }: Assignment,
  index: number,
): Promise<Id | null> {
  const path = `body.assignments.${index}.scopeId`;
  if (scope === "tag") return policy.customerId;
  if (scope === "provider") {
    if (policy.customerId === null) return null;
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path, message: "A customer's policy cannot be assigned to the whole provider." }],
    });
  }
  const [owner] = await tx.sql<{ customer_id: Id }>(owners[scope], [ctx.providerId, scopeId]);
  if (!owner) throw new HauswartError("NOT_FOUND", `There is no ${scope} ${scopeId}, or it is not yours to see.`);
  if (policy.customerId !== null && owner.customer_id !== policy.customerId) {
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path, message: "A customer's policy can only be assigned within this customer." }],
    });
  }
  return owner.customer_id;
}

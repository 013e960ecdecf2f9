import type { Input } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { devicesOfPolicy } from "./policies-of-devices.ts";
import { auditedAssignments, readPolicy } from "./policy-row.ts";
import { lockPolicies, refreshInRounds } from "./refresh-device-checks.ts";
import { announcePolicy } from "./refresh-for-policy.ts";

/** Removes a policy; what it said holds no more, at once. Errors: FORBIDDEN, NOT_FOUND. */
export async function deletePolicy({ ctx, input }: Verb<Input<"deletePolicy">>): Promise<void> {
  requireScope(ctx, "policies:write");
  const reached = await ctx.services.database.transaction(ctx, (tx) => removePolicy(tx, ctx, input.policyId));
  await refreshInRounds(ctx.services, ctx, reached);
}

/** Removes a policy in the caller's transaction. @returns the devices that it reached, to be refreshed. Errors: FORBIDDEN, NOT_FOUND. */
export async function removePolicy(tx: Tx, ctx: Context, policyId: Id): Promise<readonly Id[]> {
  await lockPolicies(tx, ctx.providerId, "policy");
  const before = await readPolicy(tx, ctx, policyId);
  if (before.customer_id === null) requireAllCustomers(ctx);
  const policy = { policyId, customerId: before.customer_id };
  const reached = await devicesOfPolicy(tx, ctx.providerId, policyId);
  await tx.sql("delete from hauswart.policy where provider_id = $1 and policy_id = $2", [ctx.providerId, policyId]);
  await audit(tx, ctx, {
    action: "policy.delete",
    subject: { kind: "policy", id: policyId },
    customerId: policy.customerId,
    detail: { name: before.name, checks: before.checks, assignments: auditedAssignments(before) },
  });
  announcePolicy(tx, ctx, policy, "removed");
  return reached;
}

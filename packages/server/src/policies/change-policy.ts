import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { json } from "../database/query.ts";
import { isoTime } from "../times.ts";
import { devicesOfPolicy } from "./policies-of-devices.ts";
import { auditedAssignments, presentPolicy, readPolicy } from "./policy-row.ts";
import { lockPolicies, refreshInRounds } from "./refresh-device-checks.ts";
import { announcePolicy, reachOfPolicy } from "./refresh-for-policy.ts";
import { forgetUnusedSecrets, storeSecrets, takeSecrets } from "./policy-secrets.ts";
import { requireValidPolicy } from "./validate-policy.ts";
import { writeAssignments } from "./write-assignments.ts";

/**
 * Changes a policy; what is left out stays. It holds at once on every device that it reaches or has reached.
 * Errors: FORBIDDEN, NOT_FOUND, CONFLICT (another revision), INVALID_REQUEST.
 */
export async function changePolicy({ ctx, input }: Verb<Input<"changePolicy">>): Promise<Result<"changePolicy">> {
  requireScope(ctx, "policies:write");
  requireValidPolicy(ctx.services.checks, input);
  const { policyId, revision, ...said } = input;
  const { result, reached } = await ctx.services.database.transaction(ctx, async (tx) => {
    await lockPolicies(tx, ctx.providerId, "policy");
    const before = await readPolicy(tx, ctx, policyId);
    if (before.customer_id === null) requireAllCustomers(ctx);
    if (before.revision !== revision) throw new HauswartError("CONFLICT", `The policy is at revision ${before.revision} by now.`);
    const taken = said.checks && takeSecrets(ctx.services, said.checks, before.checks);
    const change = { ...said, ...(taken ? { checks: taken.checks } : {}) };
    const reachedBefore = await devicesOfPolicy(tx, ctx.providerId, policyId);
    const policy = { policyId, customerId: before.customer_id, checks: change.checks ?? before.checks };
    await tx.sql(
      `update hauswart.policy set name = $3, checks = $4::text::jsonb, revision = revision + 1, updated_at = $5 where provider_id = $1 and policy_id = $2`,
      [ctx.providerId, policyId, change.name ?? before.name, json(policy.checks), isoTime(ctx.services.clock.now())],
    );
    if (taken) await storeSecrets(tx, ctx, policy, taken.fresh);
    if (change.assignments) await writeAssignments(tx, ctx, policy, change.assignments);
    const reached = await reachOfPolicy(tx, ctx, policy, reachedBefore);
    const detail = { before: { name: before.name, checks: before.checks, assignments: auditedAssignments(before) }, change };
    await audit(tx, ctx, { action: "policy.change", subject: { kind: "policy", id: policyId }, customerId: policy.customerId, detail });
    announcePolicy(tx, ctx, policy, "changed");
    return { result: presentPolicy(await readPolicy(tx, ctx, policyId)), reached };
  });
  await refreshInRounds(ctx.services, ctx, reached);
  // Only now: until then devices may still be configured with what was replaced.
  await forgetUnusedSecrets(ctx, policyId);
  return result;
}

import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { json } from "../database/query.ts";
import { readCustomer } from "../tenancy/customer-row.ts";
import { isoTime } from "../times.ts";
import { presentPolicy, readPolicy } from "./policy-row.ts";
import { lockPolicies, refreshInRounds } from "./refresh-device-checks.ts";
import { announcePolicy, reachOfPolicy } from "./refresh-for-policy.ts";
import { storeSecrets, takeSecrets } from "./policy-secrets.ts";
import { requireValidPolicy } from "./validate-policy.ts";
import { writeAssignments } from "./write-assignments.ts";

/** Adds a policy; where it is assigned it holds at once. Errors: FORBIDDEN, NOT_FOUND (customer, assignment), INVALID_REQUEST. */
export async function createPolicy({ ctx, input }: Verb<Input<"createPolicy">>): Promise<Result<"createPolicy">> {
  requireScope(ctx, "policies:write");
  requireValidPolicy(ctx.services.checks, input);
  const { result, reached } = await ctx.services.database.transaction(ctx, async (tx) => {
    if (input.customerId === null) requireAllCustomers(ctx);
    else await readCustomer(tx, ctx, input.customerId);
    const { policyId, reached } = await addPolicy(tx, ctx, input);
    return { result: presentPolicy(await readPolicy(tx, ctx, policyId)), reached };
  });
  await refreshInRounds(ctx.services, ctx, reached);
  return result;
}

/**
 * Adds a policy in the caller's transaction, who has checked rights and values. @returns with the devices that it reaches, to be
 * refreshed. Errors: NOT_FOUND (assignment), INVALID_REQUEST, FORBIDDEN.
 */
export async function addPolicy(tx: Tx, ctx: Context, input: Input<"createPolicy">): Promise<{ policyId: Id; reached: readonly Id[] }> {
  const { name, customerId, assignments } = input;
  const { checks, fresh } = takeSecrets(ctx.services, input.checks, []);
  const policy = { policyId: newId(ctx.services.clock.now()), customerId, checks };
  await lockPolicies(tx, ctx.providerId, "policy");
  await tx.sql(
    "insert into hauswart.policy (provider_id, policy_id, customer_id, name, checks, created_at, updated_at) values ($1, $2, $3, $4, $5::text::jsonb, $6, $6)",
    [ctx.providerId, policy.policyId, customerId, name, json(checks), isoTime(ctx.services.clock.now())],
  );
  await storeSecrets(tx, ctx, policy, fresh);
  await writeAssignments(tx, ctx, policy, assignments);
  const reached = await reachOfPolicy(tx, ctx, policy, []);
  await audit(tx, ctx, {
    action: "policy.create",
    subject: { kind: "policy", id: policy.policyId },
    customerId,
    detail: { name, checks, assignments },
  });
  announcePolicy(tx, ctx, policy, "created");
  return { policyId: policy.policyId, reached };
}

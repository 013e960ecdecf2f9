/** What a changed policy means for the devices that it reaches, or reached until now. */
import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { announce } from "../announce.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { requireRoom } from "./agent-limits.ts";
import { devicesOfPolicy, naturesOfDevices, policiesOfDevices } from "./policies-of-devices.ts";
import { resolveOnce } from "./resolve-once.ts";
import { issuesOf } from "./validate-policy.ts";

/**
 * The devices that the policy reaches now, and those in `before`, for `refreshInRounds` after the commit. Says no when a value
 * of this policy does not go together with those of others on one of them, or when one of them would have more checks than its agent
 * takes. Errors: INVALID_REQUEST.
 */
export async function reachOfPolicy(
  tx: Tx,
  ctx: Context,
  policy: { policyId: Id; checks: readonly PolicyCheck[] },
  before: readonly Id[],
): Promise<Id[]> {
  const reached = await devicesOfPolicy(tx, ctx.providerId, policy.policyId);
  const resolve = resolveOnce(ctx.services.checks);
  const policies = await policiesOfDevices(tx, ctx.providerId, reached);
  const natures = await naturesOfDevices(tx, ctx.providerId, reached);
  const wishes = new Map([...natures].map(([deviceId, nature]) => [deviceId, resolve(policies.get(deviceId) ?? [], nature).checks]));
  const issues = issuesOf(
    resolve.problems().filter(({ policyId }) => policyId === policy.policyId),
    policy.checks,
  );
  if (issues.length > 0) throw new HauswartError("INVALID_REQUEST", undefined, { issues });
  await requireRoom(tx, ctx.providerId, wishes);
  return [...new Set([...before, ...reached])];
}

/** Tells the live stream about a policy. */
export function announcePolicy(
  tx: Tx,
  ctx: Context,
  policy: { policyId: Id; customerId: Id | null },
  change: "created" | "changed" | "removed",
): void {
  announce(tx, ctx, { kind: "policy", id: policy.policyId, customerId: policy.customerId, change });
}

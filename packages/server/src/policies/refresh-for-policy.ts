/** What a changed policy means for the devices that it reaches, or reached until now. */
import type { PolicyCheck } from "@hauswart/protocol/api/models.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { announce } from "../announce.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { devicesOfPolicy } from "./policies-of-devices.ts";
import { refreshChecksOfDevices } from "./refresh-device-checks.ts";
import { issuesOf } from "./validate-policy.ts";

/**
 * Refreshes all devices that the policy reaches now, and those in `before`. Says no, and so undoes the change, when a value of
 * this policy does not go together with those of others. Errors: INVALID_REQUEST.
 */
export async function refreshForPolicy(tx: Tx, ctx: Context, policy: { policyId: Id; checks: readonly PolicyCheck[] }, before: readonly Id[]): Promise<void> {
  const reached = await devicesOfPolicy(tx, ctx.providerId, policy.policyId);
  const { problems } = await refreshChecksOfDevices(tx, ctx.services, ctx.providerId, [...new Set([...before, ...reached])]);
  const issues = issuesOf(problems.filter(({ policyId }) => policyId === policy.policyId), policy.checks);
  if (issues.length > 0) throw new HauswartError("INVALID_REQUEST", undefined, { issues });
  for (const problem of problems) ctx.services.log.warn("a policy sets what its check does not take", { ...problem });
}

/** Tells the live stream about a policy. */
export function announcePolicy(tx: Tx, ctx: Context, policy: { policyId: Id; customerId: Id | null }, change: "created" | "changed" | "removed"): void {
  announce(tx, ctx, { kind: "policy", id: policy.policyId, customerId: policy.customerId, change });
}

/** Which check instances a draft would change, device by device: the resolver's answer now and with the draft. */
import type { PolicyDraft } from "@hauswart/protocol/api/policy-preview.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { isDeepStrictEqual } from "node:util";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { requireRoom } from "../agent-limits.ts";
import { devicesOfDraft, devicesOfPolicy, policiesOfDevices, naturesOfDevices } from "../policies-of-devices.ts";
import type { DesiredCheck, ReachingPolicy, Resolved } from "../resolve.ts";
import { resolveOnce } from "../resolve-once.ts";
import { issuesOf } from "../validate-policy.ts";

/** A draft with what is known of whose it is. */
export interface KnownDraft extends Pick<PolicyDraft, "name" | "checks" | "assignments"> {
  /** Of a new policy one that is not in the database. */
  readonly policyId: Id;
  readonly isNew: boolean;
  readonly customerId: Id | null;
}

/** What is to be different on a device; the same object for all devices with the same policies. */
export interface Difference {
  /** Ids of the checks of which an instance differs. */
  readonly checks: readonly string[];
  /** Instances that differ, by `instanceKey`. */
  readonly keys: ReadonlySet<string>;
  /** How those that shall be are to be. */
  readonly desired: readonly DesiredCheck[];
}

export interface DraftEffect {
  /** Devices that the policy reaches now or would reach. */
  readonly reached: number;
  /** Only devices on which something differs. */
  readonly differences: ReadonlyMap<Id, Difference>;
}

/** Tells the instances of a device apart. */
export const instanceKey = (check: string, instance: string) => `${check}\n${instance}`;

/**
 * Compares what the policies say now with what they would say. Errors: INVALID_REQUEST when a value of the draft does not go
 * together with those of other policies on a device that it would reach, as when it is saved.
 */
export async function effectOfDraft(tx: Tx, ctx: Context, draft: KnownDraft): Promise<DraftEffect> {
  const resolved = await resolveDraft(tx, ctx, draft);
  const compared = new Map<Resolved, Map<Resolved, Difference | null>>();
  const differences = new Map<Id, Difference>();
  for (const { deviceId, now, drafted: then } of resolved) {
    const known = compared.get(now) ?? new Map<Resolved, Difference | null>();
    compared.set(now, known);
    if (!known.has(then)) known.set(then, differenceOf(now, then));
    const difference = known.get(then);
    if (difference) differences.set(deviceId, difference);
  }
  return { reached: resolved.length, differences };
}

/** What a device runs now and with the draft; the same objects for devices with the same policies. */
export interface ResolvedDevice {
  readonly deviceId: Id;
  readonly now: Resolved;
  readonly drafted: Resolved;
}

/** All devices that the policy reaches or would reach. Errors: INVALID_REQUEST, as `effectOfDraft`. */
export async function resolveDraft(tx: Tx, ctx: Context, draft: KnownDraft): Promise<ResolvedDevice[]> {
  const { providerId } = ctx;
  const before = await devicesOfPolicy(tx, providerId, draft.policyId);
  const after = await devicesOfDraft(tx, providerId, draft.customerId, draft.assignments);
  const deviceIds = [...new Set([...before, ...after.keys()])];
  const policies = await policiesOfDevices(tx, providerId, deviceIds);
  const natures = await naturesOfDevices(tx, providerId, deviceIds);
  const [resolveNow, resolveThen] = [resolveOnce(ctx.services.checks), resolveOnce(ctx.services.checks)];
  const resolved = deviceIds.map((deviceId): ResolvedDevice => {
    const reaching = policies.get(deviceId) ?? [];
    const nature = natures.get(deviceId) ?? { role: "workstation", kind: "agent" };
    const drafted = resolveThen(withDraft(reaching, draft, after.get(deviceId) ?? []), nature);
    return { deviceId, now: resolveNow(reaching, nature), drafted };
  });
  const issues = issuesOf(
    resolveThen.problems().filter(({ policyId }) => policyId === draft.policyId),
    draft.checks,
  );
  if (issues.length > 0) throw new HauswartError("INVALID_REQUEST", undefined, { issues });
  await requireRoom(tx, providerId, new Map(resolved.map(({ deviceId, drafted }) => [deviceId, drafted.checks])));
  return resolved;
}

function withDraft(
  reaching: readonly ReachingPolicy[],
  { policyId, name, checks }: KnownDraft,
  reaches: readonly Pick<ReachingPolicy, "level" | "levelId">[],
): ReachingPolicy[] {
  return [
    ...reaching.filter((policy) => policy.policyId !== policyId),
    ...reaches.map(({ level, levelId }) => ({ policyId, name, level, levelId, checks })),
  ];
}

/** Null when nothing differs but where values come from. */
function differenceOf(now: Resolved, then: Resolved): Difference | null {
  const before = new Map(now.checks.map((check) => [instanceKey(check.check, check.instance), check]));
  const after = new Map(then.checks.map((check) => [instanceKey(check.check, check.instance), check]));
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter((key) => !isSame(before.get(key), after.get(key)));
  if (keys.length === 0) return null;
  return {
    checks: [...new Set(keys.map((key) => key.slice(0, key.indexOf("\n"))))],
    keys: new Set(keys),
    desired: keys.flatMap((key) => after.get(key) ?? []),
  };
}

function isSame(one: DesiredCheck | undefined, other: DesiredCheck | undefined): boolean {
  if (!one?.enabled && !other?.enabled) return true;
  if (!one || !other) return false;
  return isDeepStrictEqual({ ...one, sources: null }, { ...other, sources: null });
}

/** Which policies reach which devices. */
import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import type { DeviceRole } from "@hauswart/protocol/check.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import type { ReachingPolicy } from "./resolve.ts";
import type { Level } from "./source.ts";

interface Reach {
  device_id: Id;
  policy_id: Id;
  scope: Level;
  scope_id: string;
}

/**
 * Whether assignment `a` means device `d`. What is meant for all computers of a provider, customer or site is not meant for a device
 * that the server measures: an intranet's website would be asked from outside.
 */
const isMeant = `case a.scope
    when 'provider' then d.kind = 'agent'
    when 'customer' then d.kind = 'agent' and a.scope_id = d.customer_id::text
    when 'site' then d.kind = 'agent' and a.scope_id = d.site_id::text
    when 'device' then a.scope_id = d.device_id::text
    when 'tag' then a.scope_id = any (d.tags) end`;

/** A policy of one customer reaches only that customer's devices, whatever it is assigned to. */
const reachOf = `
  select d.device_id, a.policy_id, a.scope, a.scope_id
  from hauswart.device d
  join hauswart.policy_assignment a on a.provider_id = d.provider_id and ${isMeant}
  join hauswart.policy p on p.provider_id = a.provider_id and p.policy_id = a.policy_id and (p.customer_id is null or p.customer_id = d.customer_id)`;

/** The policies of each of these devices; a device without any is left out. */
export async function policiesOfDevices(tx: Tx, providerId: Id, deviceIds: readonly Id[]): Promise<Map<Id, ReachingPolicy[]>> {
  const reaches = await tx.sql<Reach>(`${reachOf} where d.provider_id = $1 and d.device_id = any($2::uuid[])`, [providerId, deviceIds]);
  if (reaches.length === 0) return new Map();
  const rows = await tx.sql<{ policy_id: Id; name: string; checks: PolicyCheck[] }>(
    "select policy_id, name, checks from hauswart.policy where provider_id = $1 and policy_id = any($2::uuid[])",
    [providerId, [...new Set(reaches.map(({ policy_id }) => policy_id))]],
  );
  const policies = new Map(rows.map((row) => [row.policy_id, row]));
  const found = new Map<Id, ReachingPolicy[]>();
  for (const { device_id, policy_id, scope, scope_id } of reaches) {
    const policy = policies.get(policy_id);
    if (!policy) continue;
    const list = found.get(device_id) ?? [];
    list.push({ policyId: policy_id, name: policy.name, level: scope, levelId: scope_id, checks: policy.checks });
    found.set(device_id, list);
  }
  return found;
}

/** What of a device decides, besides the policies, what it runs. */
export interface DeviceNature {
  readonly role: DeviceRole;
  /** measured: the server asks from where it stands; only checks that can be measured so are meant. */
  readonly kind: "agent" | "measured";
}

/** What each of these devices is. */
export async function naturesOfDevices(tx: Tx, providerId: Id, deviceIds: readonly Id[]): Promise<Map<Id, DeviceNature>> {
  const rows = await tx.sql<DeviceNature & { device_id: Id }>(
    "select device_id, role, kind from hauswart.device where provider_id = $1 and device_id = any($2::uuid[])",
    [providerId, deviceIds],
  );
  return new Map(rows.map(({ device_id, role, kind }) => [device_id, { role, kind }]));
}

/** All devices that a policy reaches now. */
export async function devicesOfPolicy(tx: Tx, providerId: Id, policyId: Id): Promise<Id[]> {
  const rows = await tx.sql<{ device_id: Id }>(
    `select distinct device_id from (${reachOf} where d.provider_id = $1 and a.policy_id = $2) reach`,
    [providerId, policyId],
  );
  return rows.map(({ device_id }) => device_id);
}

/** Through what a draft would reach a device. */
export interface DraftReach {
  readonly level: Level;
  readonly levelId: string;
}

/** All devices that a policy with these assignments would reach, and through what. @param customerId whose policy it is. */
export async function devicesOfDraft(
  tx: Tx,
  providerId: Id,
  customerId: Id | null,
  assignments: readonly { readonly scope: Level; readonly scopeId: string }[],
): Promise<Map<Id, DraftReach[]>> {
  const rows = await tx.sql<{ device_id: Id; scope: Level; scope_id: string }>(
    `select d.device_id, a.scope, a.scope_id from hauswart.device d
     join jsonb_to_recordset($3::text::jsonb) as a(scope text, scope_id text) on ${isMeant}
     where d.provider_id = $1 and ($2::uuid is null or d.customer_id = $2)`,
    [providerId, customerId, JSON.stringify(assignments.map(({ scope, scopeId }) => ({ scope, scope_id: scopeId })))],
  );
  const found = new Map<Id, DraftReach[]>();
  for (const { device_id, scope, scope_id } of rows) {
    const list = found.get(device_id);
    if (list) list.push({ level: scope, levelId: scope_id });
    else found.set(device_id, [{ level: scope, levelId: scope_id }]);
  }
  return found;
}

/**
 * Brings the check instances of devices in line with the policies that reach them. Called in the transaction of whatever
 * changed that: a policy, an assignment, a tag, a site, an agent that has learnt new checks.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Actor } from "../context.ts";
import type { Tenant, Tx } from "../database/database.ts";
import { forgetDeviceStates } from "../devices/device-states.ts";
import { closeFindingsOf, type Unwatched } from "../findings/close-findings-of.ts";
import type { Services } from "../services.ts";
import { compareChecks, type AgentChecks, type CheckChanges, type CheckRow } from "./device-checks.ts";
import { policiesOfDevices, type DeviceNature } from "./policies-of-devices.ts";
import { resolveOnce, type Resolve } from "./resolve-once.ts";

const policiesActor: Actor = { kind: "system", id: "policies", name: "policies" };

/** Devices in one round trip. */
const devicesPerRound = 100;

type Needs = Pick<Services, "bus" | "checks" | "clock" | "log">;

/**
 * Keeps policies and devices from changing at the same time: whoever changes a policy waits for those who are about to
 * refresh a device, and the other way round. Taken before the transaction locks a device's row.
 */
export async function lockPolicies(tx: Tx, providerId: Id, by: "policy" | "device"): Promise<void> {
  const lock = by === "policy" ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared";
  await tx.sql(`select ${lock}(hashtextextended('hauswart.policies/' || $1, 0))`, [providerId]);
}

/** Refreshes one device in the caller's transaction. */
export async function refreshDeviceChecks(tx: Tx, services: Needs, device: { providerId: Id; deviceId: Id }): Promise<void> {
  await refreshChecksOfDevices(tx, services, device.providerId, [device.deviceId]);
}

/**
 * Refreshes these devices in the caller's transaction. Devices that were revoked are left as they are. What policies say and
 * checks do not take is logged and left out.
 */
export async function refreshChecksOfDevices(tx: Tx, services: Needs, providerId: Id, deviceIds: readonly Id[]): Promise<void> {
  await lockPolicies(tx, providerId, "device");
  const resolve = resolveOnce(services.checks);
  const ordered = [...deviceIds].sort();
  for (let first = 0; first < ordered.length; first += devicesPerRound) {
    await refreshRound(tx, { ...services, resolve }, providerId, ordered.slice(first, first + devicesPerRound));
  }
  for (const problem of resolve.problems()) services.log.warn("a policy sets what its check does not take", { ...problem });
}

/**
 * Refreshes many devices, a few in each transaction, so that nobody who stores samples waits for long. What is left when the
 * process dies in between is done by `refreshAllDevices`.
 */
export async function refreshInRounds(
  services: Needs & Pick<Services, "database">,
  tenant: Tenant,
  deviceIds: readonly Id[],
): Promise<void> {
  const ordered = [...deviceIds].sort();
  for (let first = 0; first < ordered.length; first += devicesPerRound) {
    await services.database.transaction(tenant, (tx) =>
      refreshChecksOfDevices(tx, services, tenant.providerId, ordered.slice(first, first + devicesPerRound)),
    );
  }
}

/**
 * Refreshes every device of every provider: at the start of a server, whose checks may be newer than those that the devices
 * were last refreshed with, and now and then.
 */
export async function refreshAllDevices(services: Needs & Pick<Services, "database">): Promise<void> {
  const rows = await services.database.unwalled("refresh the checks of all devices", (tx) =>
    tx.sql<{ provider_id: Id; device_id: Id }>("select provider_id, device_id from hauswart.device where lifecycle <> 'revoked'"),
  );
  for (const [providerId, devices] of Map.groupBy(rows, ({ provider_id }) => provider_id)) {
    await refreshInRounds(
      services,
      { providerId, customers: "*" },
      devices.map(({ device_id }) => device_id),
    );
  }
}

interface DeviceRow extends DeviceNature {
  device_id: Id;
  customer_id: Id;
  agent_checks: AgentChecks;
  next_check_number: number;
}

interface DeviceChange {
  readonly device: DeviceRow;
  readonly changes: CheckChanges;
}

async function refreshRound(tx: Tx, services: Needs & { resolve: Resolve }, providerId: Id, deviceIds: readonly Id[]): Promise<void> {
  const devices = await tx.sql<DeviceRow>(
    `select device_id, customer_id, role, kind, agent_checks, next_check_number from hauswart.device
     where provider_id = $1 and device_id = any($2::uuid[]) and lifecycle <> 'revoked' order by device_id for no key update`,
    [providerId, deviceIds],
  );
  const policies = await policiesOfDevices(
    tx,
    providerId,
    devices.map(({ device_id }) => device_id),
  );
  const rows = await rowsOf(
    tx,
    providerId,
    devices.map(({ device_id }) => device_id),
  );
  const changed: DeviceChange[] = [];
  for (const device of devices) {
    const { checks } = services.resolve(policies.get(device.device_id) ?? [], device);
    const changes = compareChecks(services.checks, device.agent_checks, rows.get(device.device_id) ?? [], checks, device.next_check_number);
    if (changes.inserts.length + changes.updates.length > 0) changed.push({ device, changes });
  }
  if (changed.length > 0) await writeRound(tx, services, providerId, changed);
}

async function rowsOf(tx: Tx, providerId: Id, deviceIds: readonly Id[]): Promise<Map<Id, CheckRow[]>> {
  const rows = await tx.sql<CheckRow & { device_id: Id }>(
    `select device_id, number, check_id, instance, enabled, every_seconds, daily_at_hour, failures_before_finding, damping, selection,
       selection_version, judgement, sources, unknown_reason
     from hauswart.check_instance where provider_id = $1 and device_id = any($2::uuid[])`,
    [providerId, deviceIds],
  );
  return Map.groupBy(rows, ({ device_id }) => device_id);
}

async function writeRound(tx: Tx, services: Needs, providerId: Id, changed: readonly DeviceChange[]): Promise<void> {
  const inserts = changed.flatMap(({ device, changes }) =>
    changes.inserts.map((row) => ({ device_id: device.device_id, customer_id: device.customer_id, ...row })),
  );
  const updates = changed.flatMap(({ device, changes }) => changes.updates.map((row) => ({ device_id: device.device_id, ...row })));
  if (inserts.length > 0) await tx.sql(insertChecks, [providerId, JSON.stringify(inserts)]);
  if (updates.length > 0) await tx.sql(updateChecks, [providerId, JSON.stringify(updates)]);
  await forgetDeviceStates(
    tx,
    providerId,
    changed.map(({ device }) => device.device_id),
  );
  const moved = changed.map(({ device, changes }) => ({
    device_id: device.device_id,
    next: changes.nextNumber,
    counts: changes.agentConcerned ? 1 : 0,
  }));
  await tx.sql(
    `update hauswart.device d set next_check_number = m.next, configuration_revision = d.configuration_revision + m.counts
     from jsonb_to_recordset($2::text::jsonb) as m(device_id uuid, next smallint, counts smallint)
     where d.provider_id = $1 and d.device_id = m.device_id`,
    [providerId, JSON.stringify(moved)],
  );
  const ended: Unwatched[] = changed.flatMap(({ device, changes }) =>
    changes.ended.map((number) => ({ deviceId: device.device_id, number })),
  );
  if (ended.length > 0) await closeFindingsOf(tx, services, { providerId, actor: policiesActor, reason: "check-ended" }, ended);
  tx.afterCommit(() => {
    for (const { device } of changed) services.bus.publish("device-configuration", { providerId, deviceId: device.device_id });
  });
}

const columns = `device_id uuid, number smallint, check_id text, instance text, enabled boolean, every_seconds integer, daily_at_hour smallint,
  failures_before_finding smallint, damping jsonb, selection jsonb, selection_version integer, judgement jsonb, sources jsonb, unknown_reason text`;

const insertChecks = `
  insert into hauswart.check_instance (provider_id, device_id, customer_id, number, check_id, instance, enabled, every_seconds, daily_at_hour,
    failures_before_finding, damping, selection, selection_version, judgement, sources, unknown_reason)
  select $1::uuid, device_id, customer_id, number, check_id, instance, enabled, every_seconds, daily_at_hour,
    failures_before_finding, damping, selection, selection_version, judgement, sources, unknown_reason
  from jsonb_to_recordset($2::text::jsonb) as r(${columns}, customer_id uuid)`;

/** A check that starts or ends forgets what was judged before. */
const updateChecks = `
  update hauswart.check_instance c set enabled = r.enabled, every_seconds = r.every_seconds, daily_at_hour = r.daily_at_hour,
    failures_before_finding = r.failures_before_finding, damping = r.damping, selection = r.selection, selection_version = r.selection_version,
    judgement = r.judgement, sources = r.sources, unknown_reason = r.unknown_reason,
    state = case when c.enabled = r.enabled then c.state else 'unknown' end,
    unknown_detail = case when c.enabled = r.enabled then c.unknown_detail end,
    state_since = case when c.enabled = r.enabled then c.state_since end,
    verdicts = case when c.enabled = r.enabled then c.verdicts else '[]' end,
    judged_key = case when c.enabled = r.enabled then c.judged_key end
  from jsonb_to_recordset($2::text::jsonb) as r(${columns})
  where c.provider_id = $1 and c.device_id = r.device_id and c.number = r.number`;

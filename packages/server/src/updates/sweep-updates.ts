/**
 * Every half minute: begins rollouts of new releases, judges those that run, and offers them to the agents whose turn it is and whom this
 * process speaks for.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { compareVersions, isVersion } from "@hauswart/protocol/release/version-order.ts";
import { audit } from "../audit/audit.ts";
import type { Tx } from "../database/database.ts";
import { uuidArray } from "../database/binary-arrays.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import type { Care } from "../gateway/care.ts";
import { closeDeviceFinding, openDeviceFinding } from "../ingest/device-findings.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { actor, tellOf } from "./note-standing.ts";
import { offeredOf, releaseShelf, type ShelvedRelease } from "./release-shelf.ts";
import { failedStates, isInStage, judgeRollout, mostUnderWay, ringOf, type RolloutState, type Stage } from "./rollout.ts";

/** An agent that begins anew is heard of within minutes; after this long it is counted as failed. */
const startPatienceMs = 30 * 60_000;
/** An offer that nothing came of is made again after this. */
const offerHoldsMs = 3_600_000;
/** After a failure the same release is offered again after this, until so many attempts have failed. */
const againAfterMs = 24 * 3_600_000;
const mostAttempts = 3;
/** An agent is too old when it lacks a release that is older than this. */
const outdatedAfterMs = 90 * 24 * 3_600_000;

export interface RolloutRow {
  readonly version: string;
  readonly state: RolloutState;
  readonly stage: Stage;
  readonly stage_since: Date;
  readonly judged_from: Date;
}

export interface UpdatableDevice {
  readonly device_id: Id;
  readonly site_id: Id;
  readonly customer_id: Id;
  readonly system: string;
  readonly agent_version: string;
  readonly target: string;
  readonly version: string | null;
  readonly state: string | null;
  readonly attempts: number;
  readonly changed_at: Date | null;
  readonly is_outdated: boolean;
}

/** Looks at all providers once. */
export async function sweepUpdates(services: Services, care: Pick<Care, "linkOf">): Promise<void> {
  const shelf = releaseShelf(services);
  await shelf.refresh();
  const nowMs = services.clock.now();
  const stable = shelf.releases.filter(({ manifest }) => manifest.channel === "stable");
  const newest = offeredOf(stable, nowMs);
  if (!newest) return;
  const providers = await services.database.unwalled("providers whose agents update", (tx) =>
    tx.sql<{ provider_id: Id }>("select distinct provider_id from hauswart.device_update"),
  );
  for (const { provider_id } of providers) await sweepProvider(services, care, provider_id, newest, stable);
}

async function sweepProvider(
  services: Services,
  care: Pick<Care, "linkOf">,
  providerId: Id,
  release: ShelvedRelease,
  stable: readonly ShelvedRelease[],
): Promise<void> {
  const offers = await services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    const rollout = await currentRollout(tx, services, providerId, release.manifest.version);
    await countLost(tx, services, providerId, release.manifest.version);
    const devices = await updatableDevices(tx, providerId, release);
    await judgeAge(
      tx,
      services,
      providerId,
      { newest: release.manifest.version, aged: await agedVersion(tx, services, providerId, release, stable) },
      devices,
    );
    const chosen = await chosenRings(tx, providerId);
    const after = rollout.state === "running" ? await moveOn(tx, services, providerId, rollout, devices, chosen) : rollout;
    // Once it is through, those who come later get it as well.
    if (after.state !== "running" && after.state !== "finished") return [];
    return pickOffers(tx, services, providerId, care, release, after, devices, chosen);
  });
  for (const deviceId of offers) care.linkOf(deviceId)?.send({ type: "update-offer", envelope: release.envelope });
}

/**
 * The rollout of a release; it begins with the first sight of it. Another one that ran is over; one that was stopped stays so. When what
 * took its place is taken back, one that was over early goes on with its ring.
 */
async function currentRollout(tx: Tx, { clock }: Services, providerId: Id, version: string): Promise<RolloutRow> {
  await tx.sql(
    `insert into hauswart.agent_rollout (provider_id, version, state, stage, started_at, stage_since, judged_from)
     values ($1, $2, 'running', 'canary', $3, $3, $3)
     on conflict (provider_id, version) do update set state = 'running', stage_since = excluded.stage_since, judged_from = excluded.judged_from
       where agent_rollout.state = 'finished' and agent_rollout.stage <> 'all'`,
    [providerId, version, isoTime(clock.now())],
  );
  await tx.sql("update hauswart.agent_rollout set state = 'finished' where provider_id = $1 and version <> $2 and state = 'running'", [
    providerId,
    version,
  ]);
  // One process at a time decides.
  const rows = await tx.sql<RolloutRow>(
    "select version, state, stage, stage_since, judged_from from hauswart.agent_rollout where provider_id = $1 and version = $2 for update",
    [providerId, version],
  );
  return rows[0]!;
}

/** Agents that began anew and were never heard of again. */
async function countLost(tx: Tx, services: Services, providerId: Id, version: string): Promise<void> {
  const nowMs = services.clock.now();
  const lost = await tx.sql<Parameters<typeof tellOf>[3][number]>(
    `update hauswart.device_update u set state = 'failed', code = 'NO_ANSWER', detail = '', changed_at = $3
     from hauswart.device d where u.provider_id = $1 and u.version = $2 and u.state = 'starting' and u.changed_at < $4
       and d.provider_id = $1 and d.device_id = u.device_id
     returning u.device_id, u.customer_id, d.site_id, u.version, u.state, u.code, u.detail`,
    [providerId, version, isoTime(nowMs), isoTime(nowMs - startPatienceMs)],
  );
  await tellOf(tx, services, providerId, lost);
}

/** Devices for whose system there is something in the release. */
async function updatableDevices(tx: Tx, providerId: Id, { manifest }: ShelvedRelease): Promise<UpdatableDevice[]> {
  const rows = await tx.sql<UpdatableDevice>(
    `select d.device_id, d.site_id, d.customer_id, d.system, d.agent_version, u.target, u.version, u.state, u.attempts, u.changed_at,
       exists (select from hauswart.finding f where f.provider_id = d.provider_id and f.device_id = d.device_id and f.check_id = 'device'
         and f.code = 'agent-outdated' and f.closed_at is null) as is_outdated
     from hauswart.device_update u join hauswart.device d on d.provider_id = u.provider_id and d.device_id = u.device_id
     where u.provider_id = $1 and d.lifecycle = 'active' order by d.device_id`,
    [providerId],
  );
  return rows.filter(({ system, target }) =>
    manifest.files.some((file) => file.target === (file.kind === "application" ? system : target)),
  );
}

/** Whether a device runs a release, or something newer. */
export const hasRelease = ({ agent_version }: Pick<UpdatableDevice, "agent_version">, version: string): boolean =>
  isVersion(agent_version) && compareVersions(agent_version, version) >= 0;

/**
 * The newest version that has been out for so long that every agent should have it; releases that are no longer on the shelf count too,
 * but for those that were taken back: of these nobody could have what the newest one is not.
 */
async function agedVersion(
  tx: Tx,
  { clock }: Services,
  providerId: Id,
  { manifest: newest }: ShelvedRelease,
  stable: readonly ShelvedRelease[],
): Promise<string | undefined> {
  const beforeMs = clock.now() - outdatedAfterMs;
  const rollouts = await tx.sql<{ version: string }>(
    "select version from hauswart.agent_rollout where provider_id = $1 and started_at < $2",
    [providerId, isoTime(beforeMs)],
  );
  const shelved = stable.map(({ manifest }) => manifest).filter(({ createdAtMs }) => createdAtMs < beforeMs);
  return [...shelved, ...rollouts]
    .map(({ version }) => version)
    .filter((version) => compareVersions(version, newest.version) <= 0)
    .sort(compareVersions)
    .at(-1);
}

/** Findings for agents that lack a release that has been out for long; whoever has that one is in order, though there is a newer one. */
async function judgeAge(
  tx: Tx,
  services: Services,
  providerId: Id,
  { newest, aged }: { readonly newest: string; readonly aged: string | undefined },
  devices: readonly UpdatableDevice[],
): Promise<void> {
  const nowMs = services.clock.now();
  const findings = devices.flatMap((device) => {
    const identity = { providerId, customerId: device.customer_id, siteId: device.site_id, deviceId: device.device_id };
    const lacks = aged !== undefined && !hasRelease(device, aged);
    if (lacks && !device.is_outdated)
      return openDeviceFinding(identity, "agent-outdated", { version: device.agent_version, newest }, nowMs);
    return !lacks && device.is_outdated ? closeDeviceFinding(identity, "agent-outdated", "recovered", nowMs) : [];
  });
  await applyFindingChanges(tx, services, { providerId, actor }, findings);
}

export async function chosenRings(tx: Tx, providerId: Id): Promise<Map<string, Stage>> {
  const rows = await tx.sql<{ kind: string; subject_id: Id; ring: Stage }>(
    "select kind, subject_id, ring from hauswart.update_ring where provider_id = $1",
    [providerId],
  );
  return new Map(rows.map(({ kind, subject_id, ring }) => [`${kind} ${subject_id}`, ring]));
}

const hasFailed = ({ state }: UpdatableDevice): boolean => state !== null && failedStates.includes(state);

async function moveOn(
  tx: Tx,
  services: Services,
  providerId: Id,
  rollout: RolloutRow,
  devices: readonly UpdatableDevice[],
  chosen: ReadonlyMap<string, Stage>,
): Promise<RolloutRow> {
  const nowMs = services.clock.now();
  // The rings before have been heard: what counts now is the stage's own one, at the end everybody.
  const heard = devices.filter((device) => rollout.stage === "all" || ringOf(device, chosen) === rollout.stage);
  const there = heard.filter((device) => hasRelease(device, rollout.version)).length;
  const ended = devices.filter(({ version }) => version === rollout.version);
  const confirmed = ended.filter(({ state }) => state === "confirmed").length;
  const failed = ended.filter((device) => hasFailed(device) && device.changed_at! >= rollout.judged_from).length;
  const change = judgeRollout(rollout.stage, rollout.stage_since.getTime(), { devices: heard.length, there, confirmed, failed }, nowMs);
  if (change.kind === "stay") return rollout;
  const state = { halt: "halted", finish: "finished", advance: "running" }[change.kind] as RolloutState;
  const stage = change.kind === "advance" ? change.stage : rollout.stage;
  await tx.sql(
    `update hauswart.agent_rollout set state = $3, stage = $4, stage_since = case when stage = $4 then stage_since else $5 end,
       failed_devices = $6, ended_devices = $7 where provider_id = $1 and version = $2`,
    [providerId, rollout.version, state, stage, isoTime(nowMs), failed, failed + confirmed],
  );
  await audit(
    tx,
    { services, providerId, actor, address: "" },
    {
      action: change.kind === "halt" ? "agent-rollout.halt" : "agent-rollout.advance",
      subject: { kind: "agent-release", id: rollout.version },
      customerId: null,
      detail: { state, stage, failed, ended: failed + confirmed },
    },
  );
  if (change.kind === "halt")
    services.log.error("a rollout of the agent is halted", { version: rollout.version, failed, ended: failed + confirmed });
  return { ...rollout, state, stage, stage_since: new Date(nowMs) };
}

async function pickOffers(
  tx: Tx,
  { clock }: Services,
  providerId: Id,
  care: Pick<Care, "linkOf">,
  { manifest: { version } }: ShelvedRelease,
  rollout: RolloutRow,
  devices: readonly UpdatableDevice[],
  chosen: ReadonlyMap<string, Stage>,
): Promise<Id[]> {
  const nowMs = clock.now();
  const since = ({ changed_at }: UpdatableDevice) => nowMs - (changed_at?.getTime() ?? 0);
  const isUnderWay = (device: UpdatableDevice) =>
    device.version === version && ["offered", "downloading", "starting"].includes(device.state ?? "") && since(device) < offerHoldsMs;
  const isDue = (device: UpdatableDevice) => {
    if (hasRelease(device, version) || !isInStage(ringOf(device, chosen), rollout.stage) || !care.linkOf(device.device_id)) return false;
    if (device.version !== version || device.state === null) return true;
    // A notebook that was shut while it downloaded has not failed.
    if (!hasFailed(device)) return !isUnderWay(device);
    return device.attempts < mostAttempts && since(device) >= againAfterMs;
  };
  const room = mostUnderWay[rollout.stage] - devices.filter(isUnderWay).length;
  const due = devices
    .filter(isDue)
    .slice(0, Math.max(0, room))
    .map(({ device_id }) => device_id);
  if (due.length > 0)
    await tx.sql(
      `update hauswart.device_update set attempts = case when version is distinct from $2 then 1
           when state = any($5::text[]) then attempts + 1 else attempts end, version = $2, state = 'offered', code = '', detail = '',
         changed_at = $3 where provider_id = $1 and device_id = any($4::uuid[])`,
      [providerId, version, isoTime(nowMs), uuidArray(due), failedStates],
    );
  return due;
}

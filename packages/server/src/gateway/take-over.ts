/**
 * A device comes into this process's care: its link row gets the next epoch, which shuts every older connection out, and
 * its memory is loaded. One transaction for many devices of a provider.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { announce } from "../announce.ts";
import { float8Array, int8Array, textArray, uuidArray } from "../database/binary-arrays.ts";
import { audit } from "../audit/audit.ts";
import type { Tx } from "../database/database.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import type { CheckLayouts } from "../ingest/check-layout.ts";
import { deviceScope, judgeClock, openDeviceFinding } from "../ingest/device-findings.ts";
import type { DeviceIdentity, DeviceMemory } from "../ingest/device-memory.ts";
import { loadDevices, type LinkRow } from "../ingest/load-devices.ts";
import { linkColumns } from "../ingest/load-statements.ts";
import { applySightings, type Sighting } from "../presence/flapping.ts";
import { sleepsOf } from "../presence/sleep.ts";
import { isoTime } from "../times.ts";
import { explainBySleep } from "./explain-by-sleep.ts";
import type { Services } from "../services.ts";
import type { Introduced } from "./update-computers.ts";

/** Who stands in the history of findings that a take-over opens or closes. */
const actor = { kind: "system", id: "gateway", name: "gateway" } as const;

export interface TakenOver {
  readonly device: DeviceMemory;
  /** What the agent is told to go on from. */
  readonly lastSequence: number;
  readonly startNewStream: boolean;
  /** Messages that the agent was told were stored, and that are not here: the server was restored from a backup. */
  readonly lostMessages: number;
}

/**
 * Takes devices over. @param diverged streams that this process has seen to diverge since their last hello.
 * @returns in the order of `introduced`; a device that was deleted meanwhile is missing.
 */
export async function takeOver(
  services: Services,
  layouts: CheckLayouts,
  providerId: Id,
  introduced: readonly Introduced[],
  diverged: ReadonlyMap<Id, Id>,
): Promise<TakenOver[]> {
  const nowMs = services.clock.now();
  const ordered = [...introduced].sort((one, other) => (one.device.device_id < other.device.device_id ? -1 : 1));
  return services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    const links = await moveEpochs(tx, services.processId, providerId, ordered, nowMs);
    const present = ordered.flatMap((each) => {
      const link = links.get(each.device.device_id);
      return link ? [{ ...each, link, identity: identityOf(each) }] : [];
    });
    const devices = await loadDevices(tx, layouts, providerId, present);
    await explainBySleep(
      tx,
      devices.flatMap((device, index) => {
        const sleeps = device.hasOpen("silent") ? sleepsOf(present[index]!.hello, present[index]!.clockOffsetMs, nowMs) : [];
        return sleeps.length > 0 ? [{ identity: device.identity, sleeps }] : [];
      }),
    );
    const findings: FindingChange[] = [];
    const taken = devices.map((device, index) => {
      const { hello, clockOffsetMs } = present[index]!;
      device.clockOffsetMs = clockOffsetMs;
      const over = joinStream(device, hello, diverged.get(device.identity.deviceId) === hello.stream);
      findings.push(...findingsOf(over, hello.droppedSamples, nowMs));
      return over;
    });
    await applyFindingChanges(tx, services, { providerId, actor }, findings);
    await applySightings(tx, services, { providerId, actor }, returnsOf(taken, nowMs));
    for (const [index, { device, lostMessages }] of taken.entries())
      if (isFirstSinceRestore(services, present[index]!.link)) await recordLoss(tx, services, device.identity, lostMessages);
    for (const { customerId, deviceId } of devices.map(({ identity }) => identity))
      announce(tx, { services, providerId }, { kind: "device", id: deviceId, customerId, change: "changed" });
    return taken;
  });
}

/** Devices share the texts of their provider, customer and site. */
const shared = new Map<Id, Id>();
const mostShared = 10_000;

function share(id: Id): Id {
  const known = shared.get(id);
  if (known !== undefined) return known;
  if (shared.size >= mostShared) shared.clear();
  shared.set(id, id);
  return id;
}

function identityOf({ device }: Introduced): DeviceIdentity {
  return {
    providerId: share(device.provider_id),
    customerId: share(device.customer_id),
    siteId: share(device.site_id),
    deviceId: device.device_id,
  };
}

/** With when the device was last taken over before. */
type TakenLinkRow = LinkRow & { readonly connected_before: Date | null };

async function moveEpochs(
  tx: Tx,
  processId: Id,
  providerId: Id,
  ordered: readonly Introduced[],
  nowMs: number,
): Promise<Map<Id, TakenLinkRow>> {
  const sleeps = ordered.map(({ hello, clockOffsetMs }) => sleepsOf(hello, clockOffsetMs, nowMs).at(-1));
  const rows = await tx.sql<TakenLinkRow>(nextEpochs, [
    providerId,
    processId,
    isoTime(nowMs),
    uuidArray(ordered.map(({ device }) => device.customer_id)),
    uuidArray(ordered.map(({ device }) => device.device_id)),
    float8Array(ordered.map(({ clockOffsetMs }) => Math.round(clockOffsetMs))),
    int8Array(ordered.map(({ hello }) => hello.droppedSamples)),
    textArray(sleeps.map((sleep) => (sleep ? isoTime(sleep.fromMs) : null))),
    textArray(sleeps.map((sleep) => (sleep ? isoTime(sleep.untilMs) : null))),
  ]);
  return new Map(rows.map((row) => [row.device_id, row]));
}

/** The devices are locked first: one that is being deleted or revoked is waited for, and is not taken over afterwards. */
const nextEpochs = `
  insert into hauswart.device_link as l (provider_id, customer_id, device_id, epoch, process_id, connected_at, last_seen_at, clock_offset_ms, dropped_samples, slept_from, slept_until)
  select $1::uuid, r.customer_id, r.device_id, 1, $2::uuid, $3::timestamptz, $3::timestamptz, r.clock_offset_ms, r.dropped_samples, r.slept_from::timestamptz, r.slept_until::timestamptz
  from unnest($4::uuid[], $5::uuid[], $6::float8[], $7::int8[], $8::text[], $9::text[]) as r(customer_id, device_id, clock_offset_ms, dropped_samples, slept_from, slept_until)
  join (select device_id from hauswart.device where provider_id = $1::uuid and device_id = any($5::uuid[]) and lifecycle = 'active' for share) d
    on d.device_id = r.device_id
  on conflict (provider_id, device_id) do update set epoch = l.epoch + 1, process_id = excluded.process_id, connected_at = excluded.connected_at,
    last_seen_at = excluded.last_seen_at, clock_offset_ms = excluded.clock_offset_ms, dropped_samples = l.dropped_samples + excluded.dropped_samples,
    goodbye = null, goodbye_at = null, slept_from = coalesce(excluded.slept_from, l.slept_from), slept_until = coalesce(excluded.slept_until, l.slept_until)
  returning ${linkColumns.map((column) => `new.${column}`).join(", ")}, old.connected_at as connected_before`;

function isFirstSinceRestore({ restored }: Services, { connected_before }: TakenLinkRow): boolean {
  return restored !== undefined && (connected_before?.getTime() ?? 0) < restored.restoredAtMs;
}

/** The agent's numbers go on behind what is stored here; what lies between was in the old server alone. It stands in the device's timeline. */
async function recordLoss(
  tx: Tx,
  services: Services,
  { providerId, customerId, deviceId }: DeviceIdentity,
  messages: number,
): Promise<void> {
  if (messages === 0) return;
  services.log.warn("an agent had sent more than the restored backup holds", { deviceId, messages });
  const { snapshotAtMs, restoredAtMs } = services.restored!;
  await audit(
    tx,
    { services, providerId, actor, address: "" },
    {
      action: "device.server-restored",
      subject: { kind: "device", id: deviceId },
      customerId,
      detail: { messages, from: isoTime(snapshotAtMs), until: isoTime(restoredAtMs) },
    },
  );
}

/**
 * Compares the agent's stream with the stored one. Where the agent has not seen the newest number acknowledged, it sends
 * that one again, so that its content can be compared: an agent that was set back and has measured since then shows there.
 */
export function joinStream(device: DeviceMemory, hello: Introduced["hello"], isKnownToDiverge: boolean): TakenOver {
  const stored = device.lastSequence;
  const isSameStream = device.streamId === hello.stream;
  const lostMessages = Math.max(0, hello.acknowledgedSequence - (isSameStream ? stored : 0));
  device.backlogSequence = hello.highestSequence;
  if (!isSameStream) {
    device.streamId = hello.stream;
    device.lastSequence = 0;
    device.committedSequence = 0;
    device.lastHash = Number.NaN;
    return { device, lastSequence: 0, startNewStream: false, lostMessages };
  }
  if (isKnownToDiverge || hello.highestSequence < stored) {
    device.awaitsNewStream = true;
    // What it still holds comes under new numbers.
    device.backlogSequence = Math.max(0, hello.highestSequence - hello.acknowledgedSequence);
    device.rememberRepeats();
    return { device, lastSequence: 0, startNewStream: true, lostMessages: 0 };
  }
  const sendsNewestAgain = stored > 0 && hello.acknowledgedSequence < stored && hello.droppedSamples === 0;
  return { device, lastSequence: sendsNewestAgain ? stored - 1 : stored, startNewStream: false, lostMessages };
}

/** Of those that were found to be silent. */
function returnsOf(taken: readonly TakenOver[], atMs: number): Sighting[] {
  const returned = taken.filter(({ device }) => device.hasOpen("silent"));
  for (const { device } of returned) device.setOpen("silent", false);
  return returned.map(({ device }) => ({ scope: deviceScope(device.identity), code: "silent", atMs, lost: null }));
}

function findingsOf({ device, startNewStream }: TakenOver, droppedSamples: number, nowMs: number): FindingChange[] {
  const findings: (FindingChange | undefined)[] = [judgeClock(device, nowMs)];
  if (startNewStream) findings.push(openDeviceFinding(device.identity, "ran-backwards", { storedSequence: device.lastSequence }, nowMs));
  if (droppedSamples > 0) findings.push(openDeviceFinding(device.identity, "samples-dropped", { samples: droppedSamples }, nowMs));
  return findings.filter((finding) => finding !== undefined);
}

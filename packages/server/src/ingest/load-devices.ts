/**
 * Loads what ingest must remember of devices, many in one go: after a restart thousands come back within seconds, so every
 * query here answers for all of them.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import type { Tx } from "../database/database.ts";
import { judgedState, type BadSubject, type JudgedState } from "../evaluate/judged-state.ts";
import type { CheckLayouts, InstanceSettings } from "./check-layout.ts";
import { DeviceMemory, rememberedFacts, type DeviceIdentity } from "./device-memory.ts";
import { JudgeHistory } from "./judge-history.ts";

/** Columns of device_link that a memory starts from. */
export interface LinkRow {
  readonly device_id: Id;
  readonly epoch: number;
  readonly stream_id: Id | null;
  readonly last_sequence: number;
  readonly last_hash: Buffer | null;
  readonly check_numbers: readonly number[];
  readonly evidence_at: readonly Date[];
  readonly fact_numbers: readonly number[];
  readonly value_counts: readonly number[];
  readonly latest: readonly number[];
}

/** The columns of LinkRow, for `returning`. */
export const linkColumns = ["device_id", "epoch", "stream_id", "last_sequence", "last_hash", "check_numbers", "evidence_at", "fact_numbers", "value_counts", "latest"];

interface InstanceRow extends InstanceSettings {
  readonly device_id: Id;
  readonly state: JudgedState["state"];
  readonly unknown_reason: string | null;
  readonly unknown_detail: string | null;
  readonly state_since: Date | null;
  readonly verdicts: string;
}

interface FactRow {
  readonly device_id: Id;
  readonly check_number: number;
  readonly fact_number: number;
  readonly hash: number;
}

/** The fact of an instance's newest committed sample. */
export interface NewestFact {
  readonly number: number;
  readonly body: Record<string, unknown>;
}

/** By position in the device's layout. */
export type NewestFacts = ReadonlyMap<number, NewestFact>;

interface FactBodyRow {
  readonly device_id: Id;
  readonly check_number: number;
  readonly fact_number: number;
  readonly body: Record<string, unknown>;
}

interface HistoryRow {
  readonly device_id: Id;
  readonly check_number: number;
  readonly fields: readonly string[];
  readonly subjects: readonly string[];
  readonly point_times: readonly number[];
  readonly point_values: readonly number[];
}

/** The memory of each device, built from its link row (already of the new epoch) and what else is stored. */
export async function loadDevices(tx: Tx, layouts: CheckLayouts, providerId: Id, devices: readonly { identity: DeviceIdentity; link: LinkRow }[]): Promise<DeviceMemory[]> {
  const ids = devices.map(({ identity }) => identity.deviceId);
  const [instances, facts, histories, findings] = await Promise.all([
    tx.sql<InstanceRow>(instancesOf, [providerId, ids]),
    tx.sql<FactRow>(newestFactsOf, [providerId, ids, rememberedFacts]),
    tx.sql<HistoryRow>(historiesOf, [providerId, ids]),
    tx.sql<{ device_id: Id; code: string }>(openFindingsOf, [providerId, ids, deviceCheckId]),
  ]);
  const byDevice = { instances: groupByDevice(instances), facts: groupByDevice(facts), histories: groupByDevice(histories), findings: groupByDevice(findings) };
  return devices.map(({ identity, link }) => {
    const own = byDevice.instances.get(identity.deviceId) ?? [];
    const device = new DeviceMemory(identity, Number(link.epoch), link.stream_id ?? identity.deviceId, layouts.layoutOf(own));
    restoreStream(device, link);
    restoreStates(device, own);
    restoreFacts(device, byDevice.facts.get(identity.deviceId) ?? []);
    restoreLatest(device, link);
    restoreHistories(device, byDevice.histories.get(identity.deviceId) ?? []);
    const open = byDevice.findings.get(identity.deviceId);
    if (open) device.openDeviceFindings = new Set(open.map(({ code }) => code));
    return device;
  });
}

/**
 * The same devices as the database knows them now, and the facts of their newest samples by position; for a configuration
 * that changed while they are connected.
 */
export async function loadAgain(tx: Tx, layouts: CheckLayouts, providerId: Id, devices: readonly DeviceMemory[]): Promise<{ fresh: DeviceMemory; facts: NewestFacts }[]> {
  const ids = devices.map(({ identity }) => identity.deviceId);
  const links = new Map((await tx.sql<LinkRow>(linksOf, [providerId, ids])).map((link) => [link.device_id, link]));
  const present = devices.filter(({ identity }) => links.has(identity.deviceId));
  const fresh = await loadDevices(tx, layouts, providerId, present.map(({ identity }) => ({ identity, link: links.get(identity.deviceId)! })));
  const bodies = groupByDevice(await tx.sql<FactBodyRow>(newestBodiesOf, [providerId, ids]));
  return fresh.map((device) => {
    const facts = new Map<number, NewestFact>();
    for (const { check_number, fact_number, body } of bodies.get(device.identity.deviceId) ?? []) {
      const position = device.layout.positionOf(check_number);
      if (position !== -1) facts.set(position, { number: fact_number, body });
    }
    return { fresh: device, facts };
  });
}

function groupByDevice<Row extends { device_id: Id }>(rows: readonly Row[]): Map<Id, Row[]> {
  return Map.groupBy(rows, ({ device_id }) => device_id);
}

function restoreStream(device: DeviceMemory, link: LinkRow): void {
  device.lastSequence = link.stream_id === null ? 0 : Number(link.last_sequence);
  device.committedSequence = device.lastSequence;
  device.lastHash = link.last_hash;
}

function restoreStates(device: DeviceMemory, rows: readonly InstanceRow[]): void {
  for (const row of rows) {
    const position = device.layout.positionOf(row.number);
    if (position === -1) continue;
    device.restoreState(position, stateOf(row), row.state_since?.getTime() ?? Number.NaN);
  }
}

function stateOf({ state, unknown_reason, unknown_detail, verdicts }: InstanceRow): JudgedState {
  return judgedState(state, unknown_reason as JudgedState["unknownReason"], unknown_detail, verdicts === "[]" ? [] : (JSON.parse(verdicts) as BadSubject[]));
}

/** @param rows newest first. */
function restoreFacts(device: DeviceMemory, rows: readonly FactRow[]): void {
  for (const { check_number, fact_number, hash } of rows) {
    const position = device.layout.positionOf(check_number);
    if (position === -1) continue;
    if (device.get("knownFact", position) === 0) {
      device.set("knownFact", position, fact_number);
      device.set("knownFactHash", position, hash);
      device.set("nextFact", position, fact_number + 1);
    } else {
      const older = (device.olderFacts ??= new Map());
      older.set(position, [...(older.get(position) ?? []), { hash, number: fact_number }]);
    }
  }
}

/** The link row may still hold instances that the device no longer runs; they fall away with the next commit. */
function restoreLatest(device: DeviceMemory, link: LinkRow): void {
  let from = 0;
  link.check_numbers.forEach((number, index) => {
    const count = link.value_counts[index]!;
    const values = link.latest.slice(from, from + count);
    from += count;
    const position = device.layout.positionOf(number);
    if (position === -1) return;
    device.set("evidenceAtMs", position, link.evidence_at[index]!.getTime());
    device.set("fact", position, link.fact_numbers[index]!);
    device.setLatest(position, values);
  });
}

function restoreHistories(device: DeviceMemory, rows: readonly HistoryRow[]): void {
  for (const { check_number, fields, subjects, point_times, point_values } of rows) {
    const position = device.layout.positionOf(check_number);
    if (position === -1) continue;
    (device.histories ??= [])[position] = JudgeHistory.from({ fields, subjects, times: point_times, values: point_values });
  }
}

const instancesOf = `
  select device_id, number, check_id, instance, every_seconds, daily_at_hour, failures_before_finding, selection::text as selection,
    selection_version, judgement::text as judgement, state, unknown_reason, unknown_detail, state_since, verdicts::text as verdicts
  from hauswart.check_instance where provider_id = $1 and device_id = any($2::uuid[]) and enabled
  order by device_id, number`;

/** The newest facts of each instance; few of many, so they are fetched instance by instance through the key. */
const newestFactsOf = `
  select f.device_id, f.check_number, f.fact_number, f.hash
  from hauswart.check_instance c
  cross join lateral (
    select s.device_id, s.check_number, s.fact_number, s.hash from hauswart.sample_fact s
    where s.provider_id = c.provider_id and s.device_id = c.device_id and s.check_number = c.number
    order by s.fact_number desc limit $3) f
  where c.provider_id = $1 and c.device_id = any($2::uuid[]) and c.enabled`;

const linksOf = `select ${linkColumns.join(", ")} from hauswart.device_link where provider_id = $1 and device_id = any($2::uuid[])`;

/** The facts of the newest samples. */
const newestBodiesOf = `
  select f.device_id, f.check_number, f.fact_number, f.body
  from hauswart.device_link l
  cross join lateral unnest(l.check_numbers, l.fact_numbers) as n(check_number, fact_number)
  join hauswart.sample_fact f on f.provider_id = l.provider_id and f.device_id = l.device_id and f.check_number = n.check_number and f.fact_number = n.fact_number
  where l.provider_id = $1 and l.device_id = any($2::uuid[])`;

const historiesOf = `
  select device_id, check_number, fields, subjects, point_times, point_values
  from hauswart.check_history where provider_id = $1 and device_id = any($2::uuid[])`;

const openFindingsOf = `
  select device_id, code from hauswart.finding
  where provider_id = $1 and device_id = any($2::uuid[]) and check_id = $3 and closed_at is null`;

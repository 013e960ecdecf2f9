/**
 * Loads what ingest must remember of devices, many in one go: after a restart thousands come back within seconds, so every
 * query here answers for all of them.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import type { Tx } from "../database/database.ts";
import { allWell, judgedState, neverMeasured, type BadSubject, type JudgedState } from "../evaluate/judged-state.ts";
import type { CheckLayout, CheckLayouts, InstanceSettings } from "./check-layout.ts";
import { hashFromBytes } from "./content-hash.ts";
import { DeviceMemory, rememberedFacts, type DeviceIdentity, type OlderFact } from "./device-memory.ts";
import { HistoryBook } from "./history-book.ts";
import { JudgeHistory } from "./judge-history.ts";
import { historiesOf, linksOf, newestBodiesOf, newestFactsOf, oddStatesOf, openFindingsOf, runsOf, settingsOf } from "./load-statements.ts";

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

/** What a device runs, without its settings. */
interface RunRow {
  readonly device_id: Id;
  /** Numbers and settings of the enabled instances; equal for devices that run the same. */
  readonly key: string;
  readonly never_measured: readonly number[] | null;
  /** Of which it is not written down that these settings are in force. */
  readonly unnoted: readonly number[] | null;
  /** Keys of the calendars by which instances were judged, of those whose judge asks for one. */
  readonly calendars: Readonly<Record<number, string>> | null;
}

interface StateRow {
  readonly device_id: Id;
  readonly number: number;
  readonly state: JudgedState["state"];
  readonly unknown_reason: string | null;
  readonly unknown_detail: string | null;
  readonly state_since: Date | null;
  readonly verdicts: string;
}

/** The newest facts of all instances, those of one instance newest first. */
interface FactsRow {
  readonly device_id: Id;
  readonly check_numbers: readonly number[];
  readonly fact_numbers: readonly number[];
  readonly hashes: readonly number[];
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

const noCalendars: Readonly<Record<number, string>> = {};

/** The memory of each device, built from its link row (already of the new epoch) and what else is stored. */
export async function loadDevices(
  tx: Tx,
  layouts: CheckLayouts,
  providerId: Id,
  devices: readonly { identity: DeviceIdentity; link: LinkRow }[],
): Promise<DeviceMemory[]> {
  const ids = devices.map(({ identity }) => identity.deviceId);
  const [runs, states, facts, histories, findings] = await Promise.all([
    tx.sql<RunRow>(runsOf, [providerId, ids]),
    tx.sql<StateRow>(oddStatesOf, [providerId, ids]),
    tx.sql<FactsRow>(newestFactsOf, [providerId, ids, rememberedFacts]),
    tx.sql<HistoryRow>(historiesOf, [providerId, ids]),
    tx.sql<{ device_id: Id; code: string }>(openFindingsOf, [providerId, ids, deviceCheckId]),
  ]);
  const layoutByKey = await layoutsOf(tx, layouts, providerId, runs);
  const runOf = new Map(runs.map((run) => [run.device_id, run]));
  const factsOf = new Map(facts.map((row) => [row.device_id, row]));
  const byDevice = { states: groupByDevice(states), histories: groupByDevice(histories), findings: groupByDevice(findings) };
  return devices.map(({ identity, link }) => {
    const run = runOf.get(identity.deviceId);
    const device = new DeviceMemory(
      identity,
      link.epoch,
      link.stream_id ?? identity.deviceId,
      run ? layoutByKey.get(run.key)! : layouts.layoutOf([]),
    );
    restoreStream(device, link);
    restoreStates(device, run?.never_measured ?? [], byDevice.states.get(identity.deviceId) ?? []);
    const unnoted = run?.unnoted?.map((number) => device.layout.positionOf(number)).filter((position) => position !== -1);
    if (unnoted && unnoted.length > 0) device.unnotedSettings = unnoted;
    device.judgedCalendars = run?.calendars ?? noCalendars;
    restoreFacts(device, factsOf.get(identity.deviceId));
    restoreLatest(device, link);
    restoreHistories(device, byDevice.histories.get(identity.deviceId) ?? []);
    const open = byDevice.findings.get(identity.deviceId);
    if (open) device.openDeviceFindings = new Set(open.map(({ code }) => code));
    return device;
  });
}

/** The layouts behind the keys. Of those that nobody in this process runs yet, one device's rows are read. */
async function layoutsOf(tx: Tx, layouts: CheckLayouts, providerId: Id, runs: readonly RunRow[]): Promise<Map<string, CheckLayout>> {
  const found = new Map<string, CheckLayout>();
  const example = new Map<Id, string>();
  const missing = new Set<string>();
  for (const { key, device_id } of runs) {
    const layout = found.get(key) ?? layouts.find(key);
    if (layout) found.set(key, layout);
    else if (!missing.has(key)) {
      missing.add(key);
      example.set(device_id, key);
    }
  }
  if (missing.size === 0) return found;
  const rows = groupByDevice(await tx.sql<InstanceSettings & { device_id: Id }>(settingsOf, [providerId, [...example.keys()]]));
  for (const [deviceId, key] of example) found.set(key, layouts.keep(key, rows.get(deviceId) ?? []));
  return found;
}

/**
 * The same devices as the database knows them now, and the facts of their newest samples by position; for a configuration
 * or a site that changed while they are connected.
 */
export async function loadAgain(
  tx: Tx,
  layouts: CheckLayouts,
  providerId: Id,
  devices: readonly DeviceMemory[],
): Promise<{ fresh: DeviceMemory; facts: NewestFacts }[]> {
  const ids = devices.map(({ identity }) => identity.deviceId);
  const links = new Map((await tx.sql<LinkRow & { site_id: Id }>(linksOf, [providerId, ids])).map((link) => [link.device_id, link]));
  const present = devices.flatMap(({ identity }) => {
    const link = links.get(identity.deviceId);
    return link ? [{ identity: link.site_id === identity.siteId ? identity : { ...identity, siteId: link.site_id }, link }] : [];
  });
  const fresh = await loadDevices(tx, layouts, providerId, present);
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
  device.lastSequence = link.stream_id === null ? 0 : link.last_sequence;
  device.committedSequence = device.lastSequence;
  device.lastHash = hashFromBytes(link.last_hash);
}

/** What is in neither list is well. */
function restoreStates(device: DeviceMemory, neverMeasuredNumbers: readonly number[], odd: readonly StateRow[]): void {
  for (let position = 0; position < device.layout.plans.length; position++) device.restoreState(position, allWell, Number.NaN);
  for (const number of neverMeasuredNumbers) {
    const position = device.layout.positionOf(number);
    if (position !== -1) device.restoreState(position, neverMeasured, Number.NaN);
  }
  for (const { number, state, unknown_reason, unknown_detail, state_since, verdicts } of odd) {
    const position = device.layout.positionOf(number);
    if (position === -1) continue;
    const bad = verdicts === "[]" ? [] : (JSON.parse(verdicts) as BadSubject[]);
    device.restoreState(
      position,
      judgedState(state, unknown_reason as JudgedState["unknownReason"], unknown_detail, bad),
      state_since?.getTime() ?? Number.NaN,
    );
  }
}

function restoreFacts(device: DeviceMemory, row: FactsRow | undefined): void {
  row?.check_numbers.forEach((checkNumber, index) => {
    const [number, hash] = [row.fact_numbers[index]!, row.hashes[index]!];
    const position = device.layout.positionOf(checkNumber);
    if (position === -1) return;
    if (device.get("knownFact", position) === 0) {
      device.set("knownFact", position, number);
      device.set("knownFactHash", position, hash);
      device.set("nextFact", position, number + 1);
    } else {
      const older = (device.olderFacts ??= new Map<number, OlderFact[]>());
      older.set(position, [...(older.get(position) ?? []), { hash, number }]);
    }
  });
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
    (device.histories ??= new HistoryBook()).put(
      position,
      JudgeHistory.from({ fields, subjects, times: point_times, values: point_values }),
    );
  }
}

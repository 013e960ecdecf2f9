/** What one group commit writes: a snapshot of the devices in it, so that their memories may move on meanwhile. */
import type { JudgedState } from "../evaluate/judged-state.ts";
import type { CheckLayout } from "./check-layout.ts";
import type { DeviceMemory } from "./device-memory.ts";
import type { StoredHistory } from "./judge-history.ts";
import type { TakenBatch } from "./taken-batch.ts";

/** The latest values of a device: columns of device_link. Instances without evidence are left out. */
export interface LinkSnapshot {
  readonly checkNumbers: Int16Array;
  readonly evidenceAtMs: Float64Array;
  readonly factNumbers: Int32Array;
  readonly valueCounts: Uint16Array;
  readonly latest: Float64Array;
}

export interface StateSnapshot {
  readonly checkNumber: number;
  readonly state: JudgedState;
  readonly sinceMs: number;
}

export interface HistorySnapshot {
  readonly checkNumber: number;
  readonly stored: StoredHistory;
}

/** All that a commit writes of one device. */
export interface DeviceCommit {
  readonly device: DeviceMemory;
  /** In the order of the stream. */
  readonly batches: readonly TakenBatch[];
  readonly link: LinkSnapshot;
  readonly states: readonly StateSnapshot[];
  readonly histories: readonly HistorySnapshot[];
}

/** Takes the snapshot. Devices that were forgotten meanwhile are left out. */
export function snapshot(batchesByDevice: Iterable<readonly [DeviceMemory, readonly TakenBatch[]]>): DeviceCommit[] {
  const commits: DeviceCommit[] = [];
  for (const [device, batches] of batchesByDevice) {
    if (device.isForgotten) continue;
    commits.push({ device, batches, link: linkSnapshot(device), states: stateSnapshots(device), histories: historySnapshots(device) });
    device.changedStates = undefined;
    device.changedHistories = undefined;
  }
  return commits;
}

function linkSnapshot({ layout, evidenceAtMs, factNumbers, valueCounts, latest }: DeviceMemory): LinkSnapshot {
  const isMeasured = (_: number, position: number) => !Number.isNaN(evidenceAtMs[position]!);
  if (evidenceAtMs.every((atMs) => !Number.isNaN(atMs))) {
    return { checkNumbers: layout.numbers, evidenceAtMs: evidenceAtMs.slice(), factNumbers: factNumbers.slice(), valueCounts: valueCounts.slice(), latest: latest.slice() };
  }
  return {
    checkNumbers: layout.numbers.filter(isMeasured),
    evidenceAtMs: evidenceAtMs.filter(isMeasured),
    factNumbers: factNumbers.filter(isMeasured),
    valueCounts: valueCounts.filter(isMeasured),
    latest: latest.slice(),
  };
}

function stateSnapshots({ changedStates, layout, states, stateSinceMs }: DeviceMemory): StateSnapshot[] {
  return [...(changedStates ?? [])].map((position) => ({ checkNumber: numberAt(layout, position), state: states[position]!, sinceMs: stateSinceMs[position]! }));
}

function historySnapshots({ changedHistories, layout, histories }: DeviceMemory): HistorySnapshot[] {
  return [...(changedHistories ?? [])].flatMap((position) => {
    const history = histories?.get(position);
    return history ? [{ checkNumber: numberAt(layout, position), stored: history.toStored() }] : [];
  });
}

const numberAt = (layout: CheckLayout, position: number) => layout.numbers[position]!;

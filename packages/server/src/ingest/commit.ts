/** What one group commit writes: a snapshot of the devices in it, so that their memories may move on meanwhile. */
import type { JudgedState } from "../evaluate/judged-state.ts";
import type { CheckLayout } from "./check-layout.ts";
import type { DeviceMemory } from "./device-memory.ts";
import type { StoredHistory } from "./judge-history.ts";
import type { TakenBatch } from "./taken-batch.ts";

/** The latest values of a device: columns of device_link. Instances without evidence are left out. */
export interface LinkSnapshot {
  readonly checkNumbers: readonly number[];
  readonly evidenceAtMs: readonly number[];
  readonly factNumbers: readonly number[];
  readonly valueCounts: readonly number[];
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
  /** The row of device_state holds no longer. */
  readonly isStateOld: boolean;
}

const noStates: StateSnapshot[] = [];
const noHistories: HistorySnapshot[] = [];

/** Takes the snapshot. Devices that were forgotten meanwhile are left out. */
export function snapshot(batchesByDevice: Iterable<readonly [DeviceMemory, readonly TakenBatch[]]>): DeviceCommit[] {
  const commits: DeviceCommit[] = [];
  for (const [device, batches] of batchesByDevice) {
    if (device.isForgotten) continue;
    const [states, histories] = [stateSnapshots(device), historySnapshots(device)];
    commits.push({ device, batches, link: linkSnapshot(device), states, histories, isStateOld: device.isStateOld });
    device.isStateOld = false;
    device.changedStates = undefined;
    device.changedHistories = undefined;
  }
  return commits;
}

function linkSnapshot(device: DeviceMemory): LinkSnapshot {
  const { numbers } = device.layout;
  const [checkNumbers, evidenceAtMs, factNumbers, valueCounts]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let position = 0; position < numbers.length; position++) {
    if (!device.isMeasured(position)) continue;
    checkNumbers.push(numbers[position]!);
    evidenceAtMs.push(device.get("evidenceAtMs", position));
    factNumbers.push(device.get("fact", position));
    valueCounts.push(device.get("valueCount", position));
  }
  return { checkNumbers, evidenceAtMs, factNumbers, valueCounts, latest: device.latest().slice() };
}

function stateSnapshots(device: DeviceMemory): StateSnapshot[] {
  if (!device.changedStates) return noStates;
  return [...device.changedStates].map((position) => ({
    checkNumber: numberAt(device.layout, position),
    state: device.stateOf(position),
    sinceMs: device.get("stateSinceMs", position),
  }));
}

function historySnapshots({ changedHistories, layout, histories }: DeviceMemory): HistorySnapshot[] {
  if (!changedHistories) return noHistories;
  return [...changedHistories].map((position) => ({
    checkNumber: numberAt(layout, position),
    stored: histories!.get(position).toStored(),
  }));
}

const numberAt = (layout: CheckLayout, position: number) => layout.numbers[position]!;

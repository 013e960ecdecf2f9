/**
 * A message of an agent on its way in. It moves the device's memory and yields what has to be written; both are undone
 * together, by forgetting the memory, should the writing fail.
 */
import type { Batch } from "@hauswart/protocol/wire/messages.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import { hashOfSamples } from "./content-hash.ts";
import type { DeviceMemory } from "./device-memory.ts";
import { judgeClock, openDeviceFinding } from "./device-findings.ts";
import { placeInStream, type Place } from "./place-in-stream.ts";
import { nextClockOffset, nextMomentOffset, sampleTime } from "./sample-time.ts";
import { noteSettings } from "./settings-periods.ts";
import { takeInSample, type SampleContext, type TakeInNeeds } from "./take-in-sample.ts";
import type { TakenBatch } from "./taken-batch.ts";

/** Samples older than this, from before the connection, count as late: what they open is told after the catch-up only. */
const lateAfterMs = 120_000;
/** How long a late finding waits for samples that close it again. */
const catchUpMs = 30_000;

/** A message that is put aside is told of unless another was so shortly before: they may come by the thousand. */
const misfitPauseMs = 60_000;

export interface Arrival {
  readonly batch: Batch;
  /** The message as it came. */
  readonly text: string;
  readonly receivedAtMs: number;
}

/** Samples of a message that were not stored as they came. */
export interface Oddities {
  /** Of checks that the device no longer runs; not kept. */
  unplaced: number;
  /** With a time that cannot be; kept with the nearest that can. */
  clamped: number;
  /** Stored before the computer was set back; not stored twice. */
  repeated: number;
}

export type TakenIn =
  | { readonly kind: "taken"; readonly batch: TakenBatch; readonly oddities: Oddities }
  | Exclude<Place, { kind: "next" }>;

/** Takes a message in if it is the next of its stream. Nothing is moved otherwise. */
export function takeInBatch(needs: TakeInNeeds, device: DeviceMemory, arrival: Arrival): TakenIn {
  const { batch, text, receivedAtMs } = arrival;
  const contentHash = hashOfSamples(text);
  const place = placeInStream(device, batch, contentHash);
  if (place.kind !== "next") return place;
  moveStream(device, arrival, contentHash);
  const taken: TakenBatch = {
    device,
    streamId: batch.stream,
    sequence: batch.sequence,
    hash: contentHash,
    receivedAtMs,
    clockOffsetMs: Math.round(device.clockOffsetMs),
    samples: { checkNumbers: [], agesMs: [], factNumbers: [], valueCounts: [], values: [] },
    facts: [],
    outcomes: [],
    entries: [],
    findings: [],
    misfits: [],
    periods: [],
    text,
  };
  noteSettings(needs, taken);
  if (place.skipped > 0)
    taken.findings.push(openDeviceFinding(device.identity, "samples-dropped", { batches: place.skipped }, receivedAtMs));
  const oddities = takeInSamples(needs, taken, batch);
  taken.findings.push(...deviceFindingsOf(taken));
  return { kind: "taken", batch: taken, oddities };
}

function moveStream(device: DeviceMemory, { batch, receivedAtMs }: Arrival, contentHash: number): void {
  if (device.streamId !== batch.stream) device.committedSequence = 0;
  device.streamId = batch.stream;
  device.lastSequence = batch.sequence;
  device.lastHash = contentHash;
  device.awaitsNewStream = false;
  device.isFirstMessage = false;
  device.clockOffsetMs = nextClockOffset(device.clockOffsetMs, batch.sentAt - receivedAtMs);
  device.momentOffsetMs = nextMomentOffset(device.momentOffsetMs, device.clockOffsetMs);
}

function takeInSamples(needs: TakeInNeeds, taken: TakenBatch, { samples, sequence }: Batch): Oddities {
  const { device, clockOffsetMs, receivedAtMs } = taken;
  const onTime: SampleContext = { batch: taken, noticeDueAtMs: null };
  const late: SampleContext = { batch: taken, noticeDueAtMs: receivedAtMs + catchUpMs };
  const oddities: Oddities = { unplaced: 0, clamped: 0, repeated: 0 };
  if (sequence > device.backlogSequence) device.repeatedUntilMs = undefined;
  for (const sample of samples) {
    const position = device.layout.positionOf(sample.check);
    const time = sampleTime(sample.at, clockOffsetMs, receivedAtMs);
    if (position === -1) oddities.unplaced++;
    else if (device.repeatedUntilMs && time.atMs <= device.repeatedUntilMs[position]!) oddities.repeated++;
    else {
      if (time.isClamped) oddities.clamped++;
      const isLate = sequence <= device.backlogSequence && time.ageMs > lateAfterMs;
      takeInSample(needs, isLate ? late : onTime, position, time, sample);
    }
  }
  return oddities;
}

function deviceFindingsOf({ device, misfits, receivedAtMs }: TakenBatch): FindingChange[] {
  const clock = judgeClock(device, receivedAtMs);
  const findings = clock ? [clock] : [];
  if (misfits.length === 0) return findings;
  device.quarantined++;
  // Whether the one before is open still is not known here: it ends when somebody takes note. Where it is, nothing happens.
  if (receivedAtMs - device.toldMisfitAtMs < misfitPauseMs) return findings;
  device.toldMisfitAtMs = receivedAtMs;
  return [...findings, openDeviceFinding(device.identity, "message-quarantined", { problem: misfits[0]!.problem }, receivedAtMs)];
}

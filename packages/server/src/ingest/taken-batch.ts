/** A message of an agent after it was taken in: parsed, judged and ready to be written. Nothing here refers to the wire. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { JudgedCalendar } from "../calendars/calendars-of.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import type { CheckPlan } from "./check-layout.ts";
import type { DeviceMemory } from "./device-memory.ts";

export interface NewFact {
  readonly checkNumber: number;
  readonly factNumber: number;
  readonly receivedAtMs: number;
  /** JSON text. */
  readonly body: string;
  readonly hash: number;
}

/** A measurement without a sample whose outcome differs from the one before. */
export interface NewOutcome {
  readonly checkNumber: number;
  readonly atMs: number;
  readonly kind: "no-data" | "failed";
  readonly code: string | null;
  readonly detail: string;
}

export interface NewEntry {
  readonly checkNumber: number;
  readonly field: string;
  readonly atMs: number;
  /** JSON text. */
  readonly body: string;
}

/** One element per sample of the message; values packed one sample after the other. */
export interface SampleColumns {
  readonly checkNumbers: number[];
  readonly agesMs: number[];
  readonly factNumbers: number[];
  readonly valueCounts: number[];
  readonly values: number[];
}

/** Why a sample could not be stored; the message it came in is put aside. */
export interface Misfit {
  readonly checkNumber: number;
  readonly problem: string;
}

/**
 * An instance is judged by other settings or another calendar from now on, see table check_settings_period. `started`: what was judged before is
 * forgotten; `continued`: it is not; `rejudged`: and the newest sample was judged again.
 */
export interface NewPeriod {
  readonly checkNumber: number;
  readonly plan: CheckPlan;
  /** Undefined where the judge asks for none. */
  readonly calendar: JudgedCalendar | undefined;
  readonly kind: "started" | "continued" | "rejudged";
  /** The newest sample before, Unix milliseconds; NaN = there was none. */
  readonly afterMs: number;
}

export interface TakenBatch {
  readonly device: DeviceMemory;
  readonly streamId: Id;
  readonly sequence: number;
  /** Of its content, see content-hash.ts. */
  readonly hash: number;
  readonly receivedAtMs: number;
  /** Device clock minus server clock, whole milliseconds. */
  readonly clockOffsetMs: number;
  readonly samples: SampleColumns;
  readonly facts: NewFact[];
  readonly outcomes: NewOutcome[];
  readonly entries: NewEntry[];
  readonly findings: FindingChange[];
  readonly misfits: Misfit[];
  readonly periods: NewPeriod[];
  /** The message as it came; kept until the commit, for the quarantine. */
  readonly text: string;
}

/** Changes of a device that no message brought: settings that changed, for example. Its stream stays where it is. */
export function batchWithoutMessage(device: DeviceMemory, atMs: number): TakenBatch {
  return {
    device,
    streamId: device.streamId,
    sequence: device.lastSequence,
    hash: device.lastHash,
    receivedAtMs: atMs,
    clockOffsetMs: Math.round(device.clockOffsetMs),
    samples: { checkNumbers: [], agesMs: [], factNumbers: [], valueCounts: [], values: [] },
    facts: [],
    outcomes: [],
    entries: [],
    findings: [],
    misfits: [],
    periods: [],
    text: "",
  };
}

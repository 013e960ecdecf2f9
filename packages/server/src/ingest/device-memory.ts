/**
 * What this process remembers of a device while it holds the device's socket: how far its stream has come, the latest
 * values, what was judged. Loaded at take-over, moved with each message, written with each commit, forgotten when a commit
 * fails. Kept small: 5,000 devices of 20 checks each live in one process, so numbers lie in typed arrays, and settings and
 * healthy states are shared.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { neverMeasured, type JudgedState } from "../evaluate/judged-state.ts";
import type { CheckLayout } from "./check-layout.ts";
import type { JudgeHistory } from "./judge-history.ts";

/** Who the device is. */
export interface DeviceIdentity {
  readonly providerId: Id;
  readonly customerId: Id;
  readonly siteId: Id;
  readonly deviceId: Id;
}

/** Stands for a fact number where the newest measurement yielded no sample (column fact_numbers). */
export const noDataMark = -1;
export const failedMark = -2;

/** A fact that was stored before, besides the newest one. */
export interface OlderFact {
  readonly hash: number;
  readonly number: number;
}

/** Two corrections of one sample's time differ by this much; measurements of one instance lie further apart. */
const repeatJitterMs = 1_000;

const noCodes: ReadonlySet<string> = new Set();

/** How many facts of an instance are told apart; what flips between more than these is stored anew each time. */
export const rememberedFacts = 4;

export class DeviceMemory {
  readonly identity: DeviceIdentity;
  readonly epoch: number;

  // the stream
  streamId: Id;
  /** Newest number taken in; what is committed follows. */
  lastSequence: number;
  lastHash: Uint8Array | null;
  committedSequence: number;
  /** Highest number that the agent had given out when it connected: what comes up to it was waiting. */
  backlogSequence = 0;
  /** The agent was asked to start a new stream; the next message names it. */
  awaitsNewStream = false;
  /**
   * While the backlog of an agent that was set back comes: per instance, what is not newer than this was stored before it was
   * set back, Unix milliseconds.
   */
  repeatedUntilMs: Float64Array | undefined;
  /** No message has come on this connection yet, so a gap may lie before the first. */
  isFirstMessage = true;
  clockOffsetMs = 0;

  /** A commit with this device failed, or another connection took over: nothing of it may be written any more. */
  isForgotten = false;
  /** One message per commit: one of its messages could not be stored, and it is not known which. */
  isAlone = false;
  /** Messages put aside since the device was loaded. */
  quarantined = 0;
  /** Codes of open findings about the device itself. */
  openDeviceFindings: ReadonlySet<string> = noCodes;
  /** When the console was last told of new evidence, Unix milliseconds. */
  toldLiveAtMs = 0;

  // per check instance, in the layout's order
  layout: CheckLayout;
  /** Unix milliseconds; NaN = never measured. */
  evidenceAtMs: Float64Array;
  stateSinceMs: Float64Array;
  states: JudgedState[];
  /** Of the newest measurement: a fact number, `noDataMark` or `failedMark`. */
  factNumbers: Int32Array;
  /** Of the newest sample that had a fact; 0 = none yet. */
  knownFactNumbers: Int32Array;
  knownFactHashes: Float64Array;
  nextFactNumbers: Int32Array;
  valueCounts: Uint16Array;
  /** Latest values, packed one instance after the other. */
  latest: Float64Array = new Float64Array(0);
  olderFacts: Map<number, OlderFact[]> | undefined;
  histories: Map<number, JudgeHistory> | undefined;

  // positions whose rows have to be written with the next commit
  changedStates: Set<number> | undefined;
  changedHistories: Set<number> | undefined;

  constructor(identity: DeviceIdentity, epoch: number, streamId: Id, layout: CheckLayout) {
    const count = layout.plans.length;
    this.identity = identity;
    this.epoch = epoch;
    this.streamId = streamId;
    this.lastSequence = 0;
    this.lastHash = null;
    this.committedSequence = 0;
    this.layout = layout;
    this.evidenceAtMs = new Float64Array(count).fill(Number.NaN);
    this.stateSinceMs = new Float64Array(count).fill(Number.NaN);
    this.states = new Array<JudgedState>(count).fill(neverMeasured);
    this.factNumbers = new Int32Array(count);
    this.knownFactNumbers = new Int32Array(count);
    this.knownFactHashes = new Float64Array(count);
    this.nextFactNumbers = new Int32Array(count).fill(1);
    this.valueCounts = new Uint16Array(count);
  }

  /** Where the latest values of an instance begin. */
  valuesFrom(position: number): number {
    let from = 0;
    for (let index = 0; index < position; index++) from += this.valueCounts[index]!;
    return from;
  }

  /** Replaces the latest values of an instance; null becomes NaN. */
  setLatest(position: number, values: readonly (number | null)[]): void {
    const from = this.valuesFrom(position);
    const before = this.valueCounts[position]!;
    if (before !== values.length) {
      const moved = new Float64Array(this.latest.length - before + values.length);
      moved.set(this.latest.subarray(0, from));
      moved.set(this.latest.subarray(from + before), from + values.length);
      this.latest = moved;
      this.valueCounts[position] = values.length;
    }
    for (let index = 0; index < values.length; index++) this.latest[from + index] = values[index] ?? Number.NaN;
  }

  /** Sets a state and remembers that it has to be written. `since` moves only when the state itself does. */
  setState(position: number, next: JudgedState, atMs: number): void {
    if (this.states[position]!.state !== next.state || Number.isNaN(this.stateSinceMs[position]!)) this.stateSinceMs[position] = atMs;
    this.states[position] = next;
    (this.changedStates ??= new Set()).add(position);
  }

  /** From now on, samples that are not newer than what is stored are taken for repeats. */
  rememberRepeats(): void {
    this.repeatedUntilMs = this.evidenceAtMs.map((atMs) => atMs + repeatJitterMs);
  }

  hasOpen(code: string): boolean {
    return this.openDeviceFindings.has(code);
  }

  setOpen(code: string, isOpen: boolean): void {
    const next = new Set(this.openDeviceFindings);
    if (isOpen) next.add(code);
    else next.delete(code);
    this.openDeviceFindings = next;
  }
}

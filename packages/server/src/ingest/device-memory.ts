/**
 * What this process remembers of a device while it holds the device's socket: how far its stream has come, the latest
 * values, what was judged. Loaded at take-over, moved with each message, written with each commit, forgotten when a commit
 * fails. Kept small: 5,000 devices of 20 checks each live in one process. So all numbers lie in one typed array, which is no
 * work for the garbage collector, and settings and healthy states are shared.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { JudgedCalendar } from "../calendars/calendars-of.ts";
import { freshForSeconds } from "../evaluate/effective-state.ts";
import { allWell, neverMeasured, notAllKnown, type JudgedState } from "../evaluate/judged-state.ts";
import type { CheckLayout } from "./check-layout.ts";
import type { HistoryBook } from "./history-book.ts";

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

/**
 * What is remembered of each instance, as columns of numbers. Times are Unix milliseconds, NaN = never.
 * - evidenceAtMs, stateSinceMs: of the newest measurement, of the present state.
 * - knownFactHash, knownFact: of the newest sample that had a fact; number 0 = none yet. nextFact: for the next new fact.
 * - fact: of the newest measurement: a fact's number, `noDataMark` or `failedMark`. valueCount: of its values.
 * - sharedState: which of `sharedStates` it is; -1 = one of its own.
 */
const column = {
  evidenceAtMs: 0,
  stateSinceMs: 1,
  knownFactHash: 2,
  knownFact: 3,
  nextFact: 4,
  fact: 5,
  valueCount: 6,
  sharedState: 7,
} as const;
const columnCount = 8;
type Column = keyof typeof column;

/** The first is what a new memory starts with. */
const sharedStates: readonly JudgedState[] = [neverMeasured, allWell, notAllKnown];

/** Two corrections of one sample's time differ by this much; measurements of one instance lie further apart. */
const repeatJitterMs = 1_000;

const noCodes: ReadonlySet<string> = new Set();

/** How many facts of an instance are told apart, the newest by number; what flips between more than these is stored anew each time. */
export const rememberedFacts = 4;

export class DeviceMemory {
  /** Another one when the device is moved to another site. */
  identity: DeviceIdentity;
  readonly epoch: number;

  // the stream
  streamId: Id;
  /** Newest number taken in; what is committed follows. */
  lastSequence: number;
  /** Of the message with that number; NaN = none yet. */
  lastHash: number;
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
  /** The same as moments within samples are moved by it; see sample-time.ts. */
  momentOffsetMs = 0;

  /** A commit with this device failed, or another connection took over: nothing of it may be written any more. */
  isForgotten = false;
  /** One message per commit: one of its messages could not be stored, and it is not known which. */
  isAlone = false;
  /** Messages put aside since the device was loaded. */
  quarantined = 0;
  /** When a message that was put aside was told of, Unix milliseconds. */
  toldMisfitAtMs = 0;
  /** Codes of open findings about the device itself; those that somebody ends by taking note may be closed meanwhile. */
  openDeviceFindings: ReadonlySet<string> = noCodes;
  /** When the console was last told of new evidence, Unix milliseconds. */
  toldLiveAtMs = 0;

  // per check instance, in the layout's order
  layout: CheckLayout;
  /** All numbers in one piece: column by column, then the latest values, packed one instance after the other. */
  private numbers: Float64Array;
  /** States that are none of the shared ones. */
  private oddStates: Map<number, JudgedState> | undefined;
  olderFacts: Map<number, OlderFact[]> | undefined;
  /** What the judges look back on, by position. */
  histories: HistoryBook | undefined;

  // positions whose rows have to be written with the next commit
  changedStates: Set<number> | undefined;
  changedHistories: Set<number> | undefined;
  /** Positions of which the settings in force are not written down yet. */
  unnotedSettings: readonly number[] | undefined;
  /** By which calendar its samples are judged; undefined until a judge asks for one. It changes with what is written down of it. */
  calendar: JudgedCalendar | undefined;
  /** Keys of the calendars by which the instances were judged before this memory was loaded, until that is compared with what holds. */
  judgedCalendars: Readonly<Record<number, string>> | undefined;
  /** What is told of the device as a whole (device_state) may not hold any more. */
  isStateOld = false;

  constructor(identity: DeviceIdentity, epoch: number, streamId: Id, layout: CheckLayout) {
    const count = layout.plans.length;
    this.identity = identity;
    this.epoch = epoch;
    this.streamId = streamId;
    this.lastSequence = 0;
    this.lastHash = Number.NaN;
    this.committedSequence = 0;
    this.layout = layout;
    this.numbers = new Float64Array(columnCount * count);
    this.numbers.fill(Number.NaN, 0, column.knownFact * count);
  }

  /** One number of an instance. */
  get(which: Column, position: number): number {
    return this.numbers[column[which] * this.layout.plans.length + position]!;
  }

  set(which: Exclude<Column, "valueCount">, position: number, value: number): void {
    this.numbers[column[which] * this.layout.plans.length + position] = value;
  }

  isMeasured(position: number): boolean {
    return !Number.isNaN(this.get("evidenceAtMs", position));
  }

  stateOf(position: number): JudgedState {
    return sharedStates[this.get("sharedState", position)] ?? this.oddStates!.get(position)!;
  }

  /** Sets a state as it is stored. */
  restoreState(position: number, state: JudgedState, sinceMs: number): void {
    this.set("stateSinceMs", position, sinceMs);
    const shared = sharedStates.indexOf(state);
    this.set("sharedState", position, shared);
    if (shared === -1) (this.oddStates ??= new Map()).set(position, state);
    else if (this.oddStates?.delete(position) && this.oddStates.size === 0) this.oddStates = undefined;
  }

  /** Sets a state that has to be written. Its beginning moves only when the state itself does. */
  changeState(position: number, next: JudgedState, atMs: number): void {
    const sinceMs = this.get("stateSinceMs", position);
    const before = this.stateOf(position);
    if (before.state !== next.state || before.unknownReason !== next.unknownReason) this.isStateOld = true;
    this.restoreState(position, next, before.state === next.state && !Number.isNaN(sinceMs) ? sinceMs : atMs);
    (this.changedStates ??= new Set()).add(position);
  }

  /**
   * Notes evidence. Where the last one had become too old, or is about to, the check's state counts again although it may not
   * change. Half the time that it counts is early enough for other clocks and commits that wait, and comes late enough for nobody
   * who measures on schedule.
   * @param nowMs when it came.
   */
  noteEvidence(position: number, atMs: number, nowMs: number): void {
    const before = this.get("evidenceAtMs", position);
    const { everySeconds, dailyAtHour } = this.layout.plans[position]!;
    const isOnSchedule = before <= atMs && nowMs - before < freshForSeconds(everySeconds, dailyAtHour) * 500;
    if (!isOnSchedule) this.isStateOld = true;
    this.set("evidenceAtMs", position, atMs);
  }

  /** The latest values of an instance; NaN where the sample had no number. Not to be kept: they are overwritten. */
  latestOf(position: number): Float64Array {
    const from = this.valuesFrom(position);
    return this.numbers.subarray(from, from + this.get("valueCount", position));
  }

  /** The latest values of all instances, one after the other. Not to be kept. */
  latest(): Float64Array {
    return this.numbers.subarray(columnCount * this.layout.plans.length);
  }

  /** Replaces the latest values of an instance; null becomes NaN. */
  setLatest(position: number, values: ArrayLike<number | null>): void {
    const from = this.valuesFrom(position);
    const before = this.get("valueCount", position);
    if (before !== values.length) {
      const moved = new Float64Array(this.numbers.length - before + values.length);
      moved.set(this.numbers.subarray(0, from));
      moved.set(this.numbers.subarray(from + before), from + values.length);
      moved[column.valueCount * this.layout.plans.length + position] = values.length;
      this.numbers = moved;
    }
    for (let index = 0; index < values.length; index++) this.numbers[from + index] = values[index] ?? Number.NaN;
  }

  private valuesFrom(position: number): number {
    const count = this.layout.plans.length;
    const counts = column.valueCount * count;
    let from = columnCount * count;
    for (let index = 0; index < position; index++) from += this.numbers[counts + index]!;
    return from;
  }

  /** Takes over what another memory of the same device holds about its checks. */
  adoptChecks(other: DeviceMemory): void {
    this.layout = other.layout;
    this.numbers = other.numbers;
    this.oddStates = other.oddStates;
    this.olderFacts = other.olderFacts;
    this.histories = other.histories;
    this.changedStates = other.changedStates;
    this.changedHistories = other.changedHistories;
    this.isStateOld ||= other.isStateOld;
  }

  /** From now on, samples that are not newer than what is stored are taken for repeats. */
  rememberRepeats(): void {
    this.repeatedUntilMs = Float64Array.from(this.layout.plans, (_, position) => this.get("evidenceAtMs", position) + repeatJitterMs);
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

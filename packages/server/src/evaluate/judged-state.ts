/**
 * What the server has judged about one check instance. Immutable: a sample that changes nothing yields the very same object,
 * and thousands of healthy instances share one.
 */
import type { CheckState } from "@hauswart/protocol/check.ts";

export type Severity = "warning" | "failure";

/** Why an instance is unknown although evidence arrives. `never-measured`: none has yet. */
export type JudgedUnknown = "never-measured" | "no-data" | "collect-failed";

/**
 * A subject that was bad, and what has come of it. Only what the next verdict depends on: what the newest sample says about each
 * subject is judged again when somebody looks.
 */
export interface BadSubject {
  readonly code: string;
  readonly subject: string;
  /** Consecutive bad samples, counted up to the one that opens the finding. */
  readonly failures: number;
  /** Severity of the finding that stands for it; null while there is none. */
  readonly open: Severity | null;
  /** Only while it is damped (damping.ts). */
  readonly damped?: DampedSubject;
}

/** What damping remembers of a subject; what it does not need is left out. Times are Unix milliseconds. */
export interface DampedSubject {
  /** The run that may open or close a finding: bad samples while none is open, good ones while one is. */
  readonly run?: { readonly samples: number; readonly lastedMs: number; readonly atMs: number };
  /** When findings opened, as far back as the rule looks; oldest first. */
  readonly openedMs?: readonly number[];
  /** While the finding stands for flapping: how often it was bad anew since then. */
  readonly flaps?: { readonly count: number; readonly sinceMs: number };
}

export interface JudgedState {
  /** The worst that the newest sample says, whether a finding has opened or not. */
  readonly state: CheckState;
  readonly unknownReason: JudgedUnknown | null;
  readonly unknownDetail: string | null;
  readonly bad: readonly BadSubject[];
}

const without = (state: CheckState, unknownReason: JudgedUnknown | null): JudgedState =>
  Object.freeze({ state, unknownReason, unknownDetail: null, bad: Object.freeze([]) });

/** The state of an instance before its first sample. */
export const neverMeasured = without("unknown", "never-measured");
/** The state of every instance with which all is well. */
export const allWell = without("ok", null);
/** Nothing is bad, but a judge could not tell about every subject. */
export const notAllKnown = without("unknown", null);

const rank: Record<CheckState, number> = { ok: 0, unknown: 1, warning: 2, failure: 3 };

/** The worse of two states. Unknown is worse than ok and better than a known fault. */
export const worse = (one: CheckState, other: CheckState): CheckState => (rank[other] > rank[one] ? other : one);

/** Makes a state, or gives the shared one where there is nothing to remember. */
export function judgedState(
  state: CheckState,
  unknownReason: JudgedUnknown | null,
  unknownDetail: string | null,
  bad: readonly BadSubject[],
): JudgedState {
  if (bad.length === 0 && unknownDetail === null) {
    const shared = [allWell, notAllKnown, neverMeasured].find((known) => known.state === state && known.unknownReason === unknownReason);
    if (shared) return shared;
  }
  return { state, unknownReason, unknownDetail, bad };
}

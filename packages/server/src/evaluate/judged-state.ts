/**
 * What the server has judged about one check instance. Immutable: a sample that changes nothing yields the very same object,
 * so that thousands of healthy instances share one.
 */
import type { CheckState, Evidence } from "@hauswart/protocol/check.ts";

export type Severity = "warning" | "failure";

/** Why an instance is unknown although evidence arrives. `never-measured`: none has yet. */
export type JudgedUnknown = "never-measured" | "no-data" | "collect-failed";

/** A verdict that is not ok, and what has come of it. */
export interface OpenVerdict {
  readonly code: string;
  readonly subject: string;
  /** Of the newest sample that said something about this subject. */
  readonly state: Severity | "unknown";
  /** From the sample that brought this verdict into its present state. */
  readonly evidence: Evidence;
  /** Consecutive bad samples, counted up to the one that opens the finding. */
  readonly failures: number;
  /** Severity of the finding that stands for it; null while there is none. */
  readonly open: Severity | null;
}

export interface JudgedState {
  /** The worst that the newest sample says, whether a finding has opened or not. */
  readonly state: CheckState;
  readonly unknownReason: JudgedUnknown | null;
  readonly unknownDetail: string | null;
  readonly verdicts: readonly OpenVerdict[];
}

/** The state of an instance before its first sample. */
export const neverMeasured: JudgedState = Object.freeze({ state: "unknown", unknownReason: "never-measured", unknownDetail: null, verdicts: [] });
/** The state of every instance with which all is well. */
export const allWell: JudgedState = Object.freeze({ state: "ok", unknownReason: null, unknownDetail: null, verdicts: [] });

const rank: Record<CheckState, number> = { ok: 0, unknown: 1, warning: 2, failure: 3 };

/** The worse of two states. Unknown is worse than ok and better than a known fault. */
export const worse = (one: CheckState, other: CheckState): CheckState => (rank[other] > rank[one] ? other : one);

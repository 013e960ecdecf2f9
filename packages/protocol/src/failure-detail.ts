/**
 * Why a measurement failed, where the agent says it itself: a code, or `code: about`, as reasons for no data are (no-data.ts). What
 * the system said (an errno, a program's words) has no code and travels as it is; so did the sentences of older agents.
 */
import type { NoDataReason } from "./no-data.ts";

/** The texts to them stand with the console's. */
export const failureDetailCodes = [
  "took-too-long",
  "previous-running",
  "still-searching",
  "unknown-check",
  "unknown-answer",
  "too-many-rows",
  "sample-too-large",
  "device-too-slow",
  "search-too-slow",
  "unknown-package-manager",
  "xprotect-unreadable",
  "program-missing",
  "program-denied",
  "program-too-slow",
  "program-wrote-too-much",
  "file-too-large",
  "not-on-this-system",
  "does-not-answer",
  "does-not-tell",
  "no-packet-sent",
] as const;
export type FailureDetailCode = (typeof failureDetailCodes)[number];
export type FailureDetail = NoDataReason<FailureDetailCode>;

/** What the system itself said, marked so that no sentence of ours is taken for it. */
export interface SystemWords {
  readonly system: string;
}

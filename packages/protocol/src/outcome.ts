/**
 * What came of one attempt to measure. "There is nothing to measure" and "measuring broke" are different answers and
 * neither of them is a good value, so the three never share a shape.
 */
import * as z from "zod/mini";
import type { FailureDetail, SystemWords } from "./failure-detail.ts";
import type { NoDataReason } from "./no-data.ts";

/** A collector's answer: a sample, nothing to measure (and why, by a code that the check declares), or a failure with a code and a detail for a technician: a code of failure-detail.ts, or the system's own words. */
export type Collected<Sample, Code extends string = never> =
  | { ok: Sample }
  | { noData: NoDataReason<Code> }
  | { failed: CollectFailure; detail: FailureDetail | SystemWords };

/** Why a collector could not measure. Each code has a text in the message catalogue. */
export const CollectFailure = z.enum([
  "COLLECT_PERMISSION_DENIED",
  "COLLECT_TIMED_OUT",
  "COLLECT_UNREADABLE",
  "COLLECT_UNSUPPORTED",
  "COLLECT_OUTPUT_TOO_LARGE",
  "COLLECT_BROKEN",
]);
export type CollectFailure = z.infer<typeof CollectFailure>;

/**
 * What came of one attempt to measure. "There is nothing to measure" and "measuring broke" are different answers and
 * neither of them is a good value, so the three never share a shape.
 */
import * as z from "zod/mini";

/** A collector's answer: a sample, nothing to measure (and why), or a failure with a code and a detail for a technician. */
export type Collected<Sample> = { ok: Sample } | { noData: string } | { failed: CollectFailure; detail: string };

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

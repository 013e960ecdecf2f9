/** One measurement: whatever a collector does, a well-formed outcome comes of it. */
import type { FailureDetail, SystemWords } from "@hauswart/protocol/failure-detail.ts";
import { CollectFailure, type Collected } from "@hauswart/protocol/outcome.ts";
import type { Sample } from "@hauswart/protocol/wire/messages.ts";
import { sampleLimitBytes } from "../buffer/chunks.ts";
import type { Clock } from "../clock.ts";
import type { CollectContext, Collector, Memory } from "../collector.ts";
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import { OsError } from "../os/os.ts";

/** How long a measurement may take when nobody said otherwise. */
export const measureLimitMs = 30_000;

const noDataLimit = 500;
const detailLimit = 2_000;

export type Outcome = Pick<Sample, "ok" | "noData" | "failed" | "detail">;

export interface Measured {
  readonly outcome: Outcome;
  readonly tookMs: number;
  /** Settles when the collector has really ended, which may be long after its time was up. */
  readonly ended: Promise<void>;
}

/** Runs a collector once, within a time limit. Never throws. */
export async function measure(
  collector: Collector,
  context: Omit<CollectContext<AnyCheck>, "signal">,
  memory: Memory,
  clock: Pick<Clock, "monotonic" | "after">,
  limitMs = measureLimitMs,
): Promise<Measured> {
  const abort = new AbortController();
  const startedMs = clock.monotonic();
  const work = (async () => collector.collect({ ...context, signal: abort.signal }, memory))().then(asOutcome, thrown);
  let cancel = () => {};
  const timedOut = new Promise<Outcome>((resolve) => {
    cancel = clock.after(limitMs, () => {
      resolve({ failed: "COLLECT_TIMED_OUT", detail: `took-too-long: ${limitMs / 1_000} s` satisfies FailureDetail });
      abort.abort();
    });
  });
  const outcome = await Promise.race([work, timedOut]);
  cancel();
  return { outcome, tookMs: Math.round((clock.monotonic() - startedMs) * 1_000) / 1_000, ended: work.then(() => {}) };
}

/** A collector's answer, held against what the protocol allows. */
function asOutcome(answer: Collected<unknown, string>): Outcome {
  if (typeof answer === "object" && answer !== null) {
    if ("ok" in answer && typeof answer.ok === "object" && answer.ok !== null) return { ok: answer.ok as Record<string, unknown> };
    if ("noData" in answer) return { noData: String(answer.noData).slice(0, noDataLimit) };
    if ("failed" in answer && CollectFailure.safeParse(answer.failed).success)
      return { failed: answer.failed, detail: wordsOf(answer.detail).slice(0, detailLimit) };
  }
  return { failed: "COLLECT_BROKEN", detail: "unknown-answer" satisfies FailureDetail };
}

const wordsOf = (detail: FailureDetail | SystemWords | undefined) => String((typeof detail === "object" ? detail.system : detail) ?? "");

function thrown(error: unknown): Outcome {
  const said = error instanceof OsError ? error.said : undefined;
  const detail = (said ?? (error instanceof Error ? error.message : String(error))).slice(0, detailLimit);
  return { failed: error instanceof OsError ? error.code : "COLLECT_BROKEN", detail };
}

/** A sample as JSON. One that cannot be written, or is too large for a message, says so instead. */
export function sampleJson(head: Pick<Sample, "check" | "at" | "selectionVersion" | "tookMs">, outcome: Outcome): string {
  try {
    const text = JSON.stringify({ ...head, ...outcome });
    if (Buffer.byteLength(text) < sampleLimitBytes) return text;
    return JSON.stringify({
      ...head,
      failed: "COLLECT_OUTPUT_TOO_LARGE",
      detail: `sample-too-large: ${Buffer.byteLength(text)}` satisfies FailureDetail,
    } satisfies Sample);
  } catch (error) {
    return JSON.stringify({
      ...head,
      failed: "COLLECT_BROKEN",
      detail: `the sample cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    } satisfies Sample);
  }
}

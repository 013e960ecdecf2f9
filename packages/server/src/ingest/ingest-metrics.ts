/** Figures about ingest, for Prometheus. */
import type { Counter, Histogram, Metrics } from "../operation/metrics.ts";
import type { TakenBatch } from "./taken-batch.ts";

export interface IngestMetrics {
  readonly commitSeconds: Histogram;
  readonly quarantined: Counter;
  readonly unplaced: Counter;
  readonly clamped: Counter;
  readonly repeated: Counter;
  readonly judgeFailures: Counter;
  /** Counts what a commit has stored. */
  count(batches: readonly TakenBatch[]): void;
}

const commitBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

export function ingestMetrics(metrics: Metrics): IngestMetrics {
  const batchesTotal = metrics.counter({ name: "ingest_batches_total", help: "Messages stored." });
  const samplesTotal = metrics.counter({ name: "ingest_samples_total", help: "Samples stored." });
  const valuesTotal = metrics.counter({ name: "ingest_values_total", help: "Numbers stored." });
  return {
    commitSeconds: metrics.histogram({ name: "ingest_commit_seconds", help: "Time that one group commit took.", buckets: commitBuckets }),
    quarantined: metrics.counter({ name: "ingest_quarantined_total", help: "Messages put aside because they could not be stored." }),
    unplaced: metrics.counter({
      name: "ingest_unplaced_samples_total",
      help: "Samples of checks that their device no longer runs; they are not kept.",
    }),
    clamped: metrics.counter({
      name: "ingest_clamped_samples_total",
      help: "Samples whose time was absurd and was set to the nearest possible one.",
    }),
    repeated: metrics.counter({
      name: "ingest_repeated_samples_total",
      help: "Samples that were stored before their computer was set back; they are not stored twice.",
    }),
    judgeFailures: metrics.counter({ name: "ingest_judge_failures_total", help: "Samples that a judge failed on.", labels: ["check"] }),
    count(batches) {
      batchesTotal.add(batches.length);
      let samples = 0;
      let values = 0;
      for (const batch of batches) {
        samples += batch.samples.checkNumbers.length;
        values += batch.samples.values.length;
      }
      samplesTotal.add(samples);
      valuesTotal.add(values);
    },
  };
}

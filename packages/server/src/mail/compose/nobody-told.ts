import type { Counter, Metrics } from "../../operation/metrics.ts";

/** Findings that nobody learnt of. */
export const nobodyToldCounter = (metrics: Metrics): Counter =>
  metrics.counter({
    name: "findings_nobody_told_total",
    help: "Findings that nobody was told of: no recipient fits and nobody is on call, or nothing that was sent arrived.",
  });

/** How the processors' load is judged; README.md says it in words. Beyond a threshold counts, exactly on it does not. */
import type { CheckState, Evidence, Judge, SampleOf } from "@hauswart/protocol/check.ts";
import type { cpuLoad } from "../protocol.ts";

const namedPrograms = 3;

export const judge: Judge<typeof cpuLoad> = ({ sample, settings }) => {
  const { warningAbovePercent, failureAbovePercent } = settings;
  const { averagePercent, peakPercent, stolenPercent, measuredSeconds, processorCount } = sample;
  // A span of no length is no evidence.
  const state: CheckState = measuredSeconds <= 0 ? "unknown" : above(averagePercent, warningAbovePercent, failureAbovePercent);
  const evidence: Evidence = {
    averagePercent,
    peakPercent,
    stolenPercent,
    measuredSeconds,
    processorCount,
    warningAbovePercent,
    failureAbovePercent,
    ...programs(sample),
  };
  return [{ code: "high", subject: "", state, evidence }];
};

/** program1, program1Percent … as far as the sample names them. */
function programs({ processes }: SampleOf<typeof cpuLoad>): Evidence {
  return Object.fromEntries<string | number>(
    processes.slice(0, namedPrograms).flatMap(({ name, percent }, index) => [
      [`program${index + 1}`, name],
      [`program${index + 1}Percent`, percent],
    ]),
  );
}

function above(value: number, warning: number, failure: number): CheckState {
  if (value > failure) return "failure";
  return value > warning ? "warning" : "ok";
}

/** How memory is judged; README.md says it in words. Beyond a threshold counts, exactly on it does not. */
import type { CheckState, CodeOf, Evidence, Judge, JudgementOf, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
import type { memory } from "../protocol.ts";

type Sample = SampleOf<typeof memory>;
type Settings = JudgementOf<typeof memory>;
type MemoryVerdict = Verdict<CodeOf<typeof memory>>;

const namedPrograms = 3;
const subject = "";

export const judge: Judge<typeof memory> = ({ sample, settings }) => {
  const { totalBytes, availableBytes, measuredSeconds } = sample;
  if (totalBytes <= 0)
    return [{ code: "low", subject, state: "unknown", evidence: { reason: "no-size", availableBytes, totalBytes }, hides: "all" }];
  const basis: Evidence = {
    availableBytes,
    totalBytes,
    availablePercent: share(availableBytes, totalBytes),
    lowestAvailableBytes: sample.lowestAvailableBytes,
    measuredSeconds,
    ...programs(sample),
  };
  const availablePercent = share(availableBytes, totalBytes);
  const verdicts: MemoryVerdict[] = [low(availablePercent, basis, settings)];
  if (sample.swapTotalBytes > 0) verdicts.push(swap(availablePercent, sample, basis, settings));
  if (sample.commitEnforced && sample.commitLimitBytes > 0) verdicts.push(commit(sample, basis, settings));
  return verdicts;
};

const share = (part: number, whole: number) => Math.min(100, (part / whole) * 100);

function low(availablePercent: number, basis: Evidence, { warningBelowPercent, failureBelowPercent }: Settings): MemoryVerdict {
  const state: CheckState = availablePercent < failureBelowPercent ? "failure" : availablePercent < warningBelowPercent ? "warning" : "ok";
  return { code: "low", subject, state, evidence: { ...basis, warningBelowPercent, failureBelowPercent } };
}

function swap(availablePercent: number, { swapUsedBytes, swapTotalBytes }: Sample, basis: Evidence, settings: Settings): MemoryVerdict {
  const { swapWarningAbovePercent, swapOnlyBelowPercent } = settings;
  const swapUsedPercent = share(swapUsedBytes, swapTotalBytes);
  const isFull = swapUsedPercent > swapWarningAbovePercent && availablePercent < swapOnlyBelowPercent;
  return {
    code: "swap",
    subject,
    state: isFull ? "warning" : "ok",
    evidence: { swapUsedPercent, swapUsedBytes, swapTotalBytes, swapWarningAbovePercent, swapOnlyBelowPercent, ...basis },
  };
}

function commit({ committedBytes, commitLimitBytes }: Sample, basis: Evidence, { commitWarningAbovePercent }: Settings): MemoryVerdict {
  const committedPercent = share(committedBytes, commitLimitBytes);
  const state = committedPercent > commitWarningAbovePercent ? "warning" : "ok";
  return {
    code: "commit",
    subject,
    state,
    evidence: { committedPercent, committedBytes, commitLimitBytes, commitWarningAbovePercent, ...basis },
  };
}

/** program1, program1Bytes … as far as the sample names them. */
function programs({ processes }: Sample): Evidence {
  return Object.fromEntries<string | number>(
    processes.slice(0, namedPrograms).flatMap(({ name, residentBytes }, index) => [
      [`program${index + 1}`, name],
      [`program${index + 1}Bytes`, residentBytes],
    ]),
  );
}

/** How answers are judged; README.md says it in words. Beyond a threshold counts, exactly on it does not. */
import type { CheckState, CodeOf, Evidence, Judge, Verdict } from "@hauswart/protocol/check.ts";
import type { networkPing } from "../protocol.ts";

type PingVerdict = Verdict<CodeOf<typeof networkPing>>;

const subject = "";

export const judge: Judge<typeof networkPing> = ({ sample, settings }) => {
  const { target, address, outcome, sentCount, receivedCount, lossPercent } = sample;
  const evidence: Evidence = {
    target,
    address,
    outcome,
    sentCount,
    receivedCount,
    lossPercent,
    roundTripMeanMs: sample.roundTripMeanMs,
    roundTripMinMs: sample.roundTripMinMs,
    roundTripMaxMs: sample.roundTripMaxMs,
  };
  const isReached = outcome === "answered";
  const unreachable: PingVerdict = { code: "unreachable", subject, state: isReached ? "ok" : "failure", evidence };
  // A target that does not answer at all is one problem and not three; what it says of the others is not known.
  const others: PingVerdict[] = [
    { code: "packet-loss", subject, state: isReached ? lossState(lossPercent, settings) : "unknown", evidence },
  ];
  if (settings.slowWarningMs > 0) {
    const isSlow = (sample.roundTripMeanMs ?? 0) > settings.slowWarningMs;
    others.push({
      code: "slow",
      subject,
      state: !isReached ? "unknown" : isSlow ? "warning" : "ok",
      evidence: { ...evidence, slowWarningMs: settings.slowWarningMs },
    });
  }
  return [unreachable, ...others];
};

function lossState(
  lossPercent: number,
  { lossWarningPercent, lossFailurePercent }: { lossWarningPercent: number; lossFailurePercent: number },
): CheckState {
  if (lossPercent > lossFailurePercent) return "failure";
  return lossPercent > lossWarningPercent ? "warning" : "ok";
}

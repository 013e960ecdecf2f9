/** How synchronisation is judged; README.md says it in words. Beyond a threshold counts, exactly on it does not. */
import type { CheckState, Evidence, Judge, JudgementOf, SampleOf } from "@hauswart/protocol/check.ts";
import type { timeSkew } from "../protocol.ts";

const daySeconds = 86_400;
const subject = "";

export const judge: Judge<typeof timeSkew> = ({ sample, settings }) => {
  const { method, source, synchronised, sinceSyncSeconds } = sample;
  const evidence: Evidence = { method, source, synchronised, sinceSyncSeconds };
  if (method === "none") return [{ code: "switched-off", subject, state: settings.reportSwitchedOff ? "warning" : "ok", evidence }];
  return [
    { code: "switched-off", subject, state: "ok", evidence },
    {
      code: "not-synchronised",
      subject,
      state: synchronisedState(sample, settings),
      evidence: { ...evidence, warningAfterDays: settings.warningAfterDays },
    },
  ];
};

function synchronisedState(
  { synchronised, sinceSyncSeconds }: SampleOf<typeof timeSkew>,
  { warningAfterDays }: JudgementOf<typeof timeSkew>,
): CheckState {
  if (synchronised === "not-needed") return "ok";
  // How long ago it was says more than a flag that a system clears after minutes without an answer.
  if (sinceSyncSeconds !== null) return sinceSyncSeconds > warningAfterDays * daySeconds ? "warning" : "ok";
  return synchronised === "yes" ? "ok" : synchronised === "no" ? "warning" : "unknown";
}

/** How restarts are judged; README.md says it in words. Beyond a threshold counts, exactly on it does not. */
import type { CheckState, CodeOf, Evidence, Judge, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
import type { uptime } from "../protocol.ts";

type Sample = SampleOf<typeof uptime>;
type UptimeVerdict = Verdict<CodeOf<typeof uptime>>;

const daySeconds = 86_400;
const subject = "";

export const judge: Judge<typeof uptime> = ({ sample, settings }) => {
  const { uptimeSeconds, bootedAt, lastRestart } = sample;
  const evidence: Evidence = { uptimeSeconds, bootedAtMs: bootedAt, lastRestart };
  const verdicts: UptimeVerdict[] = [restartPending(sample, evidence, settings.pendingWarningDays)];
  if (settings.unexpectedRestartDays > 0) {
    const isRecent = uptimeSeconds < settings.unexpectedRestartDays * daySeconds;
    verdicts.push({ code: "restarted-unexpectedly", subject, state: isRecent ? restartState(lastRestart) : "ok", evidence });
  }
  if (settings.longUptimeDays > 0) {
    const isLong = uptimeSeconds > settings.longUptimeDays * daySeconds;
    verdicts.push({
      code: "long-uptime",
      subject,
      state: isLong ? "warning" : "ok",
      evidence: { ...evidence, longUptimeDays: settings.longUptimeDays },
    });
  }
  return verdicts;
};

const restartState = (lastRestart: Sample["lastRestart"]): CheckState =>
  lastRestart === "unexpected" ? "warning" : lastRestart === "undetermined" ? "unknown" : "ok";

function restartPending(sample: Sample, basis: Evidence, pendingWarningDays: number): UptimeVerdict {
  const { restartPending: isPending, restartPendingSince, restartReasons, bootedAt, uptimeSeconds } = sample;
  if (!isPending || restartPendingSince === null)
    return { code: "restart-pending", subject, state: "ok", evidence: { ...basis, restartPending: isPending, restartReasons } };
  // By the computer's own clock throughout, so that a wrong one does no harm.
  const pendingSeconds = Math.max(0, bootedAt / 1_000 + uptimeSeconds - restartPendingSince / 1_000);
  const state = pendingSeconds > pendingWarningDays * daySeconds ? "warning" : "ok";
  return {
    code: "restart-pending",
    subject,
    state,
    evidence: { ...basis, restartPending: true, pendingSeconds, pendingSinceAtMs: restartPendingSince, restartReasons, pendingWarningDays },
  };
}

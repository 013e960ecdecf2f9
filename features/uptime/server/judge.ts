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
  const isRecent = uptimeSeconds < settings.unexpectedRestartDays * daySeconds;
  const verdicts: UptimeVerdict[] = [
    { code: "restarted-unexpectedly", subject, state: isRecent ? restartState(lastRestart) : "ok", evidence },
  ];
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

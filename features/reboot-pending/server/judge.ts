/** How a pending restart is judged; README.md says it in words. Beyond a threshold counts, exactly on it does not. */
import type { CheckState, Evidence, Judge } from "@hauswart/protocol/check.ts";
import type { rebootPending } from "../protocol.ts";

const daySeconds = 86_400;

export const judge: Judge<typeof rebootPending> = ({ sample, settings, at }) => {
  const { pendingSince, causes, details } = sample;
  const verdict = (state: CheckState, evidence: Evidence) => [{ code: "restart-pending" as const, subject: "", state, evidence }];
  if (pendingSince === null) return verdict("ok", { restartPending: false });
  const pendingSeconds = Math.max(0, (at - pendingSince) / 1_000);
  const { warningAfterDays, failureAfterDays } = settings;
  const isLongerThan = (days: number) => pendingSeconds > days * daySeconds;
  const state = failureAfterDays > 0 && isLongerThan(failureAfterDays) ? "failure" : isLongerThan(warningAfterDays) ? "warning" : "ok";
  return verdict(state, {
    restartPending: true,
    pendingSinceAtMs: pendingSince,
    pendingSeconds,
    warningAfterDays,
    failureAfterDays,
    causes,
    details,
  });
};

/** How certificates are judged; README.md says it in words. Beyond a threshold counts, exactly on it does not. */
import type { CheckState, Evidence, Judge, JudgementOf, SampleOf } from "@hauswart/protocol/check.ts";
import type { certificates } from "../protocol.ts";

type Row = SampleOf<typeof certificates>["certificates"][number];
type Settings = JudgementOf<typeof certificates>;

const dayMs = 86_400_000;
/** Shares of their life at which certificates count as ending that live too shortly for the days of the settings. */
const warningShare = 1 / 4;
const failureShare = 1 / 10;

export const judge: Judge<typeof certificates> = ({ sample, settings, at }) => {
  if (sample.certificates.length === 0) return [{ code: "expiring", subject: "", state: "ok", evidence: { certificates: 0 } }];
  return sample.certificates.map((row) => ({ code: "expiring", subject: row.place, ...judgeRow(row, settings, at) }));
};

function judgeRow(row: Row, settings: Settings, at: number): { state: CheckState; evidence: Evidence } {
  const { name, issuer, validFrom, validUntil, problem } = row;
  if (validUntil === null) return { state: "unknown", evidence: { reason: "unreadable", problem } };
  const daysLeft = (validUntil - at) / dayMs;
  const lifeDays = validFrom === null ? Number.POSITIVE_INFINITY : Math.max(0, (validUntil - validFrom) / dayMs);
  return {
    state: stateOf(daysLeft, lifeDays, settings),
    evidence: { name, issuer, validUntilAtMs: validUntil, daysLeft, ...settings },
  };
}

function stateOf(daysLeft: number, lifeDays: number, { warningBelowDays, failureBelowDays, forgetExpiredDays }: Settings): CheckState {
  if (forgetExpiredDays > 0 && -daysLeft > forgetExpiredDays) return "ok";
  if (daysLeft <= 0 || daysLeft < Math.min(failureBelowDays, lifeDays * failureShare)) return "failure";
  return daysLeft < Math.min(warningBelowDays, lifeDays * warningShare) ? "warning" : "ok";
}

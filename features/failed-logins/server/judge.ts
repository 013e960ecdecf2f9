/** How failed sign-ins are judged; README.md says it in words. Exactly on a threshold counts. */
import type { CodeOf, Evidence, Judge, JudgementOf, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
import type { failedLogins } from "../protocol.ts";

type Sample = SampleOf<typeof failedLogins>;
type Settings = JudgementOf<typeof failedLogins>;
type LoginVerdict = Verdict<CodeOf<typeof failedLogins>>;

const hourMs = 3_600_000;
/** All accounts that do not exist, together: nobody guesses the password of one. */
const unknownAccounts = "?";

export const judge: Judge<typeof failedLogins> = ({ sample, settings, at }) => [
  total(sample, settings),
  ...sample.accounts.flatMap((row) => judgeAccount(row, sample, settings, at)),
  ...sample.sources.map((row) => judgeSource(row, sample, settings)),
];

const isReached = (count: number, threshold: number) => threshold > 0 && count >= threshold;

function total(
  { windowCount, windowMinuteCount, unreadCount, problem, unmeasured = "nothing" }: Sample,
  { totalFailures }: Settings,
): LoginVerdict {
  const state = isReached(windowCount, totalFailures) ? "warning" : problem === "" ? "ok" : "unknown";
  return {
    code: "many-failures",
    subject: "",
    state,
    evidence: { windowCount, windowMinutes: windowMinuteCount, unreadCount, problem, unmeasured, totalFailures },
  };
}

function judgeAccount(row: Sample["accounts"][number], sample: Sample, settings: Settings, at: number): LoginVerdict[] {
  const { account, windowCount, succeededAt, lockedAt } = row;
  const windowMinutes = sample.windowMinuteCount;
  const evidence: Evidence = {
    windowCount,
    windowMinutes,
    sourceCount: row.sourceCount,
    lastAtMs: row.lastAt,
    lastSource: row.lastSource,
    service: row.service,
  };
  const isGuessed = account !== unknownAccounts && isReached(windowCount, settings.accountFailures);
  const verdicts: LoginVerdict[] = [{ code: "guessing", subject: account, state: isGuessed ? "warning" : "ok", evidence }];
  if (succeededAt !== null) {
    const isFresh = settings.successHours > 0 && Math.abs(at - succeededAt) <= settings.successHours * hourMs;
    verdicts.push({
      code: "success-after-failures",
      subject: account,
      state: isFresh ? "failure" : "ok",
      evidence: { ...evidence, succeededAtMs: succeededAt, succeededFrom: row.succeededFrom, failuresBefore: row.failuresBeforeCount },
    });
  }
  if (lockedAt !== null) {
    const isFresh = settings.reportLocked && Math.abs(at - lockedAt) <= windowMinutes * 60_000;
    verdicts.push({
      code: "locked-out",
      subject: account,
      state: isFresh ? "warning" : "ok",
      evidence: { ...evidence, lockedAtMs: lockedAt },
    });
  }
  return verdicts;
}

function judgeSource(row: Sample["sources"][number], sample: Sample, { sprayedAccounts }: Settings): LoginVerdict {
  const { source, windowCount, accountCount, lastAt, service } = row;
  return {
    code: "spraying",
    subject: source,
    state: isReached(accountCount, sprayedAccounts) ? "warning" : "ok",
    evidence: { windowCount, windowMinutes: sample.windowMinuteCount, accountCount, lastAtMs: lastAt, service, sprayedAccounts },
  };
}

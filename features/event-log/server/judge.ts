/** How entries of logs are judged; README.md says it in words. */
import type { CodeOf, Evidence, Judge, JudgementOf, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
import { fitsPattern } from "@hauswart/protocol/name-pattern.ts";
import type { eventLog } from "../protocol.ts";

type Row = SampleOf<typeof eventLog>["rules"][number];
type Settings = JudgementOf<typeof eventLog>;
type EventVerdict = Verdict<CodeOf<typeof eventLog>>;

const minuteMs = 60_000;

export const judge: Judge<typeof eventLog> = ({ sample, settings, at }) => [
  flood(sample, settings),
  ...sample.rules.map((row) => judgeRule(row, settings, at)),
];

function flood({ readCount, matchedCount, unreadCount, problem }: SampleOf<typeof eventLog>, { warnOfUnread }: Settings): EventVerdict {
  const isFlood = warnOfUnread && unreadCount > 0;
  // What could not be read is not in order, and not bad either.
  const state = isFlood ? "warning" : problem === "" ? "ok" : "unknown";
  return { code: "flood", subject: "", state, evidence: { readCount, matchedCount, unreadCount, problem } };
}

function judgeRule(row: Row, { mode, reportOnly, quietMinutes }: Settings, at: number): EventVerdict {
  const isReported = mode === "report" || reportOnly.some((pattern) => fitsPattern(pattern, row.rule));
  // Ingest puts both on the server's clock. What was written before the computer's clock was set right may lie anywhere, and lasts no longer.
  const isFresh = row.raisedAt !== null && Math.abs(at - Math.max(row.raisedAt, row.lastAt)) <= quietMinutes * minuteMs;
  const evidence: Evidence = {
    isOwn: row.isOwn,
    count: row.windowCount,
    windowMinutes: row.windowMinuteCount,
    fromCount: row.fromCount,
    lastAtMs: row.lastAt,
    source: row.source,
    eventId: row.eventId,
    texts: row.texts,
    isReported,
    quietMinutes,
  };
  return { code: "event", subject: row.rule, state: isFresh && !isReported ? row.severity : "ok", evidence };
}

/** How entries of logs are judged; README.md says it in words. */
import type { CodeOf, Evidence, Judge, JudgementOf, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
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
  const isReported = mode === "report" || reportOnly.some((pattern) => fits(pattern, row.rule));
  // The clock of the entry and that of the sample are the same computer's; one that was set back lets nothing last for ever.
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

function fits(pattern: string, name: string): boolean {
  const [first = "", ...others] = pattern.split("*");
  if (others.length === 0) return pattern === name;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const [index, part] of others.entries()) {
    const at = index === others.length - 1 ? (part === "" ? name.length : name.lastIndexOf(part)) : name.indexOf(part, from);
    if (at < from) return false;
    from = at + part.length;
  }
  return from === name.length;
}

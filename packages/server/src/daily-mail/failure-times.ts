/** When a finding was a failure within the time that a daily mail tells of: it gets worse and milder while it is open. Pure. */
import type { Severity } from "../evaluate/judged-state.ts";

/** What a finding was from then on, Unix milliseconds. */
export type SeverityFrom = readonly [atMs: number, severity: Severity];

/** Times are Unix milliseconds. */
export interface FailureTimes {
  /** When it became a failure, the last time. */
  readonly sinceMs: number;
  /** When it was none any more; undefined: at the end of that time it still was one. */
  readonly untilMs: number | undefined;
  /** How often it was one within that time. */
  readonly times: number;
  /** It became one within that time. */
  readonly isNew: boolean;
  /** It is none any more, but goes on as a warning. */
  readonly isEased: boolean;
}

/**
 * As it stood when the mail was due: what got milder or ended later was a failure then.
 * @param severities what it was opened as and what it was changed to, in that order
 * @param closedAtMs undefined while it is open
 * @returns undefined when it was never a failure within that time
 */
export function failureTimes(
  severities: readonly SeverityFrom[],
  closedAtMs: number | undefined,
  { fromMs, dueAtMs }: { readonly fromMs: number; readonly dueAtMs: number },
): FailureTimes | undefined {
  const endMs = closedAtMs !== undefined && closedAtMs < dueAtMs ? closedAtMs : undefined;
  let found: FailureTimes | undefined;
  for (const [index, [sinceMs, severity]] of severities.entries()) {
    if (severity !== "failure" || sinceMs >= dueAtMs || severities[index - 1]?.[1] === "failure") continue;
    const milder = severities.slice(index + 1).find((next) => next[1] !== "failure");
    const isEased = milder !== undefined && milder[0] < dueAtMs;
    const untilMs = isEased ? milder[0] : endMs;
    if (untilMs !== undefined && untilMs < fromMs) continue;
    found = {
      sinceMs,
      untilMs,
      times: (found?.times ?? 0) + 1,
      isNew: found?.isNew === true || sinceMs >= fromMs,
      isEased: isEased && endMs === undefined,
    };
  }
  return found;
}

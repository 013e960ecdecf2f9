/** When a customer's mail of critical events is due. Pure. */
import { momentAt } from "@hauswart/calendar/local-time.ts";

/** A mail that has to be written now. Unix milliseconds. */
export interface DueDailyMail {
  /** Local date, YYYY-MM-DD. */
  readonly day: string;
  readonly dueAtMs: number;
  /** It tells what happened since then. */
  readonly fromMs: number;
}

const dayMs = 86_400_000;
/** After a longer outage nobody reads a longer list. */
const longestWindowMs = 7 * dayMs;

export interface LastDailyMail {
  readonly day: string;
  readonly dueAtMs: number;
}

/**
 * The mail of today, once its time has come. It begins where the last one ended, so that an outage of the server leaves nothing out;
 * mails of days that have passed are not made up for one by one.
 * @param at time of day, HH:MM, in the customer's time zone; one that a clock change skips is the moment of the change
 */
export function dueDailyMail(at: string, timeZone: string, last: LastDailyMail | undefined, nowMs: number): DueDailyMail | undefined {
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const dueAtMs = momentAt(today.toString(), at, timeZone);
  if (nowMs < dueAtMs || (last && last.day >= today.toString())) return undefined;
  const fromMs = last ? Math.max(last.dueAtMs, dueAtMs - longestWindowMs) : dueAtMs - dayMs;
  return { day: today.toString(), dueAtMs, fromMs };
}

/**
 * Spans that repeat on the wall clock of a place: maintenance windows. A window from 22:00 to 06:00 is that on every day, also in
 * the nights in which clocks change, when it lasts an hour less or more. Pure.
 */
import { CalendarError, type Weekday } from "./definition.ts";

/** Which days a span begins on. `nth` counts from the month's beginning, -1 is the last. A month without such a day has none. */
export type Repeat =
  | { readonly kind: "weekly"; /** 2: every other week. */ readonly every: number; readonly weekdays: readonly Weekday[] }
  | { readonly kind: "monthly-day"; /** 1 to 31; the last day in months that have fewer. */ readonly day: number }
  | { readonly kind: "monthly-weekday"; readonly nth: 1 | 2 | 3 | 4 | -1; readonly weekday: Weekday };

export interface RecurringSpan {
  /** Local date and time of the first beginning, such as 2026-11-22T22:00. */
  readonly startsAtLocal: string;
  /** Length on the wall clock, minutes. */
  readonly minutes: number;
  /** IANA name. */
  readonly timeZone: string;
  /** null: once. */
  readonly repeat: Repeat | null;
  /** Local date after which none begins; null: no end. */
  readonly until: string | null;
}

/** Unix milliseconds, the end not included. */
export interface Occurrence {
  readonly startMs: number;
  readonly endMs: number;
}

/** Days looked at before giving up: somebody asks for a window of thousands of years. */
const mostDays = 20_000;

/**
 * Occurrences that end after `fromMs` and begin before `untilMs`, ascending.
 * @throws CalendarError CALENDAR_TIME_ZONE, CALENDAR_MOMENT
 */
export function occurrencesOf(span: RecurringSpan, fromMs: number, untilMs: number): Occurrence[] {
  const start = parsed(span);
  const zone = span.timeZone;
  const first = start.toPlainDate();
  if (!span.repeat) return [occurrenceOn(first, start, span)].filter((one) => one.endMs > fromMs && one.startMs < untilMs);
  const lengthDays = Math.ceil(span.minutes / 1_440) + 1;
  const from = localDate(fromMs, zone).subtract({ days: lengthDays });
  const last = span.until === null ? undefined : Temporal.PlainDate.from(span.until);
  const found: Occurrence[] = [];
  let day = Temporal.PlainDate.compare(from, first) > 0 ? from : first;
  for (let looked = 0; looked < mostDays; looked += 1, day = day.add({ days: 1 })) {
    if (last && Temporal.PlainDate.compare(day, last) > 0) break;
    if (!fits(day, first, span.repeat)) {
      if (looked % 32 === 31 && occurrenceOn(day, start, span).startMs >= untilMs) break;
      continue;
    }
    const one = occurrenceOn(day, start, span);
    if (one.startMs >= untilMs) break;
    if (one.endMs > fromMs) found.push(one);
  }
  return found;
}

function fits(day: Temporal.PlainDate, first: Temporal.PlainDate, repeat: Repeat): boolean {
  switch (repeat.kind) {
    case "weekly": {
      if (!repeat.weekdays.includes(day.dayOfWeek as Weekday)) return false;
      const monday = (date: Temporal.PlainDate) => date.subtract({ days: date.dayOfWeek - 1 });
      return (monday(first).until(monday(day), { largestUnit: "days" }).days / 7) % repeat.every === 0;
    }
    case "monthly-day":
      return day.day === Math.min(repeat.day, day.daysInMonth);
    case "monthly-weekday":
      if (day.dayOfWeek !== repeat.weekday) return false;
      return repeat.nth === -1 ? day.day + 7 > day.daysInMonth : Math.ceil(day.day / 7) === repeat.nth;
  }
}

/** A beginning that the clock skips is the moment at which it goes forward; an end that comes twice is the second. */
function occurrenceOn(day: Temporal.PlainDate, start: Temporal.PlainDateTime, { minutes, timeZone }: RecurringSpan): Occurrence {
  const begins = day.toPlainDateTime(start.toPlainTime());
  const ends = begins.add({ minutes });
  return { startMs: wallClock(begins, timeZone, "earlier"), endMs: wallClock(ends, timeZone, "later") };
}

function wallClock(wall: Temporal.PlainDateTime, timeZone: string, disambiguation: "earlier" | "later"): number {
  const zoned = wall.toZonedDateTime(timeZone, { disambiguation });
  if (zoned.toPlainDateTime().equals(wall)) return zoned.epochMilliseconds;
  return wall.toZonedDateTime(timeZone, { disambiguation: "earlier" }).getTimeZoneTransition("next")!.epochMilliseconds;
}

const localDate = (ms: number, timeZone: string) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate();

function parsed({ startsAtLocal, timeZone }: RecurringSpan): Temporal.PlainDateTime {
  let start: Temporal.PlainDateTime;
  try {
    start = Temporal.PlainDateTime.from(startsAtLocal);
  } catch {
    throw new CalendarError("CALENDAR_MOMENT", `"${startsAtLocal}" is no local date and time`);
  }
  try {
    start.toZonedDateTime(timeZone);
  } catch {
    throw new CalendarError("CALENDAR_TIME_ZONE", `"${timeZone}" is no time zone`);
  }
  return start;
}

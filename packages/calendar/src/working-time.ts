/**
 * Working time: how much of it lies between two moments, and when so much of it will have passed. Pure; moments are Unix time in
 * milliseconds, from 1970 to the year 9999. Answers come from tables of whole years that are made when they are first asked for.
 */
import { CalendarError, timeOf, type CalendarDefinition, type Span, type Weekday } from "./definition.ts";
import { compileHours, momentOfOpen, openUntil, openYear, spanAfter, type CompiledHours, type OpenYear } from "./open-time.ts";

/** No contract runs longer than this without an open minute. */
const horizonYears = 20;
/** What is open for so long never closes; a search to the end of time would take a minute. */
const longestOpenMs = 366 * 86_400_000;
const lastMs = Date.UTC(9999, 0);

export class WorkingTime {
  readonly timeZone: string;
  readonly #hours: CompiledHours;
  readonly #workingWeekdays: ReadonlySet<Weekday>;
  readonly #halfDaysWork: boolean;
  readonly #years = new Map<number, OpenYear>();
  readonly #workingDays = new Map<number, Uint16Array>();

  /** @throws CalendarError for a definition that cannot be */
  constructor(definition: CalendarDefinition) {
    this.timeZone = definition.timeZone;
    this.#hours = compileHours(definition);
    this.#workingWeekdays = new Set(definition.workingDays);
    this.#halfDaysWork = definition.halfDaysWork;
  }

  /** Whether it is open at a moment. The moment of opening is open, that of closing is not. */
  isOpen(atMs: number): boolean {
    const year = this.#yearAt(atMs);
    const span = spanAfter(year, atMs);
    return span < year.from.length && year.from[span]! <= atMs;
  }

  /** Open milliseconds between two moments; 0 when the second is not later. */
  elapsedMs(fromMs: number, toMs: number): number {
    if (toMs <= fromMs) return 0;
    let year = this.#yearAt(fromMs);
    if (toMs < year.endMs) return openUntil(year, toMs) - openUntil(year, fromMs);
    let open = year.before.at(-1)! - openUntil(year, fromMs);
    for (year = this.#yearAt(year.endMs); toMs >= year.endMs; year = this.#yearAt(year.endMs)) open += year.before.at(-1)!;
    return open + openUntil(year, toMs);
  }

  /**
   * The first moment at which so many open milliseconds have passed since another: `elapsedMs(from, due)` is `openMs`.
   * With 0 the moment itself, open or not.
   * @throws CalendarError CALENDAR_NEVER_OPEN when twenty years do not hold that much
   */
  dueMs(fromMs: number, openMs: number): number {
    if (!(openMs >= 0)) throw new CalendarError("CALENDAR_MOMENT", `${openMs} is no duration`);
    if (openMs === 0) return fromMs;
    let year = this.#yearAt(fromMs);
    let wanted = openUntil(year, fromMs) + openMs;
    for (let passed = 0; passed < horizonYears; passed++) {
      const whole = year.before.at(-1)!;
      if (wanted <= whole) return momentOfOpen(year, wanted);
      wanted -= whole;
      year = this.#yearAt(year.endMs);
    }
    throw new CalendarError("CALENDAR_NEVER_OPEN", "these hours do not come in twenty years");
  }

  /** The moment itself when it is open, else the next opening. @throws CalendarError CALENDAR_NEVER_OPEN */
  nextOpenMs(atMs: number): number {
    if (this.isOpen(atMs)) return atMs;
    // One more millisecond of open time begins where the next span does.
    return this.dueMs(atMs, 1) - 1;
  }

  /**
   * When it closes, for a moment at which it is open; the moment itself when it is not. Spans that touch are one.
   * Infinity when it is open for longer than a year: around the clock, without a holiday.
   */
  closesMs(atMs: number): number {
    let at = atMs;
    while (this.isOpen(at)) {
      if (at - atMs > longestOpenMs) return Infinity;
      const year = this.#yearAt(at);
      at = year.to[spanAfter(year, at)]!;
    }
    return at;
  }

  /**
   * The open spans between two moments, cut at both, in their order; spans that touch are one.
   * @param most no more than so many
   */
  openSpans(fromMs: number, toMs: number, most: number): { readonly fromMs: number; readonly toMs: number }[] {
    const spans: { fromMs: number; toMs: number }[] = [];
    for (let at = fromMs; at < toMs;) {
      const year = this.#yearAt(at);
      const index = spanAfter(year, at);
      if (index === year.from.length) {
        at = year.endMs;
        continue;
      }
      const [start, end] = [Math.max(at, year.from[index]!), Math.min(toMs, year.to[index]!)];
      if (start >= toMs) break;
      const last = spans.at(-1);
      if (last?.toMs === start) last.toMs = end;
      else if (spans.length === most) break;
      else spans.push({ fromMs: start, toMs: end });
      at = end;
    }
    return spans;
  }

  /** The hours that hold on a local date, on the wall clock, in their order. @param date YYYY-MM-DD */
  hoursOn(date: string): Span[] {
    const spans = this.#hours.holidays.get(date) ?? this.#hours.week[Temporal.PlainDate.from(date).dayOfWeek]!;
    return spans.map(([from, to]) => ({ from: timeOf(from), to: timeOf(to) }));
  }

  /** Whether a local date is a working day: one of the working weekdays and no holiday. @param date YYYY-MM-DD */
  isWorkingDay(date: string): boolean {
    return this.#isWorkingDay(Temporal.PlainDate.from(date));
  }

  /** The local date of a moment, YYYY-MM-DD. */
  dateOf(atMs: number): string {
    return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(this.timeZone).toPlainDate().toString();
  }

  /**
   * Working days after a date up to and including another: a signature of Friday is one working day old on Monday. Negative
   * never: 0 when the second is not later. Both YYYY-MM-DD.
   */
  workingDaysBetween(from: string, to: string): number {
    const [first, last] = [Temporal.PlainDate.from(from), Temporal.PlainDate.from(to)];
    if (Temporal.PlainDate.compare(first, last) >= 0) return 0;
    let count = this.#workingDaysOf(last.year)[last.dayOfYear]! - this.#workingDaysOf(first.year)[first.dayOfYear]!;
    for (let year = first.year; year < last.year; year++) count += this.#workingDaysOf(year).at(-1)!;
    return count;
  }

  /** The date so many working days after another; with 0 the date itself. @throws CalendarError CALENDAR_NEVER_OPEN */
  addWorkingDays(from: string, days: number): string {
    let date = Temporal.PlainDate.from(from);
    const limit = date.add({ years: horizonYears });
    for (let left = days; left > 0;) {
      date = date.add({ days: 1 });
      if (Temporal.PlainDate.compare(date, limit) > 0)
        throw new CalendarError("CALENDAR_NEVER_OPEN", "there are no so many working days in twenty years");
      if (this.#isWorkingDay(date)) left--;
    }
    return date.toString();
  }

  /** How many of the first so many days of a year are working days, by that number of days. */
  #workingDaysOf(year: number): Uint16Array {
    const known = this.#workingDays.get(year);
    if (known) return known;
    const first = Temporal.PlainDate.from({ year, month: 1, day: 1 });
    const counts = new Uint16Array(first.daysInYear + 1);
    for (let day = 1, date = first; day < counts.length; day++, date = date.add({ days: 1 }))
      counts[day] = counts[day - 1]! + Number(this.#isWorkingDay(date));
    this.#workingDays.set(year, counts);
    return counts;
  }

  #isWorkingDay(date: Temporal.PlainDate): boolean {
    if (!this.#workingWeekdays.has(date.dayOfWeek as Weekday)) return false;
    const instead = this.#hours.holidays.get(date.toString());
    return instead === undefined || (instead.length > 0 && this.#halfDaysWork);
  }

  #yearAt(atMs: number): OpenYear {
    if (!(atMs >= 0 && atMs < lastMs)) throw new CalendarError("CALENDAR_MOMENT", `${atMs} is no moment between 1970 and 9999`);
    // Local and universal time are never further apart than a day.
    const about = new Date(atMs).getUTCFullYear();
    for (const number of [about, about + 1, about - 1]) {
      const year = this.#year(number);
      if (atMs >= year.startMs && atMs < year.endMs) return year;
    }
    throw new CalendarError("CALENDAR_MOMENT", `${atMs} lies in no year`);
  }

  #year(number: number): OpenYear {
    const known = this.#years.get(number);
    if (known) return known;
    const made = openYear(this.#hours, number);
    this.#years.set(number, made);
    return made;
  }
}

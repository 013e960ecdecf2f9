/** The open spans of one local year as moments, with what is open before each: made once, then searched. */
import { CalendarError, minutesOfSpans, type CalendarDefinition, type Weekday } from "./definition.ts";
import { momentOf } from "./local-time.ts";

export interface OpenYear {
  /** First moment of the local year, and of the next one. Unix milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
  /** Where open spans begin and end, in their order. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Open milliseconds of this year before each span; one more element: of the whole year. */
  readonly before: Float64Array;
}

type MinuteSpans = readonly (readonly [from: number, to: number])[];

/** A definition, checked, in the form in which years are made of it. */
export interface CompiledHours {
  readonly timeZone: string;
  /** By ISO weekday; index 0 is unused. */
  readonly week: readonly MinuteSpans[];
  readonly holidays: ReadonlyMap<string, MinuteSpans>;
}

/** @throws CalendarError */
export function compileHours({ timeZone, hours, holidays }: CalendarDefinition): CompiledHours {
  try {
    Temporal.Now.zonedDateTimeISO(timeZone);
  } catch {
    throw new CalendarError("CALENDAR_TIME_ZONE", `"${timeZone}" is no time zone`);
  }
  const week = [[], ...([1, 2, 3, 4, 5, 6, 7] as Weekday[]).map((day) => minutesOfSpans(hours[day] ?? []))];
  return { timeZone, week, holidays: new Map(holidays.map(({ date, spans }) => [checkedDate(date), minutesOfSpans(spans)])) };
}

function checkedDate(date: string): string {
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(date)) return Temporal.PlainDate.from(date).toString();
  } catch {
    // Said below.
  }
  throw new CalendarError("CALENDAR_HOLIDAY", `"${date}" is no date`);
}

/** Works a year out: some 250 spans, two milliseconds. */
export function openYear({ timeZone, week, holidays }: CompiledHours, year: number): OpenYear {
  const first = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  const from: number[] = [];
  const to: number[] = [];
  const before = [0];
  for (let date = first; date.year === year; date = date.add({ days: 1 })) {
    for (const [start, end] of holidays.get(date.toString()) ?? week[date.dayOfWeek]!) {
      const [startMs, endMs] = [momentOf(date, start, timeZone), momentOf(date, end, timeZone)];
      // A span that lies within the hour that clocks skip is none.
      if (endMs <= startMs) continue;
      from.push(startMs);
      to.push(endMs);
      before.push(before.at(-1)! + endMs - startMs);
    }
  }
  return {
    startMs: momentOf(first, 0, timeZone),
    endMs: momentOf(first.add({ years: 1 }), 0, timeZone),
    from: Float64Array.from(from),
    to: Float64Array.from(to),
    before: Float64Array.from(before),
  };
}

/** Index of the first span that ends after a moment; the number of spans when there is none. */
export function spanAfter({ to }: OpenYear, atMs: number): number {
  let [low, high] = [0, to.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (to[middle]! <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Open milliseconds of the year until a moment in it. */
export function openUntil(year: OpenYear, atMs: number): number {
  const span = spanAfter(year, atMs);
  return year.before[span]! + (span < year.from.length ? Math.max(0, atMs - year.from[span]!) : 0);
}

/** The first moment at which so much of the year has been open. `openMs` is more than 0 and at most that of the year. */
export function momentOfOpen({ from, before }: OpenYear, openMs: number): number {
  let [low, high] = [0, from.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (before[middle]! < openMs) low = middle;
    else high = middle - 1;
  }
  return from[low]! + openMs - before[low]!;
}

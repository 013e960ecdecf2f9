/** What a calendar of working time is made of. Plain data: it is stored, edited in the console and told in reports. */

/** ISO 8601: 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Part of a local day, "09:00" to "18:00"; `to` may be "24:00". What crosses midnight is two spans on two days. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** A day on which the week's hours do not hold. */
export interface Holiday {
  /** Local date, YYYY-MM-DD. */
  readonly date: string;
  readonly name: string;
  /** Hours that hold instead, on half days; none: closed all day. */
  readonly spans: readonly Span[];
}

/** Service hours, acceptance hours, patch windows, quiet hours: all of them are this. */
export interface CalendarDefinition {
  /** IANA name, such as Europe/Berlin. */
  readonly timeZone: string;
  /** Hours of each weekday; a weekday that is left out is closed. */
  readonly hours: Readonly<Partial<Record<Weekday, readonly Span[]>>>;
  /** Weekdays that count as working days, whatever their hours. Monday to Friday unless a contract says Werktage, Monday to Saturday. */
  readonly workingDays: readonly Weekday[];
  readonly holidays: readonly Holiday[];
  /** Whether a holiday with hours of its own counts as a working day. */
  readonly halfDaysWork: boolean;
}

export type CalendarErrorCode =
  | "CALENDAR_TIME_ZONE"
  | "CALENDAR_SPAN"
  | "CALENDAR_OVERLAP"
  | "CALENDAR_HOLIDAY"
  | "CALENDAR_NEVER_OPEN"
  | "CALENDAR_MOMENT";

/** A calendar that cannot be, or a question that has no answer. */
export class CalendarError extends Error {
  readonly code: CalendarErrorCode;
  constructor(code: CalendarErrorCode, detail: string) {
    super(detail);
    this.name = "CalendarError";
    this.code = code;
  }
}

const minutesPerDay = 1_440;

/** Minutes from local midnight; "24:00" is 1,440. @throws CalendarError */
export function minutesOf(time: string): number {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(time) ?? [];
  const whole = Number(hours) * 60 + Number(minutes);
  if (hours === undefined || Number(minutes) > 59 || whole > minutesPerDay)
    throw new CalendarError("CALENDAR_SPAN", `"${time}" is no time of a day`);
  return whole;
}

/** A time of a day from minutes since midnight: 1,440 is "24:00". */
export function timeOf(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Spans in their order, as minutes. @throws CalendarError when one is empty or two overlap */
export function minutesOfSpans(spans: readonly Span[]): readonly (readonly [from: number, to: number])[] {
  const parts = spans.map(({ from, to }) => [minutesOf(from), minutesOf(to)] as const).toSorted(([one], [other]) => one - other);
  for (const [index, [from, to]] of parts.entries()) {
    if (to <= from)
      throw new CalendarError("CALENDAR_SPAN", `a span ends at or before its beginning: ${spans[index]!.from} to ${spans[index]!.to}`);
    if (index > 0 && from < parts[index - 1]![1]) throw new CalendarError("CALENDAR_OVERLAP", "two spans of a day overlap");
  }
  return parts;
}

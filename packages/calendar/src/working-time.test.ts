/**
 * Hand-checked cases. Dates of 2026 from the calendar; public holidays that hold in all of Germany: Gesetze der Länder, as the
 * Federal Ministry of the Interior lists them; changes of the clock on 29 March and 25 October 2026: directive 2000/84/EC.
 * Service hours as SVC-1 promises them.
 */
import { describe, expect, test } from "bun:test";
import { CalendarError, type CalendarDefinition, type Span, type Weekday } from "./definition.ts";
import { WorkingTime } from "./working-time.ts";

const weekdays = [1, 2, 3, 4, 5] as const;
const everyDay = [1, 2, 3, 4, 5, 6, 7] as const;
const on = (days: readonly Weekday[], ...spans: Span[]) => Object.fromEntries(days.map((day) => [day, spans]));
const span = (from: string, to: string): Span => ({ from, to });
const closed = (...dates: string[]) => dates.map((date) => ({ date, name: "Feiertag", spans: [] }));

const days =
  "2025-12-25 2025-12-26 2026-01-01 2026-04-03 2026-04-06 2026-05-01 2026-05-14 2026-05-25 2026-10-03 2026-12-25 2026-12-26 2027-01-01";
const holidays = closed(...days.split(" "));
const basis: CalendarDefinition = { timeZone: "Europe/Berlin", hours: {}, workingDays: weekdays, holidays: [], halfDaysWork: true };
const calendar = (change: Partial<CalendarDefinition>) => new WorkingTime({ ...basis, ...change });

const calendars = {
  service: calendar({ hours: on(weekdays, span("09:00", "18:00")), holidays }),
  acceptance: calendar({ hours: on(weekdays, span("07:00", "19:00")) }),
  always: calendar({ hours: on(everyDay, span("00:00", "24:00")) }),
  quiet: calendar({ hours: on(everyDay, span("22:00", "24:00"), span("00:00", "06:00")) }),
  lunch: calendar({ hours: on(weekdays, span("13:00", "17:00"), span("08:00", "12:00")) }),
  night: calendar({ hours: on(everyDay, span("01:00", "04:00")) }),
  secondHour: calendar({ hours: on(everyDay, span("02:00", "03:00")) }),
  half: calendar({ hours: on(everyDay, span("02:30", "03:30")) }),
  christmas: calendar({
    hours: on(weekdays, span("09:00", "18:00")),
    holidays: [...holidays, { date: "2026-12-24", name: "Heiligabend", spans: [span("09:00", "12:00")] }],
  }),
  werktage: calendar({ hours: on([...weekdays, 6], span("09:00", "18:00")), workingDays: [...weekdays, 6], holidays }),
  kolkata: calendar({ timeZone: "Asia/Kolkata", hours: on(weekdays, span("09:30", "18:30")) }),
  newYork: calendar({ timeZone: "America/New_York", hours: on(everyDay, span("00:00", "24:00")) }),
  lordHowe: calendar({ timeZone: "Australia/Lord_Howe", hours: on(everyDay, span("00:00", "24:00")) }),
  apia: calendar({ timeZone: "Pacific/Apia", hours: on(everyDay, span("09:00", "18:00")) }),
  kiritimati: calendar({ timeZone: "Pacific/Kiritimati", hours: on(everyDay, span("09:00", "18:00")) }),
} as const;
type Name = keyof typeof calendars;

const hour = 3_600_000;
/** A moment with its offset: 2026-03-02T09:00+01. */
const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const inBerlin = (ms: number) =>
  Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO("Europe/Berlin")
    .toString({ smallestUnit: "minute", timeZoneName: "never" });

describe("hours of service between two moments", () => {
  const cases: readonly (readonly [Name, string, string, number, string])[] = [
    ["service", "2026-03-02T09:00+01", "2026-03-02T18:00+01", 9, "a Monday"],
    ["service", "2026-03-02T06:00+01", "2026-03-02T23:00+01", 9, "more than a Monday's hours"],
    ["service", "2026-03-02T07:00+01", "2026-03-02T09:00+01", 0, "before it opens"],
    ["service", "2026-03-02T18:00+01", "2026-03-03T09:00+01", 0, "over the night"],
    ["service", "2026-03-02T17:00+01", "2026-03-03T10:00+01", 2, "an hour each of two days"],
    ["service", "2026-03-02T12:00+01", "2026-03-02T12:00+01", 0, "no time"],
    ["service", "2026-03-03T12:00+01", "2026-03-02T12:00+01", 0, "backwards"],
    ["service", "2026-03-06T17:00+01", "2026-03-09T10:00+01", 2, "over a weekend"],
    ["service", "2026-03-07T00:00+01", "2026-03-09T00:00+01", 0, "a weekend"],
    ["service", "2026-03-02T00:00+01", "2026-03-09T00:00+01", 45, "a week"],
    ["service", "2026-04-02T17:00+02", "2026-04-07T10:00+02", 2, "over Easter"],
    ["service", "2026-04-03T09:00+02", "2026-04-03T18:00+02", 0, "Good Friday"],
    ["service", "2026-05-13T16:00+02", "2026-05-15T11:00+02", 4, "over Ascension Day"],
    ["service", "2026-04-30T17:30+02", "2026-05-04T09:30+02", 1, "over the first of May"],
    ["service", "2026-05-22T17:00+02", "2026-05-26T09:00+02", 1, "over Whit Monday"],
    ["service", "2026-12-24T09:00+01", "2026-12-28T09:00+01", 9, "Christmas Eve is no holiday"],
    ["christmas", "2026-12-24T09:00+01", "2026-12-28T09:00+01", 3, "Christmas Eve as half a day"],
    ["service", "2025-12-31T17:00+01", "2026-01-02T10:00+01", 2, "over New Year"],
    ["service", "2026-01-01T00:00+01", "2027-01-01T00:00+01", 2_286, "a year: 254 working days"],
    ["service", "2025-12-31T17:00+01", "2027-01-04T10:00+01", 2_288, "more than a year"],
    ["service", "2026-03-27T17:00+01", "2026-03-30T10:00+02", 2, "over the change to summer time"],
    ["service", "2026-10-23T17:00+02", "2026-10-26T10:00+01", 2, "over the change to winter time"],
    ["acceptance", "2026-04-03T08:00+02", "2026-04-03T20:00+02", 11, "faults are accepted on holidays"],
    ["always", "2026-03-29T00:00+01", "2026-03-30T00:00+02", 23, "the day of 23 hours"],
    ["always", "2026-10-25T00:00+02", "2026-10-26T00:00+01", 25, "the day of 25 hours"],
    ["always", "2026-01-01T00:00+01", "2027-01-01T00:00+01", 8_760, "a year around the clock"],
    ["night", "2026-03-29T00:00+01", "2026-03-30T00:00+02", 2, "a night that loses an hour"],
    ["night", "2026-10-25T00:00+02", "2026-10-26T00:00+01", 4, "a night that gains one"],
    ["secondHour", "2026-03-29T00:00+01", "2026-03-30T00:00+02", 0, "the hour that is skipped"],
    ["secondHour", "2026-10-25T00:00+02", "2026-10-26T00:00+01", 2, "the hour that comes twice"],
    ["half", "2026-03-29T00:00+01", "2026-03-30T00:00+02", 0.5, "a span that begins in the skipped hour"],
    ["half", "2026-10-25T00:00+02", "2026-10-26T00:00+01", 2, "a span that begins in the doubled hour"],
    ["lunch", "2026-03-02T11:00+01", "2026-03-02T14:00+01", 2, "over a break"],
    ["lunch", "2026-03-02T12:00+01", "2026-03-02T13:00+01", 0, "a break"],
    ["lunch", "2026-03-02T00:00+01", "2026-03-03T00:00+01", 8, "a day with a break"],
    ["quiet", "2026-03-02T21:00+01", "2026-03-03T07:00+01", 8, "quiet hours over midnight"],
    ["quiet", "2026-12-31T22:00+01", "2027-01-01T06:00+01", 8, "quiet hours over New Year's midnight"],
    ["werktage", "2026-03-06T17:00+01", "2026-03-09T10:00+01", 11, "Saturday is a Werktag"],
    ["kolkata", "2026-03-02T09:30+05:30", "2026-03-02T18:30+05:30", 9, "a zone with a half hour"],
    ["newYork", "2026-03-08T00:00-05", "2026-03-09T00:00-04", 23, "America changes three weeks earlier"],
    ["lordHowe", "2026-10-04T00:00+10:30", "2026-10-05T00:00+11", 23.5, "a change of half an hour"],
    ["apia", "2011-12-29T00:00-10", "2012-01-01T00:00+14", 18, "a day that never was"],
    ["kiritimati", "2026-01-01T00:00+14", "2026-01-02T00:00+14", 9, "the first to have a new year"],
  ];
  test.each(cases)("%s: %s to %s is %d h (%s)", (name, from, to, hours) => {
    expect(calendars[name].elapsedMs(at(from), at(to)) / hour).toBe(hours);
  });
});

describe("when so many hours of service have passed", () => {
  const cases: readonly (readonly [Name, string, number, string, string])[] = [
    ["service", "2026-03-02T09:00+01", 4, "2026-03-02T13:00+01:00", "SVC-2 within a day"],
    ["service", "2026-03-02T14:00+01", 4, "2026-03-02T18:00+01:00", "to the last minute"],
    ["service", "2026-03-02T16:00+01", 4, "2026-03-03T11:00+01:00", "SVC-2 over a night"],
    ["service", "2026-03-06T16:00+01", 4, "2026-03-09T11:00+01:00", "SVC-2 over a weekend"],
    ["service", "2026-03-07T12:00+01", 4, "2026-03-09T13:00+01:00", "reported on a Saturday"],
    ["service", "2026-03-02T07:00+01", 4, "2026-03-02T13:00+01:00", "accepted before service begins"],
    ["service", "2026-03-02T18:30+01", 4, "2026-03-03T13:00+01:00", "accepted after service has ended"],
    ["service", "2026-03-02T18:00+01", 1 / 60, "2026-03-03T09:01+01:00", "a minute after closing time"],
    ["service", "2026-03-02T07:00+01", 0, "2026-03-02T07:00+01:00", "nothing is due at once, open or not"],
    ["service", "2026-03-02T09:00+01", 24, "2026-03-04T15:00+01:00", "SVC-3: 24 hours of service"],
    ["always", "2026-03-02T09:00+01", 24, "2026-03-03T09:00+01:00", "SVC-3 by the wall clock"],
    ["always", "2026-03-28T12:00+01", 24, "2026-03-29T13:00+02:00", "24 hours over the change to summer time"],
    ["always", "2026-10-24T12:00+02", 24, "2026-10-25T11:00+01:00", "24 hours over the change to winter time"],
    ["service", "2026-04-02T15:00+02", 4, "2026-04-07T10:00+02:00", "SVC-2 over Easter"],
    ["service", "2026-04-02T12:00+02", 24, "2026-04-08T18:00+02:00", "SVC-3 over Easter"],
    ["service", "2026-12-23T17:00+01", 24, "2026-12-29T14:00+01:00", "SVC-3 over Christmas"],
    ["christmas", "2026-12-23T17:00+01", 24, "2026-12-30T11:00+01:00", "SVC-3 with half of Christmas Eve"],
    ["service", "2026-12-31T17:00+01", 2, "2027-01-04T10:00+01:00", "into another year"],
    ["lunch", "2026-03-02T11:00+01", 2, "2026-03-02T14:00+01:00", "over a break"],
    ["half", "2026-03-28T03:00+01", 1, "2026-03-29T03:30+02:00", "through the skipped hour"],
  ];
  test.each(cases)("%s: %s and %d h is %s (%s)", (name, from, hours, due) => {
    expect(inBerlin(calendars[name].dueMs(at(from), hours * hour))).toBe(due);
  });
});

describe("opening and closing", () => {
  const cases: readonly (readonly [Name, string, boolean, string, string])[] = [
    ["service", "2026-03-02T09:00+01", true, "2026-03-02T09:00+01:00", "2026-03-02T18:00+01:00"],
    ["service", "2026-03-02T18:00+01", false, "2026-03-03T09:00+01:00", "2026-03-02T18:00+01:00"],
    ["acceptance", "2026-03-06T19:00+01", false, "2026-03-09T07:00+01:00", "2026-03-06T19:00+01:00"],
    ["acceptance", "2026-04-03T10:00+02", true, "2026-04-03T10:00+02:00", "2026-04-03T19:00+02:00"],
    ["quiet", "2026-03-02T23:00+01", true, "2026-03-02T23:00+01:00", "2026-03-03T06:00+01:00"],
    ["quiet", "2026-03-29T01:59+01", true, "2026-03-29T01:59+01:00", "2026-03-29T06:00+02:00"],
    ["quiet", "2026-10-25T02:30+02", true, "2026-10-25T02:30+02:00", "2026-10-25T06:00+01:00"],
    ["half", "2026-03-29T01:30+01", false, "2026-03-29T03:00+02:00", "2026-03-29T01:30+01:00"],
    ["half", "2026-10-25T02:30+02", true, "2026-10-25T02:30+02:00", "2026-10-25T03:30+01:00"],
    ["quiet", "2026-12-31T23:00+01", true, "2026-12-31T23:00+01:00", "2027-01-01T06:00+01:00"],
    ["quiet", "2026-03-02T12:00+01", false, "2026-03-02T22:00+01:00", "2026-03-02T12:00+01:00"],
  ];
  test("around the clock it never closes, which is known at once", () => {
    expect(calendars.always.closesMs(at("2026-03-02T09:00+01"))).toBe(Infinity);
    const holiday = calendar({ hours: on(everyDay, span("00:00", "24:00")), holidays: closed("2026-12-25") });
    expect(inBerlin(holiday.closesMs(at("2026-01-02T09:00+01")))).toBe("2026-12-25T00:00+01:00");
  });
  test.each(cases)("%s at %s: open %p, opens %s, closes %s", (name, moment, isOpen, opens, closes) => {
    const one = calendars[name];
    expect([one.isOpen(at(moment)), inBerlin(one.nextOpenMs(at(moment))), inBerlin(one.closesMs(at(moment)))]).toEqual([
      isOpen,
      opens,
      closes,
    ]);
  });
});

describe("working days", () => {
  const cases: readonly (readonly [Name, string, string, number])[] = [
    ["service", "2026-03-06", "2026-03-06", 0],
    ["service", "2026-03-06", "2026-03-08", 0],
    ["service", "2026-03-06", "2026-03-09", 1],
    ["werktage", "2026-03-06", "2026-03-09", 2],
    ["service", "2026-04-02", "2026-04-07", 1],
    ["service", "2026-04-02", "2026-04-08", 2],
    ["service", "2026-12-23", "2026-12-28", 2],
    ["service", "2026-03-09", "2026-03-06", 0],
    ["service", "2025-12-31", "2026-12-31", 254],
  ];
  test.each(cases)("%s: after %s up to %s are %d", (name, from, to, days) => {
    expect(calendars[name].workingDaysBetween(from, to)).toBe(days);
    if (days > 0) expect(calendars[name].workingDaysBetween(from, calendars[name].addWorkingDays(from, days))).toBe(days);
  });

  test("half days count unless the calendar says otherwise", () => {
    const definition: CalendarDefinition = {
      ...basis,
      holidays: [{ date: "2026-12-24", name: "Heiligabend", spans: [span("09:00", "12:00")] }],
    };
    expect([true, false].map((halfDaysWork) => new WorkingTime({ ...definition, halfDaysWork }).isWorkingDay("2026-12-24"))).toEqual([
      true,
      false,
    ]);
  });

  test("the date of a moment is that of the calendar's place", () => {
    expect(calendars.service.dateOf(at("2026-03-01T23:30Z"))).toBe("2026-03-02");
    expect(calendars.newYork.dateOf(at("2026-03-02T03:00Z"))).toBe("2026-03-01");
  });
});

describe("what cannot be is refused with a code", () => {
  const refused: readonly (readonly [string, Partial<CalendarDefinition>])[] = [
    ["CALENDAR_TIME_ZONE", { timeZone: "Europe/Nowhere" }],
    ["CALENDAR_SPAN", { hours: { 1: [span("09:00", "25:00")] } }],
    ["CALENDAR_SPAN", { hours: { 1: [span("9:00", "18:00")] } }],
    ["CALENDAR_SPAN", { hours: { 1: [span("18:00", "09:00")] } }],
    ["CALENDAR_OVERLAP", { hours: { 1: [span("09:00", "12:00"), span("11:00", "18:00")] } }],
    ["CALENDAR_HOLIDAY", { holidays: closed("2026-02-30") }],
    ["CALENDAR_HOLIDAY", { holidays: closed("30.02.2026") }],
  ];
  test.each(refused)("%s", (code, change) => {
    expect(() => calendar(change)).toThrow(expect.objectContaining({ name: CalendarError.name, code }));
  });

  test("a calendar that never opens answers what it can", () => {
    const never = calendar({});
    expect([never.elapsedMs(0, at("2026-01-01T00:00Z")), never.isOpen(0)]).toEqual([0, false]);
    expect(() => never.dueMs(at("2026-01-01T00:00Z"), 1)).toThrow(expect.objectContaining({ code: "CALENDAR_NEVER_OPEN" }));
    expect(() => calendar({ workingDays: [] }).addWorkingDays("2026-01-01", 1)).toThrow(
      expect.objectContaining({ code: "CALENDAR_NEVER_OPEN" }),
    );
  });

  test.each([Number.NaN, -1, Infinity])("the moment %p", (moment) => {
    expect(() => calendars.service.isOpen(moment)).toThrow(expect.objectContaining({ code: "CALENDAR_MOMENT" }));
  });
});

describe("the spans that count", () => {
  const spans = (name: Name, from: string, to: string, most = 100) =>
    calendars[name].openSpans(at(from), at(to), most).map(({ fromMs, toMs }) => `${inBerlin(fromMs)}/${inBerlin(toMs)}`);
  const cases: readonly (readonly [Name, string, string, readonly string[], string])[] = [
    [
      "service",
      "2026-04-02T17:00+02",
      "2026-04-07T12:00+02",
      ["2026-04-02T17:00+02:00/2026-04-02T18:00+02:00", "2026-04-07T09:00+02:00/2026-04-07T12:00+02:00"],
      "over Easter",
    ],
    [
      "quiet",
      "2026-03-02T20:00+01",
      "2026-03-03T12:00+01",
      ["2026-03-02T22:00+01:00/2026-03-03T06:00+01:00"],
      "spans that touch at midnight are one",
    ],
    ["quiet", "2025-12-31T20:00+01", "2026-01-01T12:00+01", ["2025-12-31T22:00+01:00/2026-01-01T06:00+01:00"], "over the year's end"],
    ["quiet", "2026-03-28T20:00+01", "2026-03-29T12:00+02", ["2026-03-28T22:00+01:00/2026-03-29T06:00+02:00"], "a night of seven hours"],
    ["service", "2026-03-07T00:00+01", "2026-03-08T00:00+01", [], "none on a Saturday"],
    ["service", "2026-03-02T12:00+01", "2026-03-02T12:00+01", [], "no time"],
  ];
  test.each(cases)("%s from %s to %s: %p, %s", (name, from, to, expected) => expect(spans(name, from, to)).toEqual([...expected]));
  test("no more than are asked for, and together what has elapsed", () => {
    expect(spans("service", "2026-03-02T00:00+01", "2026-04-01T00:00+02", 3)).toHaveLength(3);
    const [from, to] = [at("2026-03-02T10:20+01"), at("2026-11-02T10:20+01")];
    const sum = calendars.lunch.openSpans(from, to, 1_000).reduce((all, { fromMs, toMs }) => all + toMs - fromMs, 0);
    expect(sum).toBe(calendars.lunch.elapsedMs(from, to));
  });
  test("the hours of a day are those of its holiday, else of its weekday", () => {
    expect(calendars.christmas.hoursOn("2026-12-24")).toEqual([span("09:00", "12:00")]);
    expect(calendars.christmas.hoursOn("2026-12-25")).toEqual([]);
    expect(calendars.lunch.hoursOn("2026-12-23")).toEqual([span("08:00", "12:00"), span("13:00", "17:00")]);
    expect(calendars.always.hoursOn("2026-12-23")).toEqual([span("00:00", "24:00")]);
  });
});

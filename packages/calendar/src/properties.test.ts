/** What holds for every calendar, tried on many that are made by chance, and held against a slow reckoning by the minute. */
import { describe, expect, test } from "bun:test";
import type { CalendarDefinition, Span, Weekday } from "./definition.ts";
import { WorkingTime } from "./working-time.ts";

const minute = 60_000;
const zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "Pacific/Auckland", "UTC"];
const start = Date.UTC(2025, 11, 20);
const rangeMinutes = 500 * 1_440;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** Up to three spans. None begins or ends while clocks change (0 to 3:59): there a wall clock alone does not say which moment is meant. */
function someSpans(random: () => number): Span[] {
  const marks = Array.from({ length: 6 }, () => 240 + Math.floor(random() * 1_200)).toSorted((one, other) => one - other);
  const spans = [0, 2, 4].map((at) => [marks[at]!, marks[at + 1]!] as const).filter(([from, to]) => to > from && random() < 0.7);
  const parts = spans.map(([from, to]) => ({ from: clock(from), to: clock(to) }));
  return random() < 0.2 ? [{ from: "00:00", to: "24:00" }] : parts;
}

function someCalendar(random: () => number): CalendarDefinition {
  const days = [1, 2, 3, 4, 5, 6, 7] as Weekday[];
  return {
    timeZone: zones[Math.floor(random() * zones.length)]!,
    hours: Object.fromEntries(days.filter(() => random() < 0.75).map((day) => [day, someSpans(random)])),
    workingDays: days.filter(() => random() < 0.7),
    holidays: Array.from({ length: 20 }, () => ({
      date: new Date(start + Math.floor(random() * rangeMinutes) * minute).toISOString().slice(0, 10),
      name: "by chance",
      spans: random() < 0.3 ? someSpans(random) : [],
    })).filter(({ date }, at, all) => all.findIndex((other) => other.date === date) === at),
    halfDaysWork: random() < 0.5,
  };
}

const someMoment = (random: () => number) => start + Math.floor(random() * rangeMinutes) * minute;

/** By looking at the wall clock of every minute. */
function slowElapsedMs({ timeZone, hours, holidays }: CalendarDefinition, fromMs: number, toMs: number): number {
  let open = 0;
  for (let at = fromMs; at < toMs; at += minute) {
    const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
    const holiday = holidays.find(({ date }) => date === wall.toPlainDate().toString());
    const spans = holiday ? holiday.spans : (hours[wall.dayOfWeek as Weekday] ?? []);
    const time = clock(wall.hour * 60 + wall.minute);
    if (spans.some(({ from, to }) => time >= from && time < to)) open += minute;
  }
  return open;
}

describe.each(Array.from({ length: 60 }, (_, seed) => seed))("calendar %d", (seed) => {
  const random = chance(seed + 1);
  const definition = someCalendar(random);
  const working = new WorkingTime(definition);

  test("elapsed time adds up, never runs backwards and is never more than what has passed", () => {
    for (let round = 0; round < 200; round++) {
      const [first, second, third] = Array.from({ length: 3 }, () => someMoment(random)).toSorted((one, other) => one - other) as [
        number,
        number,
        number,
      ];
      const whole = working.elapsedMs(first, third);
      expect(working.elapsedMs(first, second) + working.elapsedMs(second, third)).toBe(whole);
      expect(whole).toBeGreaterThanOrEqual(0);
      expect(whole).toBeLessThanOrEqual(third - first);
      expect(working.elapsedMs(third, first)).toBe(third === first ? whole : 0);
    }
  });

  test("due time is the first at which so much has elapsed", () => {
    if (Object.values(definition.hours).every((spans) => spans.length === 0)) return;
    for (let round = 0; round < 200; round++) {
      const from = someMoment(random);
      const open = 1 + Math.floor(random() * 200 * 60) * minute;
      const due = working.dueMs(from, open);
      expect(working.elapsedMs(from, due)).toBe(open);
      expect(working.elapsedMs(from, due - 1)).toBe(open - 1);
    }
  });

  test("it opens when it was closed before, and is open until it closes", () => {
    if (Object.values(definition.hours).every((spans) => spans.length === 0)) return;
    for (let round = 0; round < 50; round++) {
      const from = someMoment(random);
      const opens = working.nextOpenMs(from);
      expect([working.isOpen(opens), working.elapsedMs(from, opens)]).toEqual([true, 0]);
      const closes = Math.min(working.closesMs(opens), opens + 400 * 1_440 * minute);
      expect(working.elapsedMs(opens, closes)).toBe(closes - opens);
    }
  });

  test("two days reckoned by the minute are the same", () => {
    for (let round = 0; round < 3; round++) {
      const from = someMoment(random);
      const to = from + 2 * 1_440 * minute;
      expect(working.elapsedMs(from, to)).toBe(slowElapsedMs(definition, from, to));
    }
  });
});

test("the days on which clocks change, reckoned by the minute, are the same", () => {
  for (const timeZone of zones) {
    const definition: CalendarDefinition = {
      timeZone,
      hours: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [{ from: "00:00", to: "24:00" }]])),
      workingDays: [],
      holidays: [],
      halfDaysWork: true,
    };
    const working = new WorkingTime(definition);
    let at = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timeZone);
    for (let change = at.getTimeZoneTransition("next"); change && change.year < 2028; change = at.getTimeZoneTransition("next")) {
      const [from, to] = [change.epochMilliseconds - 1_440 * minute, change.epochMilliseconds + 1_440 * minute];
      expect(working.elapsedMs(from, to)).toBe(slowElapsedMs(definition, from, to));
      at = change;
    }
  }
});

import { describe, expect, test } from "bun:test";
import { occurrencesOf, type RecurringSpan } from "./recurrence.ts";

const berlin = (startsAtLocal: string, minutes: number, repeat: RecurringSpan["repeat"], until: string | null = null): RecurringSpan => ({
  startsAtLocal,
  minutes,
  timeZone: "Europe/Berlin",
  repeat,
  until,
});
const at = (iso: string) => Date.parse(iso);
const spans = (span: RecurringSpan, from: string, until: string) =>
  occurrencesOf(span, at(from), at(until)).map(
    ({ startMs, endMs }) => `${new Date(startMs).toISOString().slice(0, 16)} ${new Date(endMs).toISOString().slice(0, 16)}`,
  );
const nightly = berlin("2026-03-20T22:00", 480, { kind: "weekly", every: 1, weekdays: [1, 2, 3, 4, 5, 6, 7] });

describe("occurrences", () => {
  test("once, also while it is under way, and not after it", () => {
    const once = berlin("2026-11-22T22:00", 120, null);
    expect(spans(once, "2026-11-01T00:00Z", "2026-12-01T00:00Z")).toEqual(["2026-11-22T21:00 2026-11-22T23:00"]);
    expect(spans(once, "2026-11-22T22:30Z", "2026-12-01T00:00Z")).toHaveLength(1);
    expect(spans(once, "2026-11-22T23:00Z", "2026-12-01T00:00Z")).toEqual([]);
  });

  test("a night on the wall clock lasts an hour less when clocks go forward, and an hour more when they go back", () => {
    // Directive 2000/84/EC: the last Sundays of March and October, at 01:00 UTC.
    expect(spans(nightly, "2026-03-28T12:00Z", "2026-03-30T12:00Z")).toEqual([
      "2026-03-28T21:00 2026-03-29T04:00",
      "2026-03-29T20:00 2026-03-30T04:00",
    ]);
    expect(spans(nightly, "2026-10-24T12:00Z", "2026-10-25T12:00Z")).toEqual(["2026-10-24T20:00 2026-10-25T05:00"]);
  });

  test("a beginning that the clock skips is the moment of the change; an end in the doubled hour is its second", () => {
    const early = berlin("2026-01-04T02:30", 60, { kind: "weekly", every: 1, weekdays: [7] });
    expect(spans(early, "2026-03-29T00:00Z", "2026-03-29T23:00Z")).toEqual(["2026-03-29T01:00 2026-03-29T01:30"]);
    const late = berlin("2026-01-04T01:30", 60, { kind: "weekly", every: 1, weekdays: [7] });
    expect(spans(late, "2026-10-24T20:00Z", "2026-10-25T20:00Z")).toEqual(["2026-10-24T23:30 2026-10-25T01:30"]);
  });

  test("every other week counts from the week of the first", () => {
    const fortnight = berlin("2026-11-04T20:00", 60, { kind: "weekly", every: 2, weekdays: [1, 3] });
    // The Monday of the first week lies before the first beginning.
    expect(spans(fortnight, "2026-11-01T00:00Z", "2026-11-20T00:00Z").map((span) => span.slice(0, 10))).toEqual([
      "2026-11-04",
      "2026-11-16",
      "2026-11-18",
    ]);
  });

  test("the second Tuesday, the last Friday, and the 31st in months that have none", () => {
    const dates = (repeat: RecurringSpan["repeat"]) =>
      spans(berlin("2026-01-01T18:00", 60, repeat), "2026-01-01T00:00Z", "2026-05-01T00:00Z").map((span) => span.slice(5, 10));
    expect(dates({ kind: "monthly-weekday", nth: 2, weekday: 2 })).toEqual(["01-13", "02-10", "03-10", "04-14"]);
    expect(dates({ kind: "monthly-weekday", nth: -1, weekday: 5 })).toEqual(["01-30", "02-27", "03-27", "04-24"]);
    expect(dates({ kind: "monthly-day", day: 31 })).toEqual(["01-31", "02-28", "03-31", "04-30"]);
  });

  test("none begins after the last day", () => {
    const limited = { ...nightly, until: "2026-03-21" };
    expect(spans(limited, "2026-03-01T00:00Z", "2026-06-01T00:00Z").map((span) => span.slice(0, 10))).toEqual(["2026-03-20", "2026-03-21"]);
  });

  test("a long window that began before the span asked for is found", () => {
    const weekend = berlin("2026-11-06T18:00", 60 * 60, { kind: "weekly", every: 1, weekdays: [5] });
    expect(spans(weekend, "2026-11-15T20:00Z", "2026-11-16T12:00Z")).toEqual(["2026-11-13T17:00 2026-11-16T05:00"]);
  });

  test("consecutive occurrences of a year neither overlap nor leave a night out", () => {
    const all = occurrencesOf(nightly, at("2026-03-20T00:00Z"), at("2027-03-20T00:00Z"));
    expect(all).toHaveLength(365);
    for (const [index, one] of all.entries()) {
      expect(one.endMs).toBeGreaterThan(one.startMs);
      if (index > 0) expect(one.startMs).toBeGreaterThan(all[index - 1]!.endMs);
    }
  });

  test("what is no time or no zone is refused with a code", () => {
    expect(() => occurrencesOf(berlin("tomorrow", 60, null), 0, 1)).toThrow("no local date");
    expect(() => occurrencesOf({ ...nightly, timeZone: "Mars/Base" }, 0, 1)).toThrow("no time zone");
  });
});

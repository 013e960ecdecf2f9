/** Changes of the clock: directive 2000/84/EC, the last Sundays of March and October at 01:00 UTC; elsewhere the tz database. */
import { expect, test } from "bun:test";
import { momentAt } from "./local-time.ts";

test.each([
  ["2026-03-28", "02:30", "Europe/Berlin", "2026-03-28T01:30:00Z", "an ordinary night"],
  ["2026-03-29", "02:00", "Europe/Berlin", "2026-03-29T01:00:00Z", "skipped: the moment of the change"],
  ["2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:00:00Z", "skipped: the moment of the change"],
  ["2026-03-29", "03:00", "Europe/Berlin", "2026-03-29T01:00:00Z", "the first after it"],
  ["2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30:00Z", "doubled: the first"],
  ["2026-10-25", "03:00", "Europe/Berlin", "2026-10-25T02:00:00Z", "after both"],
  ["2026-10-25", "24:00", "Europe/Berlin", "2026-10-25T23:00:00Z", "the end of 25 hours"],
  ["2026-03-29", "24:00", "Europe/Berlin", "2026-03-29T22:00:00Z", "the end of 23 hours"],
  ["2026-04-24", "00:00", "Africa/Cairo", "2026-04-23T22:00:00Z", "midnight itself is skipped"],
  ["2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-03T15:30:00Z", "a change by half an hour"],
])("%s %s in %s is %s: %s", (day, time, zone, expected) => {
  expect(momentAt(day, time, zone)).toBe(Date.parse(expected));
});

test("what is no date or no time is refused", () => {
  expect(() => momentAt("2026-02-30", "09:00", "Europe/Berlin")).toThrow(RangeError);
  expect(() => momentAt("2026-02-28", "24:30", "Europe/Berlin")).toThrow("no time of a day");
});

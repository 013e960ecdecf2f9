import { expect, test } from "bun:test";
import { addDays, addMonths, isDay, kindOf, movedBy, wallMinutes, weekdayOf, weeksOf, type CalendarDay } from "./month.ts";

const day = (change: Partial<CalendarDay>): CalendarDay => ({
  day: "2026-12-24",
  isWorkingDay: true,
  openMinutes: 0,
  spans: [],
  holiday: null,
  ...change,
});
const morning = [{ from: "09:00", to: "12:00" }];

test("a day is open, short, a holiday or closed", () => {
  expect(kindOf(day({ spans: morning }))).toBe("open");
  expect(kindOf(day({ spans: morning, holiday: "Heiligabend" }))).toBe("short");
  expect(kindOf(day({ holiday: "1. Weihnachtstag" }))).toBe("holiday");
  expect(kindOf(day({}))).toBe("closed");
});

test("the wall clock's minutes of a day", () => {
  expect(wallMinutes(day({ spans: [...morning, { from: "22:00", to: "24:00" }] }))).toBe(300);
});

test("weeks begin on Monday, and months have their own length", () => {
  expect(weeksOf("2026-02").map((week) => week.filter(Boolean).length)).toEqual([1, 7, 7, 7, 6]);
  expect(weeksOf("2027-02")).toHaveLength(4);
  expect(weeksOf("2026-03")[0]).toEqual([null, null, null, null, null, null, "2026-03-01"]);
  expect(weeksOf("2024-02").flat().filter(Boolean)).toHaveLength(29);
  expect([weekdayOf("2026-11-22"), weekdayOf("2026-11-23")]).toEqual([7, 1]);
});

test("keys move by day, week and month, over months, years and the change of clocks", () => {
  expect(movedBy("ArrowRight", "2026-12-31")).toBe("2027-01-01");
  expect(movedBy("ArrowLeft", "2026-03-01")).toBe("2026-02-28");
  expect(movedBy("ArrowDown", "2026-03-25")).toBe("2026-04-01");
  expect(movedBy("ArrowUp", "2026-10-28")).toBe("2026-10-21");
  expect(movedBy("Home", "2026-11-22")).toBe("2026-11-16");
  expect(movedBy("End", "2026-11-16")).toBe("2026-11-22");
  expect(movedBy("PageDown", "2026-01-31")).toBe("2026-02-28");
  expect(movedBy("PageUp", "2026-03-31")).toBe("2026-02-28");
  expect(movedBy("Tab", "2026-03-31")).toBeUndefined();
  expect(addMonths("2026-12-15", 1)).toBe("2027-01-15");
  expect(addDays("2026-03-29", 1)).toBe("2026-03-30");
});

test("addresses name days that there are", () => {
  expect(["2026-02-28", "2026-02-29", "2026-2-1", "yesterday", undefined, "1970-12-31"].map(isDay)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

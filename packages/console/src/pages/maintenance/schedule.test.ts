import { expect, test } from "bun:test";
import { formOf, scheduleOf, wallTime, type ScheduleForm } from "./schedule.ts";

// 24 November 2026 is the fourth Tuesday of its month.
const form: ScheduleForm = {
  startsAt: "2026-11-24T22:00",
  hours: 4,
  repeat: "once",
  weekdays: [],
  until: "2027-01-01",
};
const berlin = "Europe/Berlin";

test("a form becomes a schedule", () => {
  expect(scheduleOf(form, berlin)).toEqual({
    startsAtLocal: "2026-11-24T22:00",
    minutes: 240,
    timeZone: "Europe/Berlin",
    repeat: null,
    until: null,
  });
  expect(scheduleOf({ ...form, repeat: "weekly" }, berlin)).toMatchObject({
    repeat: { kind: "weekly", every: 1, weekdays: [2] },
    until: "2027-01-01",
  });
  expect(scheduleOf({ ...form, repeat: "fortnightly", weekdays: [7, 3] }, berlin)).toMatchObject({
    repeat: { every: 2, weekdays: [3, 7] },
  });
  expect(scheduleOf({ ...form, repeat: "monthly-weekday" }, berlin)).toMatchObject({ repeat: { nth: 4, weekday: 2 } });
  expect(scheduleOf({ ...form, startsAt: "2026-11-30T08:00", repeat: "monthly-weekday" }, berlin)).toMatchObject({
    repeat: { nth: -1, weekday: 1 },
  });
  expect(scheduleOf({ ...form, repeat: "monthly-day" }, berlin)).toMatchObject({ repeat: { kind: "monthly-day", day: 24 } });
  expect(scheduleOf({ ...form, startsAt: "" }, berlin)).toBeUndefined();
});

test("the time of a window, over midnight too", () => {
  expect(wallTime(scheduleOf(form, berlin)!)).toBe("22:00–02:00");
  expect(wallTime(scheduleOf({ ...form, startsAt: "2026-11-24T08:15", hours: 0.5 }, berlin)!)).toBe("08:15–08:45");
});

test("a schedule becomes the form that it came from", () => {
  for (const repeat of ["once", "weekly", "fortnightly", "monthly-weekday", "monthly-day"] as const) {
    const schedule = scheduleOf({ ...form, repeat }, berlin)!;
    expect(scheduleOf(formOf(schedule), berlin)).toEqual(schedule);
  }
});

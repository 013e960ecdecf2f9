import { expect, test } from "bun:test";
import { untilOf } from "./until.ts";

const now = Date.UTC(2026, 10, 21, 12);

test("until it is closed needs no time", () => {
  expect(untilOf("none", "", now)).toBeUndefined();
});

test.each([
  ["4h", "2026-11-21T16:00:00.000Z"],
  ["1d", "2026-11-22T12:00:00.000Z"],
  ["1w", "2026-11-28T12:00:00.000Z"],
] as const)("%s from now", (choice, expected) => {
  expect(untilOf(choice, "", now)).toBe(expected);
});

test("a day holds to its end", () => {
  expect(untilOf("date", "2026-11-30", now)).toBe(new Date("2026-11-30T23:59:59").toISOString());
});

test.each(["", "2026-11-20", "not a day"])("the day %p does not count", (day) => {
  expect(untilOf("date", day, now)).toBeNull();
});

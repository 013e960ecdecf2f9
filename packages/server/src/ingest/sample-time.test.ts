import { describe, expect, test } from "bun:test";
import { nextClockOffset, oldestAgeMs, sampleTime } from "./sample-time.ts";

const now = Date.UTC(2026, 2, 2, 10);

test.each([
  ["just now", now, 0, { atMs: now, ageMs: 0, isClamped: false }],
  ["three days ago, from the buffer", now - 3 * 86_400_000, 0, { atMs: now - 3 * 86_400_000, ageMs: 3 * 86_400_000, isClamped: false }],
  ["by a clock that is an hour fast", now + 3_600_000 - 1_000, 3_600_000, { atMs: now - 1_000, ageMs: 1_000, isClamped: false }],
  ["a little in the future, as clocks are", now + 1_999, 0, { atMs: now, ageMs: 0, isClamped: false }],
  ["in the future", now + 2_001, 0, { atMs: now, ageMs: 0, isClamped: true }],
  ["the oldest that can be", now - oldestAgeMs, 0, { atMs: now - oldestAgeMs, ageMs: oldestAgeMs, isClamped: false }],
  ["older than any agent keeps its samples", now - oldestAgeMs - 1, 0, { atMs: now - oldestAgeMs, ageMs: oldestAgeMs, isClamped: true }],
  ["a fraction of a millisecond of offset", now, 0.4, { atMs: now, ageMs: 0, isClamped: false }],
])("a sample %s", (_name, at, offset, expected) => {
  expect(sampleTime(at, offset, now)).toEqual(expected);
});

describe("the clock's offset", () => {
  test("is the largest measured lately: a message under way for long looks like a slow clock", () => {
    expect(nextClockOffset(100, 150)).toBe(150);
    expect(nextClockOffset(100, -1_900)).toBe(0);
  });
  test("follows a clock that was set back", () => {
    expect(nextClockOffset(3_600_000, -20)).toBe(-20);
  });
});

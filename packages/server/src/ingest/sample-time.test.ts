import { describe, expect, test } from "bun:test";
import { nextClockOffset, nextMomentOffset, oldestAgeMs, sampleTime } from "./sample-time.ts";

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

describe("what moments are moved by", () => {
  test("stays the same while the measured offset wavers, also between two steps", () => {
    const measured = [0, 900, -2_300, 15_100, 14_900, 22_500, 22_600, 15_100, 8_000, 31_000, 7_400, 0];
    const moved: number[] = [];
    measured.reduce((current, offset) => (moved.push(nextMomentOffset(current, offset)), moved.at(-1)!), 0);
    expect(moved).toEqual([0, 0, 0, 0, 0, 0, 30_000, 30_000, 30_000, 30_000, 0, 0]);
  });
  test("is never further from the clock's offset than its tolerance", () => {
    let current = 0;
    for (let offset = -600_000; offset <= 600_000; offset += 777) {
      current = nextMomentOffset(current, offset);
      expect(Math.abs(offset - current)).toBeLessThanOrEqual(22_500);
    }
  });
  test("comes to the same after a new start as before it, where the clock has not moved", () => {
    const running = nextMomentOffset(nextMomentOffset(0, 2 * 86_400_000 + 400), 2 * 86_400_000 + 1_300);
    expect(nextMomentOffset(0, 2 * 86_400_000 + 1_300)).toBe(running);
  });
});

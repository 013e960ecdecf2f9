import { describe, expect, test } from "bun:test";
import type { Point } from "@hauswart/protocol/check.ts";
import { fillTrend } from "./fill-trend.ts";

const day = 86_400_000;
const now = { at: 100 * day, value: 500 };
/** So many points before now, evenly over so many days, falling by so much in all to `now`. */
const falling = (count: number, days: number, fall: number): Point[] =>
  Array.from({ length: count }, (_, index) => ({
    at: now.at - days * day * (1 - index / count),
    value: now.value + fall * (1 - index / count),
  }));
const kind = (points: readonly Point[], totalBytes = 10_000) => fillTrend(points, now, totalBytes).kind;

describe("a trend needs", () => {
  test("twelve points, the present one among them", () => {
    expect(kind(falling(10, 6, 400))).toBe("too-short");
    expect(kind(falling(11, 6, 400))).toBe("filling");
  });
  test("three days", () => {
    expect(kind(falling(20, 2.999, 400))).toBe("too-short");
    expect(kind(falling(20, 3, 400))).toBe("filling");
  });
  test("a fall of a hundredth of the volume", () => {
    expect(kind(falling(20, 6, 99))).toBe("none");
    expect(kind(falling(20, 6, 100))).toBe("filling");
  });
  test("points in each sixth of its time", () => {
    expect(kind([...falling(20, 12, 400).slice(0, 10), { at: now.at - day, value: 505 }])).toBe("too-short");
  });
  test("points from before now", () => {
    expect(kind([...falling(20, 6, 400), { at: now.at, value: 0 }, { at: now.at + day, value: 0 }])).toBe("filling");
  });
});

test("the pace is that of most pairs, whatever a single block does", () => {
  const points = falling(60, 12, 600).map((point, index) => (index >= 20 && index < 30 ? { ...point, value: point.value + 300 } : point));
  const trend = fillTrend(points, now, 10_000);
  expect(trend).toMatchObject({ kind: "filling", spanDays: 12 });
  expect("bytesPerDay" in trend && trend.bytesPerDay).toBeCloseTo(50, 5);
  expect("daysUntilFull" in trend && trend.daysUntilFull).toBeCloseTo(10, 5);
});

test("large copies are no trend, one after the other are", () => {
  const steps = (levels: number[]) =>
    levels.flatMap((value, block) =>
      Array.from({ length: 10 }, (_, index) => ({ at: now.at - (12 - block * 2 - index / 5) * day, value: now.value + value })),
    );
  expect(kind(steps([400, 400, 400, 0, 0, 0]))).toBe("none");
  expect(kind(steps([400, 400, 200, 200, 0, 0]))).toBe("none");
  expect(kind(steps([600, 600, 400, 400, 200, 0]))).toBe("filling");
  expect(kind(steps([500, 400, 300, 200, 100, 0]))).toBe("filling");
});

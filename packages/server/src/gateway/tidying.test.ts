import { expect, test } from "bun:test";
import { TidyingPace } from "./tidying.ts";

test("nothing is collected for a few messages; then the young, and everything now and then", () => {
  const pace = new TidyingPace();
  expect([60, 60, 0, 99, 1].map((received) => pace.tick(received, 0))).toEqual([undefined, "young", undefined, undefined, "young"]);
  const next = Array.from({ length: 23 }, () => pace.tick(100, 0));
  expect(next.slice(0, -1).every((what) => what === "young")).toBe(true);
  expect(next.at(-1)).toBe("full");
  expect(pace.tick(100, 0)).toBe("young");
});

test("under load the runtime is left alone, and tidied up after it", () => {
  const pace = new TidyingPace();
  expect([3_000, 3_000, 1_500, 10].map((received) => pace.tick(received, 0))).toEqual([undefined, undefined, undefined, "full"]);
});

test("what collecting takes of the time is bounded: a slow one is followed by a long rest", () => {
  const pace = new TidyingPace();
  expect(pace.tick(100, 1_000)).toBe("young");
  pace.collected(200, 1_200);
  expect([1_250, 3_000, 6_199].map((nowMs) => pace.tick(1_000, nowMs))).toEqual([undefined, undefined, undefined]);
  expect(pace.tick(0, 6_200)).toBe("full");
  pace.collected(2, 6_202);
  expect(pace.tick(100, 6_252)).toBe("young");
});

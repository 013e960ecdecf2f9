import { expect, test } from "bun:test";
import { TidyingPace } from "./tidying.ts";

test("nothing is collected for a few messages; then the young, and everything now and then", () => {
  const pace = new TidyingPace();
  expect([60, 60, 0, 99, 1].map((received) => pace.tick(received))).toEqual([undefined, "young", undefined, undefined, "young"]);
  const next = Array.from({ length: 23 }, () => pace.tick(100));
  expect(next.slice(0, -1).every((what) => what === "young")).toBe(true);
  expect(next.at(-1)).toBe("full");
  expect(pace.tick(100)).toBe("young");
});

test("under load the runtime is left alone, and tidied up after it", () => {
  const pace = new TidyingPace();
  expect([3_000, 3_000, 1_500, 10].map((received) => pace.tick(received))).toEqual([undefined, undefined, undefined, "full"]);
});

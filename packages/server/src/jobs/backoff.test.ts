import { expect, test } from "bun:test";
import { backoffMs } from "./backoff.ts";

const minutes = { firstMs: 1_000, mostMs: 60_000 };
const middle = () => 0.5;

test("doubles from the first wait to the longest and stays there", () => {
  expect([1, 2, 3, 6, 7, 8, 1_000].map((failures) => backoffMs(minutes, failures, middle))).toEqual([
    1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000,
  ]);
});
test("spreads by a quarter to both sides", () => {
  expect(backoffMs(minutes, 1, () => 0)).toBe(750);
  expect(backoffMs(minutes, 1, () => 0.9999)).toBe(1_250);
});
test("no failure yet waits like the first", () => {
  expect(backoffMs(minutes, 0, middle)).toBe(1_000);
});

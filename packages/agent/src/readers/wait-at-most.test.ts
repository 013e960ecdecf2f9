import { expect, test } from "bun:test";
import { waitAtMost } from "./wait-at-most.ts";

const never = new Promise<never>(() => {});

test("answers with what came of the work, its failure too", async () => {
  expect(await waitAtMost(Promise.resolve(7), 60_000)).toBe(7);
  await expect(waitAtMost(Promise.reject(new Error("broken")), 60_000)).rejects.toThrow("broken");
});

test("goes on without it after its time, and at the end of the measurement", async () => {
  expect(await waitAtMost(never, 1)).toBe("late");
  expect(await waitAtMost(never, 60_000, AbortSignal.timeout(1))).toBe("late");
});

test("does not wait at all for a measurement that is over", async () => {
  expect(await waitAtMost(never, 60_000, AbortSignal.abort())).toBe("late");
});

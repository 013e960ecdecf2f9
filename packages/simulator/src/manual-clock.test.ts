import { expect, test } from "bun:test";
import { manualAgentClock } from "./manual-clock.ts";

test("it stands still until it is moved, and calls what is due in its order", () => {
  const clock = manualAgentClock(1_000);
  const called: string[] = [];
  clock.after(500, () => called.push("late"));
  clock.after(100, () => called.push("early"));
  const callOff = clock.after(200, () => called.push("called off"));
  callOff();
  expect(clock.now()).toBe(1_000);
  clock.moveTo(1_099);
  expect(called).toEqual([]);
  clock.moveTo(2_000);
  expect([clock.now(), called]).toEqual([2_000, ["early", "late"]]);
});

test("what is set for the very moment is called with the next move", () => {
  const clock = manualAgentClock(1_000);
  let calls = 0;
  clock.after(0, () => (calls += 1));
  clock.moveTo(1_000);
  clock.moveTo(1_000);
  expect(calls).toBe(1);
});

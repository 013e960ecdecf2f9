import { expect, test } from "bun:test";
import { sleepBehind, sleepsOf } from "./sleep.ts";

const minute = 60_000;
const at = (minutes: number) => 1_000 * minute + minutes * minute;

test("ALM-1 what an agent says of its sleep counts by our clock, oldest first, without what cannot be", () => {
  const offsetMs = 30 * minute;
  const said = [
    [40, 50],
    [0, 30],
    [20, 10],
    [55, 90],
  ].map(([from, until]) => ({ from: at(from!) + offsetMs, until: at(until!) + offsetMs }));
  expect(sleepsOf({ slept: said }, offsetMs, at(60))).toEqual([
    { fromMs: at(0), untilMs: at(30) },
    { fromMs: at(40), untilMs: at(50) },
  ]);
  expect(sleepsOf({}, offsetMs, at(60))).toEqual([]);
});

test.each([
  ["began when it was last heard of, and lasted when it was found", 0, 60, true],
  ["ended before it was found: it was silent for another reason", 0, 3, false],
  ["ended before the last sign of life", -30, -1, false],
  ["began long after it was lost", 5, 60, false],
])("ALM-1 sleep that %s", (_, from, until, explains) => {
  const sleeps = [{ fromMs: at(from), untilMs: at(until) }];
  expect(sleepBehind(sleeps, at(1.5), at(7)) !== undefined).toBe(explains);
});

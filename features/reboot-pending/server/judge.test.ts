import { expect, test } from "bun:test";
import { rebootPending } from "../protocol.ts";
import { judge } from "./judge.ts";

const day = 86_400_000;
const at = Date.UTC(2026, 10, 22);
const why = { causes: "kernel", details: "6.1.0-41-amd64" };
const judged = (pendingSince: number | null, settings: object = {}) =>
  judge({ sample: { pendingSince, ...why }, settings: rebootPending.judgement.parse(settings), past: { points: () => [] }, at })[0]!;

test.each<[string, number | null, object, string]>([
  ["no restart needed", null, {}, "ok"],
  ["needed for an hour", at - 3_600_000, {}, "ok"],
  ["needed for exactly the days", at - 7 * day, {}, "ok"],
  ["a second longer", at - 7 * day - 1_000, {}, "warning"],
  ["needed for a year, failures are off", at - 365 * day, {}, "warning"],
  ["needed for longer than a failure", at - 31 * day, { failureAfterDays: 30 }, "failure"],
  ["exactly on it", at - 30 * day, { failureAfterDays: 30 }, "warning"],
  ["needed since the future: a clock was set", at + day, {}, "ok"],
  ["at once, when wished so", at - 1, { warningAfterDays: 0 }, "warning"],
])("%s", (_, pendingSince, settings, state) => {
  expect(judged(pendingSince, settings).state).toBe(state as never);
});

test("the evidence names the causes", () => {
  expect(judged(at - day).evidence).toMatchObject({ restartPending: true, ...why });
  expect(judged(null).evidence).toEqual({ restartPending: false });
});

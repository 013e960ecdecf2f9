import { expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { cpuLoad } from "../protocol.ts";
import { judge } from "./judge.ts";

type Sample = SampleOf<typeof cpuLoad>;

const defaults = cpuLoad.judgement.parse({});
const sample = (changes: Partial<Sample>): Sample => ({
  averagePercent: 12,
  peakPercent: 40,
  inputOutputWaitPercent: 1,
  stolenPercent: 0,
  pressurePercent: 2,
  measuredSeconds: 300,
  processorCount: 4,
  processes: [],
  ...changes,
});
const only = (changes: Partial<Sample>, settings: Partial<typeof defaults> = {}) =>
  judge({ sample: sample(changes), settings: { ...defaults, ...settings }, past: { points: () => [] }, at: 0 })[0]!;

test.each<[string, Partial<Sample>, Partial<typeof defaults>, string]>([
  ["idle", { averagePercent: 0 }, {}, "ok"],
  ["exactly the warning's threshold", { averagePercent: 90 }, {}, "ok"],
  ["above it", { averagePercent: 90.1 }, {}, "warning"],
  ["exactly the failure's threshold", { averagePercent: 98 }, {}, "warning"],
  ["above that", { averagePercent: 98.1 }, {}, "failure"],
  ["all of it", { averagePercent: 100 }, {}, "failure"],
  ["100 switches off", { averagePercent: 100 }, { warningAbovePercent: 100, failureAbovePercent: 100 }, "ok"],
  ["a peak alone", { averagePercent: 20, peakPercent: 100 }, {}, "ok"],
  ["waiting for a disk alone", { averagePercent: 5, inputOutputWaitPercent: 95 }, {}, "ok"],
  ["over no time", { averagePercent: 100, measuredSeconds: 0 }, {}, "unknown"],
  ["no pressure told", { pressurePercent: null }, {}, "ok"],
])("%s", (_, changes, settings, expected) => {
  expect(only(changes, settings).state).toBe(expected as never);
});

test("the evidence names three programs at most", () => {
  const processes = ["a", "b", "c", "d"].map((name, index) => ({ at: 0, name, processCount: 1, percent: 40 - index }));
  const { evidence } = only({ averagePercent: 95, processes });
  expect(evidence).toMatchObject({ averagePercent: 95, program1: "a", program1Percent: 40, program3: "c", program3Percent: 38 });
  expect(evidence).not.toHaveProperty("program4");
});

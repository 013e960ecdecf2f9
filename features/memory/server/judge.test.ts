import { expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { memory } from "../protocol.ts";
import { judge } from "./judge.ts";

type Sample = SampleOf<typeof memory>;

const gigabyte = 1e9;
const defaults = memory.judgement.parse({});
const sample = (changes: Partial<Sample>): Sample => ({
  totalBytes: 100 * gigabyte,
  availableBytes: 60 * gigabyte,
  lowestAvailableBytes: 55 * gigabyte,
  swapTotalBytes: 10 * gigabyte,
  swapUsedBytes: gigabyte,
  commitLimitBytes: 60 * gigabyte,
  commitEnforced: false,
  committedBytes: 30 * gigabyte,
  pressurePercent: 0,
  measuredSeconds: 300,
  processes: [],
  ...changes,
});
const verdicts = (changes: Partial<Sample>, settings: Partial<typeof defaults> = {}) =>
  judge({ sample: sample(changes), settings: { ...defaults, ...settings }, past: { points: () => [] }, at: 0 }).map(
    ({ code, state }) => `${code} ${state}`,
  );

test.each<[string, Partial<Sample>, Partial<typeof defaults>, string[]]>([
  ["plenty", {}, {}, ["low ok", "swap ok"]],
  ["exactly the warning's share", { availableBytes: 10 * gigabyte }, {}, ["low ok", "swap ok"]],
  ["below it", { availableBytes: 10 * gigabyte - 1 }, {}, ["low warning", "swap ok"]],
  ["exactly the failure's share", { availableBytes: 5 * gigabyte }, {}, ["low warning", "swap ok"]],
  ["below that", { availableBytes: 5 * gigabyte - 1 }, {}, ["low failure", "swap ok"]],
  ["nothing", { availableBytes: 0 }, {}, ["low failure", "swap ok"]],
  ["switched off", { availableBytes: 0 }, { warningBelowPercent: 0, failureBelowPercent: 0 }, ["low ok", "swap ok"]],
  ["full swap space while memory is plenty harms nobody", { swapUsedBytes: 10 * gigabyte }, {}, ["low ok", "swap ok"]],
  ["full swap space while memory is short", { swapUsedBytes: 9 * gigabyte, availableBytes: 15 * gigabyte }, {}, ["low ok", "swap warning"]],
  ["swap space exactly at its threshold", { swapUsedBytes: 8 * gigabyte, availableBytes: 15 * gigabyte }, {}, ["low ok", "swap ok"]],
  [
    "memory exactly at the share where swap counts",
    { swapUsedBytes: 9 * gigabyte, availableBytes: 20 * gigabyte },
    {},
    ["low ok", "swap ok"],
  ],
  ["no swap space", { swapTotalBytes: 0, swapUsedBytes: 0 }, {}, ["low ok"]],
  ["more swap used than there is", { swapUsedBytes: 90 * gigabyte, availableBytes: 15 * gigabyte }, {}, ["low ok", "swap warning"]],
  ["promises beyond a limit that nobody keeps", { committedBytes: 90 * gigabyte }, {}, ["low ok", "swap ok"]],
  [
    "promises near a limit that is kept",
    { committedBytes: 57 * gigabyte, commitEnforced: true },
    {},
    ["low ok", "swap ok", "commit warning"],
  ],
  ["promises exactly at the threshold", { committedBytes: 54 * gigabyte, commitEnforced: true }, {}, ["low ok", "swap ok", "commit ok"]],
  ["a limit of nothing", { commitLimitBytes: 0, commitEnforced: true }, {}, ["low ok", "swap ok"]],
  ["a computer without memory, as it says", { totalBytes: 0, availableBytes: 0 }, {}, ["low unknown"]],
  ["more available than there is", { availableBytes: 200 * gigabyte }, {}, ["low ok", "swap ok"]],
])("%s", (_, changes, settings, expected) => {
  expect(verdicts(changes, settings)).toEqual(expected);
});

test("the evidence names the programs that held most", () => {
  const processes = [{ at: 0, name: "browser", processCount: 20, residentBytes: 40 * gigabyte }];
  const [low] = judge({ sample: sample({ availableBytes: gigabyte, processes }), settings: defaults, past: { points: () => [] }, at: 0 });
  expect(low?.evidence).toMatchObject({ availablePercent: 1, program1: "browser", program1Bytes: 40 * gigabyte });
});

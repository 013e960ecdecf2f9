import { expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { uptime } from "../protocol.ts";
import { judge } from "./judge.ts";

type Sample = SampleOf<typeof uptime>;

const daySeconds = 86_400;
const bootedAt = Date.UTC(2026, 10, 1, 8);
const defaults = uptime.judgement.parse({});
const sample = (changes: Partial<Sample>): Sample => ({
  uptimeSeconds: 3 * daySeconds,
  bootedAt,
  lastRestart: "none-seen",
  ...changes,
});
const verdicts = (changes: Partial<Sample>, settings: Partial<typeof defaults> = {}) =>
  judge({ sample: sample(changes), settings: { ...defaults, ...settings }, past: { points: () => [] }, at: 0 }).map(
    ({ code, state }) => `${code} ${state}`,
  );

const well = ["restarted-unexpectedly ok"];

test.each<[string, Partial<Sample>, Partial<typeof defaults>, string[]]>([
  ["a device that has just been enrolled", { uptimeSeconds: 60 }, {}, well],
  ["an orderly restart", { lastRestart: "orderly", uptimeSeconds: 60 }, {}, well],
  ["an unexpected restart", { lastRestart: "unexpected", uptimeSeconds: 60 }, {}, ["restarted-unexpectedly warning"]],
  ["an unexpected restart, a day ago to the second", { lastRestart: "unexpected", uptimeSeconds: daySeconds }, {}, well],
  [
    "an unexpected restart, a second less",
    { lastRestart: "unexpected", uptimeSeconds: daySeconds - 1 },
    {},
    ["restarted-unexpectedly warning"],
  ],
  ["a restart that left no trace", { lastRestart: "undetermined", uptimeSeconds: 60 }, {}, ["restarted-unexpectedly unknown"]],
  ["a restart without a trace, long ago", { lastRestart: "undetermined", uptimeSeconds: 5 * daySeconds }, {}, well],
  ["nobody wants to know of restarts", { lastRestart: "unexpected", uptimeSeconds: 60 }, { unexpectedRestartDays: 0 }, well],
  ["long uptime, which is off", { uptimeSeconds: 900 * daySeconds }, {}, well],
  ["long uptime", { uptimeSeconds: 91 * daySeconds }, { longUptimeDays: 90 }, [...well, "long-uptime warning"]],
  ["exactly the long uptime", { uptimeSeconds: 90 * daySeconds }, { longUptimeDays: 90 }, [...well, "long-uptime ok"]],
])("%s", (_, changes, settings, expected) => {
  expect(verdicts(changes, settings)).toEqual(expected);
});

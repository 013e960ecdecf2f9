import { expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { networkPing } from "../protocol.ts";
import { judge } from "./judge.ts";

type Sample = SampleOf<typeof networkPing>;

const defaults = networkPing.judgement.parse({});
const answered: Sample = {
  target: "printer.example",
  address: "192.0.2.7",
  family: "ipv4",
  outcome: "answered",
  sentCount: 5,
  receivedCount: 5,
  lossPercent: 0,
  roundTripMeanMs: 12,
  roundTripMinMs: 10,
  roundTripMaxMs: 15,
};
const lost: Partial<Sample> = {
  outcome: "no-answer",
  receivedCount: 0,
  lossPercent: 100,
  roundTripMeanMs: null,
  roundTripMinMs: null,
  roundTripMaxMs: null,
};
const verdicts = (changes: Partial<Sample>, settings: Partial<typeof defaults> = {}) =>
  judge({ sample: { ...answered, ...changes }, settings: { ...defaults, ...settings }, past: { points: () => [] }, at: 0 }).map(
    ({ code, state }) => `${code} ${state}`,
  );

test.each<[string, Partial<Sample>, Partial<typeof defaults>, string[]]>([
  ["all answered", {}, {}, ["unreachable ok", "packet-loss ok"]],
  ["exactly the loss that is allowed", { lossPercent: 20 }, {}, ["unreachable ok", "packet-loss ok"]],
  ["a little more", { lossPercent: 20.1 }, {}, ["unreachable ok", "packet-loss warning"]],
  ["exactly the loss of a failure", { lossPercent: 60 }, {}, ["unreachable ok", "packet-loss warning"]],
  ["more than that", { lossPercent: 80 }, {}, ["unreachable ok", "packet-loss failure"]],
  [
    "nobody wants to know of loss",
    { lossPercent: 80 },
    { lossWarningPercent: 100, lossFailurePercent: 100 },
    ["unreachable ok", "packet-loss ok"],
  ],
  ["no answer", lost, {}, ["unreachable failure", "packet-loss unknown"]],
  ["no answer, said by a router", { ...lost, outcome: "reported-unreachable" }, {}, ["unreachable failure", "packet-loss unknown"]],
  ["a name that is no more", { ...lost, outcome: "name-unknown", sentCount: 0 }, {}, ["unreachable failure", "packet-loss unknown"]],
  ["exactly as slow as is allowed", {}, { slowWarningMs: 12 }, ["unreachable ok", "packet-loss ok", "slow ok"]],
  ["slower", { roundTripMeanMs: 12.5 }, { slowWarningMs: 12 }, ["unreachable ok", "packet-loss ok", "slow warning"]],
  ["slow cannot be told without an answer", lost, { slowWarningMs: 12 }, ["unreachable failure", "packet-loss unknown", "slow unknown"]],
])("%s", (_, changes, settings, expected) => {
  expect(verdicts(changes, settings)).toEqual(expected);
});

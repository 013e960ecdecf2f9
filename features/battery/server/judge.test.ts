import { expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { battery } from "../protocol.ts";
import { judge } from "./judge.ts";

type Row = SampleOf<typeof battery>["batteries"][number];

const row: Row = {
  name: "BAT0",
  model: "LGC 5B10W13930",
  designCapacity: "57000 mWh",
  healthPercent: 88,
  chargePercent: 70,
  cycleCount: 210,
  activity: "discharging",
  failed: false,
};
const states = (rows: Partial<Row>[], settings: object = {}) =>
  judge({
    sample: { batteryCount: rows.length, batteries: rows.map((changes) => ({ ...row, ...changes })) },
    settings: battery.judgement.parse(settings),
    past: { points: () => [] },
    at: 0,
  }).map(({ subject, state }) => `${subject} ${state}`);

test.each<[string, Partial<Row>[], object, string[]]>([
  ["no battery", [], {}, [" ok"]],
  ["a good one", [{}], {}, ["BAT0 ok"]],
  ["exactly on the threshold", [{ healthPercent: 60 }], {}, ["BAT0 ok"]],
  ["a little less", [{ healthPercent: 59.9 }], {}, ["BAT0 warning"]],
  ["much less", [{ healthPercent: 29.9 }], {}, ["BAT0 failure"]],
  ["failed, whatever its capacity", [{ failed: true }], {}, ["BAT0 failure"]],
  ["one that does not tell", [{ healthPercent: null }], {}, ["BAT0 unknown"]],
  ["two of them", [{ healthPercent: 50 }, { name: "BAT1" }], {}, ["BAT0 warning", "BAT1 ok"]],
  ["by other thresholds", [{ healthPercent: 79 }], { warningBelowHealthPercent: 80 }, ["BAT0 warning"]],
])("%s", (_, rows, settings, expected) => {
  expect(states(rows, settings)).toEqual(expected);
});

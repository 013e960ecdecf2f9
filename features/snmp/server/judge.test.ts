import { describe, expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { snmp } from "../protocol.ts";
import { isBeyond, parseLimit, parseValueLine } from "../protocol/limits.ts";
import { noPowerSupply } from "../protocol/power-supply.ts";
import { judge } from "./judge.ts";

type Sample = SampleOf<typeof snmp>;

const defaults = snmp.judgement.parse({});
const well: Sample = {
  target: "printer",
  address: "192.0.2.30",
  outcome: "answered",
  problem: "",
  deviceName: "printer-1",
  description: "",
  place: "",
  uptimeSeconds: 1_000,
  values: [],
  interfaces: [],
  supplies: [],
  printerProblems: "",
  isPrinter: false,
  ...noPowerSupply,
};
const value = (changes: Partial<Sample["values"][number]>) => ({
  name: "T",
  oid: "1.2",
  text: "",
  problem: "",
  value: 40,
  perSecond: null,
  ...changes,
});
const port = (changes: Partial<Sample["interfaces"][number]>) => ({
  name: "eth1",
  alias: "Uplink",
  wanted: "up" as const,
  state: "up" as const,
  megabitCount: 1_000,
  inBitsPerSecond: 1,
  outBitsPerSecond: 1,
  errorsPerMinute: 0,
  ...changes,
});
const ups: Partial<Sample> = {
  isUps: true,
  upsBattery: "normal",
  upsSource: "normal",
  upsChargePercent: 30,
  upsLoadPercent: 90,
  upsRemainingSeconds: 300,
};
const said = (changes: Partial<Sample>, settings: Partial<typeof defaults> = {}) =>
  judge({ sample: { ...well, ...changes }, settings: { ...defaults, ...settings }, past: { points: () => [] }, at: 0 })
    .slice(1)
    .map(({ code, subject, state }) => `${code}${subject && ` ${subject}`} ${state}`);

test.each(["no-answer", "refused", "broken", "name-unknown"] as const)("%s is a failure", (outcome) => {
  expect(judge({ sample: { ...well, outcome }, settings: defaults, past: { points: () => [] }, at: 0 })).toMatchObject([
    { code: "not-answering", state: "failure" },
  ]);
});

describe("values", () => {
  test.each<[string, Partial<Sample["values"][number]>, string[], string]>([
    ["without a limit", {}, [], "ok"],
    ["exactly the limit", {}, ["T > 40"], "ok"],
    ["beyond it", { value: 40.1 }, ["T > 40"], "failure"],
    ["the worst of its limits", { value: 60 }, ["T > 50 failure", "T > 40 warning"], "failure"],
    ["one of its limits", { value: 45 }, ["T > 50 failure", "T > 40 warning"], "warning"],
    ["text that is bad", { value: null, text: "jammed" }, ["T = jammed warning"], "warning"],
    ["text that is not as it must be", { value: null, text: "off" }, ["T != running"], "failure"],
    ["text that cannot be larger", { value: null, text: "off" }, ["T > 3"], "unknown"],
    ["a rate", { perSecond: 11 }, ["T/s > 10"], "failure"],
    ["a rate that is not known yet", {}, ["T/s > 10"], "unknown"],
    ["not there", { value: null, problem: "the device has no such value" }, [], "unknown"],
  ])("%s", (_, changes, limits, state) => expect(said({ values: [value(changes)] }, { limits })).toEqual([`value T ${state}`]));
});

test("a limit that fits no value, or that nobody understands, is told", () => {
  expect(said({ values: [value({})] }, { limits: ["U > 1", "T is bad", "U < 0", "T > 50"] })).toEqual([
    "value T ok",
    "value U unknown",
    "value T is bad unknown",
  ]);
});

describe("interfaces that must be up and are not named", () => {
  const gone = (state: "not-present" | "unknown") => ({
    interfaces: state === "unknown" ? [] : [port({})],
    goneInterfaces: [{ name: "eth7", alias: "Uplink 2", state }],
  });
  const others = ["interface-down eth1 ok", "interface-errors eth1 ok"];
  test.each<[string, Partial<Sample>, string[], string[]]>([
    ["left the table", gone("not-present"), ["eth7"], [...others, "interface-down eth7 failure"]],
    ["left it, by their alias", gone("not-present"), ["Uplink 2"], [...others, "interface-down eth7 failure"]],
    ["are in a table that says nothing", gone("unknown"), ["eth*"], ["interface-down eth7 unknown", "interface-errors eth7 unknown"]],
    ["left it, and nobody cares", gone("not-present"), [], others],
    ["are misspelt", { interfaces: [] }, ["ehternet1", "ehternet1"], ["interface-down ehternet1 unknown"]],
    ["belong to a device that does not answer", { outcome: "no-answer" }, ["eth1"], []],
  ])("%s", (_, changes, interfacesUp, expected) => expect(said(changes, { interfacesUp })).toEqual(expected));
});

describe("interfaces", () => {
  test.each<[string, Partial<Sample["interfaces"][number]>, Partial<typeof defaults>, string[]]>([
    ["down, and nobody cares", { state: "down" }, {}, ["interface-down eth1 ok", "interface-errors eth1 ok"]],
    ["down, and must be up", { state: "down" }, { interfacesUp: ["eth*"] }, ["interface-down eth1 failure", "interface-errors eth1 ok"]],
    [
      "must be up by its description",
      { state: "lower-layer-down" },
      { interfacesUp: ["Uplink"] },
      ["interface-down eth1 failure", "interface-errors eth1 ok"],
    ],
    ["up, and must be", {}, { interfacesUp: ["*"] }, ["interface-down eth1 ok", "interface-errors eth1 ok"]],
    ["exactly the errors", { errorsPerMinute: 10 }, {}, ["interface-down eth1 ok", "interface-errors eth1 ok"]],
    ["more errors", { errorsPerMinute: 10.1 }, {}, ["interface-down eth1 ok", "interface-errors eth1 warning"]],
    ["errors not known", { errorsPerMinute: null }, {}, ["interface-down eth1 ok"]],
    ["errors, and nobody cares", { errorsPerMinute: 99 }, { errorsPerMinuteAbove: 0 }, ["interface-down eth1 ok"]],
  ])("%s", (_, changes, settings, expected) => expect(said({ interfaces: [port(changes)] }, settings)).toEqual(expected));
});

test.each<[number | null, "measured" | "some-left" | "unknown", string]>([
  [10, "measured", "ok"],
  [9.9, "measured", "warning"],
  [1, "measured", "warning"],
  [0, "measured", "failure"],
  [null, "some-left", "ok"],
  [null, "unknown", "unknown"],
])("a supply of %p percent, %s, is %s", (levelPercent, state, expected) => {
  expect(said({ supplies: [{ name: "Toner", state, levelPercent }] })).toEqual([`supply Toner ${expected}`]);
});

test("what a printer says is wrong is a warning, unless nobody wants to know", () => {
  const jammed: Partial<Sample> = { isPrinter: true, printerProblems: "jammed" };
  const untold: Partial<Sample> = { isPrinter: true, printerProblems: "not-told" };
  expect([said(jammed), said({ isPrinter: true }), said(jammed, { printerProblems: false }), said(untold)]).toEqual([
    ["printer-problem warning"],
    ["printer-problem ok"],
    [],
    [],
  ]);
});

test.each<[string, Partial<Sample>, string[]]>([
  ["exactly on all thresholds", {}, ["on-battery ok", "battery ok", "load ok"]],
  ["a source that it does not tell", { upsSource: "other" }, ["on-battery unknown", "battery ok", "load ok"]],
  ["on battery", { upsSource: "battery" }, ["on-battery warning", "battery ok", "load ok"]],
  ["low", { upsBattery: "low" }, ["on-battery ok", "battery failure", "load ok"]],
  ["little charge", { upsChargePercent: 29 }, ["on-battery ok", "battery failure", "load ok"]],
  ["little time", { upsRemainingSeconds: 299 }, ["on-battery ok", "battery failure", "load ok"]],
  ["much load", { upsLoadPercent: 91 }, ["on-battery ok", "battery ok", "load warning"]],
  [
    "nothing known",
    { upsBattery: "unknown", upsChargePercent: null, upsLoadPercent: null, upsRemainingSeconds: null },
    ["on-battery ok", "battery unknown"],
  ],
])("a power supply: %s", (_, changes, expected) => expect(said({ ...ups, ...changes })).toEqual(expected));

describe("what people write", () => {
  test.each([
    ["Temperature = 1.3.6.1.4.1", { name: "Temperature", oid: "1.3.6.1.4.1" }],
    ["  A = B = .1.3.6 ", { name: "A = B", oid: "1.3.6" }],
    ["Temperature", undefined],
    ["= 1.3.6", undefined],
    ["Temperature = sysName", undefined],
    ["Temperature = 1..3", undefined],
  ])("value %j", (line, expected) => expect(parseValueLine(line)).toEqual(expected as never));

  test.each([
    ["T > 40", { name: "T", isRate: false, comparison: ">", against: "40", severity: "failure" }],
    ["In errors/s >= 1,5 warning", { name: "In errors", isRate: true, comparison: ">=", against: "1,5", severity: "warning" }],
    ["Fan != running fast", { name: "Fan", isRate: false, comparison: "!=", against: "running fast", severity: "failure" }],
    ["T", undefined],
    ["> 3", undefined],
    ["T >", undefined],
  ])("limit %j", (line, expected) => expect(parseLimit(line)).toEqual(expected as never));

  test.each([
    ["T > 1,5", 1.6, true],
    ["T <= 2", 2, true],
    ["T < 2", 2, false],
    ["T = 2.0", 2, true],
    ["T = up", "up", true],
    ["T != up", "up", false],
    ["T > up", 3, undefined],
  ])("%j and %p: %p", (line, found, expected) => expect(isBeyond(parseLimit(line)!, found)).toBe(expected as never));
});

import { describe, expect, test } from "bun:test";
import type { Past, Point } from "@hauswart/protocol/check.ts";
import { diskHealth } from "../protocol.ts";
import { judge } from "./judge.ts";
import { madeDrive, madeSample, type Drive } from "./testing/made-drive.ts";

type Settings = Parameters<typeof judge>[0]["settings"];

const day = 86_400_000;
const at = Date.UTC(2026, 10, 22, 12);
const defaults = diskHealth.judgement.parse({});
const noPast: Past = { points: () => [] };

const ssd = (changes: Partial<Drive> = {}) =>
  madeDrive({
    kind: "nvme",
    reallocatedCount: null,
    pendingCount: null,
    uncorrectableCount: null,
    wearPercent: 3,
    availableSparePercent: 100,
    spareThresholdPercent: 10,
    isReadOnly: false,
    ...changes,
  });

const judged = (drives: readonly Drive[], settings: Partial<Settings> = {}, past: Past = noPast) =>
  judge({
    sample: madeSample(...drives),
    settings: { ...defaults, ...settings },
    past,
    at,
  });
const states = (...input: Parameters<typeof judged>) => judged(...input).map(({ code, state }) => `${code} ${state}`);

test("a healthy drive has nothing but green", () => {
  expect(states([madeDrive(), ssd({ drive: "SSD 1" })]).filter((state) => !state.endsWith(" ok"))).toEqual([]);
});

test.each<["physical" | "virtual" | "container", number]>([
  ["virtual", 2],
  ["container", 0],
])("a %s computer has no drive that could fail", (environment, virtualCount) => {
  const verdicts = judge({ sample: { environment, physicalCount: 0, virtualCount, drives: [] }, settings: defaults, past: noPast, at });
  expect(verdicts).toEqual([
    { code: "predicted-failure", subject: "", state: "ok", evidence: { environment, physicalCount: 0, virtualCount } },
  ]);
});

describe("its own word", () => {
  test.each<[string, Partial<Drive>, string, string | undefined]>([
    ["that it fails", { prediction: "failing", failingReasons: "5" }, "failure", undefined],
    ["that it is well", {}, "ok", undefined],
    ["nothing", { prediction: "not-told" }, "unknown", "not-told"],
    ["from sleep", { state: "asleep" }, "ok", undefined],
    ["nothing before it fell asleep", { state: "asleep", prediction: "not-told" }, "unknown", "not-told"],
    ["that a controller gives for it", { state: "behind-controller", prediction: "not-told" }, "unknown", "behind-controller"],
    ["that cannot be had", { state: "unreadable", prediction: "not-told" }, "unknown", "unreadable"],
  ])("%s", (_, changes, state, reason) => {
    const found = judged([madeDrive(changes)]).find(({ code }) => code === "predicted-failure")!;
    expect([found.state, found.evidence["reason"]]).toEqual([state, reason]);
  });

  test("what did not tell is judged by nothing else", () => {
    expect(states([madeDrive({ state: "unreadable", prediction: "not-told" })])).toEqual(["predicted-failure unknown", "missing ok"]);
  });
});

test.each<[string, Partial<Settings>, string]>([
  ["a failure", {}, "missing failure"],
  ["unknown where nobody wants it reported", { reportMissing: false }, "missing unknown"],
])("a drive that is missing is %s, and nothing else is said of it", (_, settings, expected) => {
  expect(states([madeDrive({ state: "missing" })], settings)).toEqual([expected]);
});

test.each<[string, Drive, Partial<Settings>, string]>([
  ["read-only", ssd({ isReadOnly: true }), {}, "read-only failure"],
  ["one replaced sector", madeDrive({ reallocatedCount: 1 }), {}, "bad-sectors warning"],
  ["one less than the failure", madeDrive({ reallocatedCount: 99 }), {}, "bad-sectors warning"],
  ["exactly the failure", madeDrive({ reallocatedCount: 100 }), {}, "bad-sectors failure"],
  [
    "replaced sectors that nobody wants to know of",
    madeDrive({ reallocatedCount: 1e6 }),
    { reallocatedWarningCount: 0, reallocatedFailureCount: 0 },
    "bad-sectors ok",
  ],
  ["a pending sector", madeDrive({ pendingCount: 1 }), {}, "unreadable-data warning"],
  ["an unreadable sector", madeDrive({ uncorrectableCount: 1 }), {}, "unreadable-data warning"],
  ["media errors at the failure", ssd({ mediaErrorCount: 20 }), {}, "unreadable-data failure"],
  ["wear exactly at the warning", ssd({ wearPercent: 80 }), {}, "worn-out ok"],
  ["wear beyond it", ssd({ wearPercent: 81 }), {}, "worn-out warning"],
  ["wear exactly at the failure", ssd({ wearPercent: 95 }), {}, "worn-out warning"],
  ["wear beyond that", ssd({ wearPercent: 100 }), {}, "worn-out failure"],
  ["spare at its threshold", ssd({ availableSparePercent: 10 }), {}, "spare-low warning"],
  ["spare below it", ssd({ availableSparePercent: 9 }), {}, "spare-low failure"],
  ["spare at twice the threshold", ssd({ availableSparePercent: 20 }), {}, "spare-low ok"],
  ["spare between the two", ssd({ availableSparePercent: 15 }), {}, "spare-low warning"],
  [
    "heat that nobody wants to know of",
    madeDrive({ temperatureCelsius: 99 }),
    { hardDiskWarningCelsius: 0, hardDiskFailureCelsius: 0 },
    "too-hot ok",
  ],
  ["spare of a drive that names no threshold", ssd({ availableSparePercent: 9, spareThresholdPercent: null }), {}, "spare-low failure"],
  ["a hard disk exactly at the warning", madeDrive({ temperatureCelsius: 55 }), {}, "too-hot ok"],
  ["a hard disk above it", madeDrive({ temperatureCelsius: 56 }), {}, "too-hot warning"],
  ["a hard disk above the failure", madeDrive({ temperatureCelsius: 66 }), {}, "too-hot failure"],
  ["an SSD as warm as that", ssd({ temperatureCelsius: 66 }), {}, "too-hot ok"],
  ["an SSD above its own limit", ssd({ temperatureCelsius: 71, warningAtCelsius: 70, criticalAtCelsius: 90 }), {}, "too-hot warning"],
  ["an SSD below its own limit", ssd({ temperatureCelsius: 80, warningAtCelsius: 82 }), {}, "too-hot ok"],
  [
    "an SSD above its own critical limit",
    ssd({ temperatureCelsius: 86, warningAtCelsius: 82, criticalAtCelsius: 85 }),
    {},
    "too-hot failure",
  ],
])("%s", (_, row, settings, expected) => {
  expect(states([row], settings)).toContain(expected);
});

test.each<[string, Partial<Drive>, string]>([
  ["replaced sectors", { reallocatedCount: null }, "bad-sectors"],
  ["unreadable places", { pendingCount: null, uncorrectableCount: null, mediaErrorCount: null }, "unreadable-data"],
  ["temperature", { temperatureCelsius: null }, "too-hot"],
  ["temperature while it sleeps", { state: "asleep", temperatureCelsius: 90 }, "too-hot"],
  ["wear", {}, "worn-out"],
  ["whether it takes data", { kind: "ssd" }, "read-only"],
  ["spare", {}, "spare-low"],
])("what a drive does not tell is not judged: %s", (_, changes, code) => {
  expect(states([madeDrive(changes)]).join()).not.toContain(code);
});

describe("counters", () => {
  const past = (field: string, ...values: readonly [daysAgo: number, value: number][]): Past => ({
    points: (asked, subject) =>
      asked === field && subject === "HD 1" ? values.map(([daysAgo, value]): Point => ({ at: at - daysAgo * day, value })) : [],
  });
  test.each<[string, Partial<Drive>, Past, string[]]>([
    ["without a past say nothing", { reallocatedCount: 5 }, noPast, []],
    ["that stay", { reallocatedCount: 5 }, past("drives.reallocatedCount", [14, 5], [1, 5]), ["errors-growing ok"]],
    ["that grow by one", { reallocatedCount: 6 }, past("drives.reallocatedCount", [14, 5], [1, 5]), ["errors-growing warning"]],
    ["that grow by many", { pendingCount: 60 }, past("drives.pendingCount", [14, 10], [1, 40]), ["errors-growing failure"]],
    ["that fell and grow again", { pendingCount: 3 }, past("drives.pendingCount", [10, 8], [2, 0]), ["errors-growing warning"]],
    ["that fell", { pendingCount: 0 }, past("drives.pendingCount", [10, 8]), ["errors-growing ok"]],
    ["of another drive", { drive: "HD 2", reallocatedCount: 6 }, past("drives.reallocatedCount", [14, 5]), []],
    ["of transfers, a few", { transferErrorCount: 9 }, past("drives.transferErrorCount", [7, 0]), ["transfer-errors ok"]],
    ["of transfers", { transferErrorCount: 10 }, past("drives.transferErrorCount", [7, 0]), ["transfer-errors warning"]],
    ["of the future", { reallocatedCount: 6 }, past("drives.reallocatedCount", [-1, 5]), []],
  ])("%s", (_, changes, points, expected) => {
    expect(states([madeDrive(changes)], {}, points).filter((state) => /growing|transfer/.test(state))).toEqual(expected);
  });

  test("the finding names the counter, by how much it grew, and since when", () => {
    const verdict = judged([madeDrive({ reallocatedCount: 12 })], {}, past("drives.reallocatedCount", [9, 5], [1, 8])).find(
      ({ code }) => code === "errors-growing",
    );
    expect(verdict?.evidence).toMatchObject({ counter: "reallocatedCount", grownBy: 7, days: 9, count: 12 });
  });
});

import { describe, expect, test } from "bun:test";
import type { SnmpValue } from "@hauswart/agent/readers/network.ts";
import { numberOf, textOf } from "./device.ts";
import { problemsOf, supplyOf } from "./printer.ts";
import { errorsPerMinute, ratesOf, secondsBetween, type Reading } from "./rates.ts";

const reading = (upTicks: number | null, atMs: number, counter?: SnmpValue): Reading => ({
  upTicks,
  atMs,
  counters: new Map(counter ? [["c", counter]] : []),
});
const c32 = (value: number): SnmpValue => ({ kind: "counter32", value });
const c64 = (value: bigint): SnmpValue => ({ kind: "counter64", value });

describe("time between two readings", () => {
  test.each<[string, Reading, Reading, number | undefined]>([
    ["by the device's clock", reading(1_000, 0), reading(7_000, 1), 60],
    ["by our clock, when the device has none", reading(null, 0), reading(null, 30_000), 30],
    ["our clock went back", reading(null, 30_000), reading(null, 0), undefined],
    ["the device was restarted", reading(500_000, 0), reading(100, 60_000), undefined],
    ["the device's clock began anew after 497 days", reading(2 ** 32 - 3_000, 0), reading(3_000, 60_000), 60],
    ["no time went by", reading(100, 0), reading(100, 0), undefined],
  ])("%s", (_, before, after, seconds) => expect(secondsBetween(before, after)).toBe(seconds));
});

describe("rates", () => {
  const rate = (before: SnmpValue | undefined, after: SnmpValue | undefined, limit?: number) =>
    ratesOf(reading(0, 0, before), reading(1_000, 10_000, after))("c", limit);
  test.each<[string, SnmpValue | undefined, SnmpValue | undefined, number | null]>([
    ["risen", c32(100), c32(300), 20],
    ["as before", c32(100), c32(100), 0],
    ["wrapped", c32(2 ** 32 - 50), c32(50), 10],
    ["64 bits", c64(2n ** 60n), c64(2n ** 60n + 1_000n), 100],
    ["64 bits set back", c64(1_000n), c64(10n), null],
    ["new", undefined, c32(1), null],
    ["gone", c32(1), undefined, null],
    ["another kind", c32(1), c64(5n), null],
    ["no counter", { kind: "gauge", value: 1 }, { kind: "gauge", value: 5 }, null],
  ])("%s", (_, before, after, expected) => expect(rate(before, after)).toBe(expected));
  test("there is none at first", () => expect(ratesOf(undefined, reading(0, 0, c32(1)))("c")).toBeNull());
  test("what no line can carry is none", () => expect([rate(c32(0), c32(1_000), 99), rate(c32(0), c32(1_000), 100)]).toEqual([null, 100]));
});

describe("errors of an interface", () => {
  const counted = (upTicks: number, counters: Readonly<Record<string, number>>): Reading => ({
    ...reading(upTicks, upTicks * 10),
    counters: new Map(Object.entries(counters).map(([name, value]) => [`${name} eth0`, c32(value)])),
  });
  test.each<[string, Readonly<Record<string, number>>, Readonly<Record<string, number>>, number | null]>([
    ["both ways", { inErrors: 7, outErrors: 0 }, { inErrors: 10, outErrors: 2 }, 5],
    ["one way, where the other is not counted", { inErrors: 7 }, { inErrors: 10 }, 3],
    ["wrapped", { inErrors: 2 ** 32 - 5, outErrors: 3 }, { inErrors: 5, outErrors: 3 }, 10],
    ["set back, because the interface was made anew", { inErrors: 7, outErrors: 0 }, { inErrors: 0, outErrors: 0 }, null],
    ["not counted", {}, {}, null],
  ])("%s", (_, before, after, expected) => {
    // A minute, and a night that the agent's computer slept through.
    expect(errorsPerMinute(counted(0, before), counted(6_000, after), "eth0")).toBe(expected);
    const later = errorsPerMinute(counted(0, before), counted(6_000 * 1_000, after), "eth0");
    expect(later).toBe(expected === null ? null : expected / 1_000);
  });
  test("are not known at first", () => expect(errorsPerMinute(undefined, counted(0, { inErrors: 7 }), "eth0")).toBeNull());
});

test.each<[number | null, number | null, object]>([
  [50, 200, { state: "measured", levelPercent: 25 }],
  [300, 200, { state: "measured", levelPercent: 100 }],
  [0, 200, { state: "measured", levelPercent: 0 }],
  [-3, 200, { state: "some-left", levelPercent: null }],
  [-2, 200, { state: "unknown", levelPercent: null }],
  [50, -2, { state: "unknown", levelPercent: null }],
  [50, 0, { state: "unknown", levelPercent: null }],
  [null, null, { state: "unknown", levelPercent: null }],
])("a supply with level %p of %p", (level, capacity, expected) => {
  expect(supplyOf("Toner", level, capacity)).toEqual({ name: "Toner", ...expected } as never);
});

test.each<[number[], string]>([
  [[], ""],
  [[0x00], ""],
  [[0x80], "low-paper"],
  [[0x44, 0x20], "no-paper, jammed, supply-missing"],
  [
    [0xff, 0xff, 0xff],
    "low-paper, no-paper, low-toner, no-toner, door-open, jammed, offline, service-requested, input-tray-missing, output-tray-missing, supply-missing, output-nearly-full, output-full, input-tray-empty, maintenance-overdue",
  ],
])("bits %p", (bytes, expected) => expect(problemsOf([{ kind: "bytes", value: Uint8Array.from(bytes) }])).toBe(expected));

test("text is text, and bytes that are none are written as numbers", () => {
  expect(textOf({ kind: "bytes", value: Buffer.from("Größe \0") })).toBe("Größe");
  expect(textOf({ kind: "bytes", value: Uint8Array.of(0, 0x1b, 0xff) })).toBe("001bff");
  expect(textOf({ kind: "oid", value: "1.3" })).toBe("1.3");
  expect([numberOf({ kind: "ticks", value: 250 }), numberOf(c64(5n)), numberOf({ kind: "oid", value: "1" }), numberOf(undefined)]).toEqual([
    2.5,
    5,
    null,
    null,
  ]);
});

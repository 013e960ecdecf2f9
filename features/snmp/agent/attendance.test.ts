import { describe, expect, test } from "bun:test";
import { noPowerSupply } from "../protocol/power-supply.ts";
import { rememberedFrom, takeAttendance } from "./attendance.ts";
import type { Sample } from "./device.ts";

const day = 86_400_000;
const port = (name: string): Sample["interfaces"][number] => ({
  name,
  alias: `to ${name}`,
  wanted: "up",
  state: "up",
  megabitCount: 1_000,
  inBitsPerSecond: null,
  outBitsPerSecond: null,
  errorsPerMinute: null,
});
const toner: Sample["supplies"][number] = { name: "Toner", state: "measured", levelPercent: 5 };
const device = (changes: Partial<Sample> = {}): Sample => ({
  target: "192.0.2.7",
  address: "192.0.2.7",
  outcome: "answered",
  problem: "",
  deviceName: "",
  description: "Switch",
  place: "",
  uptimeSeconds: null,
  values: [],
  interfaces: [],
  supplies: [],
  printerProblems: "",
  isPrinter: false,
  ...noPowerSupply,
  ...changes,
});
const everything = { interfaces: true, printer: true, ups: true };

type Look = [onDay: number, sample: Sample, selection?: Partial<typeof everything>];

/** What the sample of the last look says; what is remembered goes through JSON each time, as over a restart. */
function look(...looks: Look[]): Sample {
  let kept: unknown;
  let last = device();
  for (const [onDay, sample, selection] of looks) {
    const told = takeAttendance(sample, { ...everything, ...selection }, rememberedFrom(kept), onDay * day);
    kept = JSON.parse(JSON.stringify(told.remembered));
    last = told.sample;
  }
  return last;
}
const goneOf = (...looks: Look[]) => look(...looks).goneInterfaces?.map(({ name, state }) => `${name} ${state}`);

describe("an interface that the device no longer names", () => {
  const both = device({ interfaces: [port("1"), port("2")] });
  const one = device({ interfaces: [port("1")] });
  test.each<[string, Look[], string[]]>([
    ["there is none at first", [[0, both]], []],
    [
      "is not present",
      [
        [0, both],
        [1, one],
      ],
      ["2 not-present"],
    ],
    [
      "is not present still",
      [
        [0, both],
        [1, one],
        [30, one],
      ],
      ["2 not-present"],
    ],
    [
      "is forgotten in the end",
      [
        [0, both],
        [1, one],
        [31, one],
      ],
      [],
    ],
    [
      "came back",
      [
        [0, both],
        [1, one],
        [2, both],
      ],
      [],
    ],
    [
      "is unknown where none is named",
      [
        [0, both],
        [1, device()],
      ],
      ["1 unknown", "2 unknown"],
    ],
    [
      "is unknown where more are named than are read",
      [
        [0, both],
        [1, device({ interfaces: Array.from({ length: 300 }, (_, index) => port(`x${index}`)) })],
      ],
      ["1 unknown", "2 unknown"],
    ],
    [
      "of another device is nobody's",
      [
        [0, both],
        [1, { ...one, description: "Router" }],
      ],
      [],
    ],
    [
      "of another target is nobody's",
      [
        [0, both],
        [1, { ...one, target: "192.0.2.8" }],
      ],
      [],
    ],
    [
      "of a device that has not said yet what it is",
      [
        [0, both],
        [1, { ...one, description: "" }],
        [2, one],
      ],
      ["2 not-present"],
    ],
    [
      "that nobody wants read is nobody's",
      [
        [0, both],
        [1, device(), { interfaces: false }],
      ],
      [],
    ],
  ])("%s", (_, looks, expected) => expect(goneOf(...looks)).toEqual(expected));
});

test("a card that answers without its power supply, and a printer without its supplies, say nothing of them", () => {
  const before = device({ isUps: true, upsBattery: "low", upsSource: "battery", isPrinter: true, supplies: [toner] });
  expect(look([0, before], [1, device()])).toMatchObject({
    isUps: true,
    upsBattery: "unknown",
    upsSource: "other",
    upsLoadPercent: null,
    isPrinter: true,
    printerProblems: "not-told",
    supplies: [{ name: "Toner", state: "unknown", levelPercent: null }],
  });
  expect(look([0, before], [31, device()])).toMatchObject({ isUps: false, isPrinter: false, supplies: [] });
  expect(look([0, before], [1, device(), { ups: false, printer: false }])).toMatchObject({ isUps: false, isPrinter: false, supplies: [] });
});

test("a cartridge that was changed takes its name with it", () => {
  const changed = device({ isPrinter: true, supplies: [{ ...toner, name: "Toner 2" }] });
  const { supplies } = look([0, device({ isPrinter: true, supplies: [toner] })], [1, changed], [2, device()]);
  expect(supplies.map(({ name }) => name)).toEqual(["Toner 2"]);
});

test("nonsense in memory counts as nothing", () => {
  for (const kept of [undefined, null, 3, [], { interfaces: { a: 1 }, supplies: "x", printerDay: "y", target: 7 }])
    expect(rememberedFrom(kept)).toEqual(rememberedFrom({}));
});

import { describe, expect, test } from "bun:test";
import { rememberedFrom, takeAttendance, type RememberedDrives } from "./attendance.ts";
import { makeDrive, unknownHealth, type Drive, type Place } from "./health.ts";

const day = 86_400_000;
const drive = (name: string, changes: Partial<Drive> = {}) =>
  makeDrive({ drive: name, device: `/dev/${name.toLowerCase()}`, state: "measured", kind: "hard-disk", prediction: "healthy", ...changes });

/** A computer over time; what is remembered goes through JSON each time, as over a restart. */
class Computer {
  private kept: RememberedDrives = {};
  nowMs = 0;
  /** @param places what the system calls drives, by device; of the others only smartctl knows. */
  look(drives: readonly Drive[], places: Readonly<Record<string, Partial<Place>>> = {}, exclude = "") {
    const all = drives.map(
      ({ device, drive: name }) => [device, { systemName: `system ${name}`, isLoose: false, ...places[device] }] as const,
    );
    const answer = takeAttendance({
      drives,
      places: new Map(all.filter(([device]) => !device.includes("["))),
      remembered: rememberedFrom(JSON.parse(JSON.stringify(this.kept))),
      isChosen: ({ drive: name }) => name !== exclude,
      forgetAfterMs: 30 * day,
      nowMs: this.nowMs,
    });
    this.kept = answer.remembered;
    return [...answer.present, ...answer.missing].map(({ drive: name, state }) => `${name} ${state}`);
  }
}

describe("a drive that is gone", () => {
  const [a, b, c] = [drive("A"), drive("B"), drive("C")];
  test("is missing until it is back", () => {
    const computer = new Computer();
    expect(computer.look([a, b])).toEqual(["A measured", "B measured"]);
    expect(computer.look([b])).toEqual(["B measured", "A missing"]);
    expect(computer.look([b])).toEqual(["B measured", "A missing"]);
    expect(computer.look([a, b])).toEqual(["A measured", "B measured"]);
  });
  test("is forgotten after a while, and when nobody wants to know of it", () => {
    const computer = new Computer();
    computer.look([a, b]);
    computer.nowMs = day;
    computer.look([b]);
    computer.nowMs = 31 * day - 1;
    expect(computer.look([b])).toEqual(["B measured", "A missing"]);
    expect(computer.look([b], {}, "A")).toEqual(["B measured"]);
    computer.nowMs = 31 * day;
    expect(computer.look([b])).toEqual(["B measured"]);
  });
  test("is replaced by a new one, first of all by the one in its place", () => {
    const computer = new Computer();
    computer.look([a, b]);
    expect(computer.look([drive("C", { device: b.device })])).toEqual(["C measured", "A missing"]);
    expect(computer.look([drive("C", { device: b.device }), drive("D")])).toEqual(["C measured", "D measured"]);
  });
  test("is not replaced by one that was there all the time", () => {
    const computer = new Computer();
    computer.look([a, b, c]);
    computer.look([b, c]);
    expect(computer.look([c])).toEqual(["C measured", "A missing", "B missing"]);
  });
  test("stands behind a controller now", () => {
    const computer = new Computer();
    computer.look([a, b]);
    const volume = drive("PERC H730", { state: "behind-controller", kind: "unknown" });
    expect(computer.look([volume])).toEqual(["PERC H730 behind-controller"]);
    expect(computer.look([])).toEqual([]);
  });
  test.each<[string, Drive, Partial<Place>, string[]]>([
    ["at USB", a, { isLoose: true }, []],
    ["without a name of its own", drive("/dev/a", { device: "/dev/a" }), {}, []],
    ["that only smartctl saw", drive("A", { device: "/dev/bus/0 [megaraid,1]" }), {}, ["A unreadable"]],
  ])("%s", (_, gone, place, expected) => {
    const computer = new Computer();
    computer.look([gone], { [gone.device]: place });
    expect(computer.look([])).toEqual(expected);
  });
  test("two that call themselves alike are not missed", () => {
    const computer = new Computer();
    computer.look([drive("A", { device: "/dev/1" }), drive("A", { device: "/dev/2" })]);
    expect(computer.look([drive("A", { device: "/dev/1" })])).toEqual(["A measured"]);
  });
});

describe("a drive that says nothing", () => {
  const place = { "/dev/sda": { systemName: "MODEL CUT EUI.0025" } };
  const named = drive("Model in full S123", { device: "/dev/sda", reallocatedCount: 7, temperatureCelsius: 30 });
  const silent = drive("MODEL CUT EUI.0025", { device: "/dev/sda", state: "unreadable", prediction: "not-told" });
  test("keeps the name that it gave itself", () => {
    const computer = new Computer();
    expect(computer.look([silent], place)).toEqual(["MODEL CUT EUI.0025 unreadable"]);
    expect(computer.look([named], place)).toEqual(["Model in full S123 measured"]);
    expect(computer.look([silent], place)).toEqual(["Model in full S123 unreadable"]);
    expect(computer.look([{ ...silent, device: "/dev/sdb" }], { "/dev/sdb": place["/dev/sda"] })).toEqual([
      "Model in full S123 unreadable",
    ]);
  });
  test("and whose device is all that smartctl knows of it, too", () => {
    const computer = new Computer();
    computer.look([drive("A", { device: "/dev/bus/0 [megaraid,1]" })]);
    expect(computer.look([drive("/dev/bus/0 [megaraid,1]", { device: "/dev/bus/0 [megaraid,1]", state: "asleep" })])).toEqual(["A asleep"]);
  });
  test("sleeps with what it said before a restart, except what has changed since", () => {
    const { remembered } = attend([named], {});
    const { present } = attend([{ ...silent, state: "asleep" }], rememberedFrom(JSON.parse(JSON.stringify(remembered))));
    expect(present).toMatchObject([
      { drive: "Model in full S123", state: "asleep", prediction: "healthy", reallocatedCount: 7, temperatureCelsius: null },
    ]);
  });
  const attend = (drives: readonly Drive[], remembered: RememberedDrives) =>
    takeAttendance({
      drives,
      places: new Map([["/dev/sda", { systemName: "MODEL CUT EUI.0025", isLoose: false }]]),
      remembered,
      isChosen: () => true,
      forgetAfterMs: day,
      nowMs: 0,
    });
});

test.each([
  [null],
  ["text"],
  [{ A: null }],
  [{ A: { kind: "hard-disk", standing: "else" } }],
  [{ A: { kind: "tape", standing: "fixed" } }],
])("what was not written like that counts as nothing: %j", (kept) => expect(rememberedFrom(kept)).toEqual({}));

test.each([
  [{ ...unknownHealth, firmware: 1 }],
  [{ ...unknownHealth, kind: "tape" }],
  [{}],
  ["x"],
  [{ ...unknownHealth, pendingCount: "1" }],
])("nor what a drive cannot have said: %j", (said) => {
  expect(rememberedFrom({ A: { kind: "hard-disk", standing: "fixed", said } })["A"]).toMatchObject({ said: null, device: "" });
});

import { describe, expect, test } from "bun:test";
import type { Past, Point } from "@hauswart/protocol/check.ts";
import { diskSpace } from "../protocol.ts";
import { judge } from "./judge.ts";
import { madeVolume, type Volume } from "./testing/made-volume.ts";

type Settings = Parameters<typeof judge>[0]["settings"];

const gigabyte = 1e9;
const day = 86_400_000;
const at = Date.UTC(2026, 10, 21, 12);
const defaults = diskSpace.judgement.parse({});
const noPast: Past = { points: () => [] };

const withFree = (gigabytes: number, of = 100) => madeVolume({ availableBytes: gigabytes * gigabyte, totalBytes: of * gigabyte });

/** The verdicts as "code state". */
const verdicts = (row: Volume, settings: Partial<Settings> = {}, past: Past = noPast) =>
  judge({ sample: { volumes: [row] }, settings: { ...defaults, ...settings }, past, at }).map(({ code, state }) => `${code} ${state}`);

describe("space", () => {
  test.each<[string, Volume, Partial<Settings>, string]>([
    ["half free", withFree(50), {}, "ok"],
    ["exactly the warning's share", withFree(10), {}, "ok"],
    ["one byte below the warning's share", madeVolume({ availableBytes: 10 * gigabyte - 1 }), {}, "warning"],
    ["exactly the failure's share", withFree(5), {}, "warning"],
    ["one byte below the failure's share", madeVolume({ availableBytes: 5 * gigabyte - 1 }), {}, "failure"],
    ["nothing free", withFree(0), {}, "failure"],
    ["everything free", withFree(100), {}, "ok"],
    ["the amount is larger than the share: it counts", withFree(15), { warningBelowBytes: 20 * gigabyte }, "warning"],
    ["the amount is smaller than the share: the share counts", withFree(9), { warningBelowBytes: gigabyte }, "warning"],
    ["exactly the amount", withFree(20), { warningBelowBytes: 20 * gigabyte }, "ok"],
    [
      "by the amount alone, on a large volume",
      withFree(60, 10_000),
      { warningBelowPercent: 0, failureBelowPercent: 0, warningBelowBytes: 50 * gigabyte },
      "ok",
    ],
    [
      "by the amount alone, below it",
      withFree(49, 10_000),
      { warningBelowPercent: 0, failureBelowPercent: 0, warningBelowBytes: 50 * gigabyte },
      "warning",
    ],
    ["both switched off", withFree(0), { warningBelowPercent: 0, failureBelowPercent: 0 }, "ok"],
    ["a warning's threshold below the failure's", withFree(4), { warningBelowPercent: 1 }, "failure"],
    ["not measured", madeVolume({ state: "unreadable", problem: "EIO", totalBytes: null, availableBytes: null }), {}, "unknown"],
    ["measured, it says, but without numbers", madeVolume({ totalBytes: null, availableBytes: null }), {}, "unknown"],
    ["a volume without a size", madeVolume({ totalBytes: 0, availableBytes: 0 }), {}, "unknown"],
    [
      "absent",
      madeVolume({ state: "absent", absentSince: at, totalBytes: null, availableBytes: null, availableInodesPercent: null }),
      {},
      "unknown",
    ],
    ["more available than there is", withFree(200), {}, "ok"],
    ["a volume of a byte", madeVolume({ totalBytes: 1, availableBytes: 0 }), {}, "failure"],
  ])("%s", (_, row, settings, expected) => {
    expect(verdicts(row, settings)).toContain(`low-space ${expected}`);
  });

  test("every volume is judged by itself", () => {
    const sample = { volumes: [withFree(50), { ...withFree(1), mount: "/srv" }] };
    const states = judge({ sample, settings: defaults, past: noPast, at }).filter(({ code }) => code === "low-space");
    expect(states.map(({ subject, state }) => [subject, state])).toEqual([
      ["/", "ok"],
      ["/srv", "failure"],
    ]);
  });

  test("the evidence holds what was compared", () => {
    const [verdict] = judge({
      sample: { volumes: [withFree(4)] },
      settings: { ...defaults, failureBelowBytes: 7 * gigabyte },
      past: noPast,
      at,
    });
    expect(verdict?.evidence).toEqual({
      availableBytes: 4e9,
      totalBytes: 100e9,
      availablePercent: 4,
      warningBelowBytes: 10e9,
      failureBelowBytes: 7e9,
    });
  });
});

test.each<[Volume["state"], string]>([
  ["absent", "absent"],
  ["unreadable", "unreadable"],
])("a volume that is %s is unknown for that reason", (state, reason) => {
  const [verdict] = judge({
    sample: { volumes: [madeVolume({ state, problem: "EIO", totalBytes: null, availableBytes: null })] },
    settings: defaults,
    past: noPast,
    at,
  });
  expect(verdict).toMatchObject({ state: "unknown", evidence: { reason, problem: "EIO" } });
});

describe("inodes", () => {
  test.each<[string, number, string]>([
    ["many", 80, "ok"],
    ["exactly the warning's share", 5, "ok"],
    ["below it", 4.99, "warning"],
    ["exactly the failure's share", 1, "warning"],
    ["none", 0, "failure"],
  ])("%s", (_, availableInodesPercent, expected) => {
    expect(verdicts(madeVolume({ availableInodesPercent }))).toContain(`few-inodes ${expected}`);
  });
  test("are not judged where they are not limited", () => {
    expect(verdicts(madeVolume({ availableInodesPercent: null }))).toEqual(["low-space ok"]);
  });
});

describe("a volume that should be mounted", () => {
  const absent = madeVolume({
    state: "absent",
    absentSince: at - day,
    totalBytes: null,
    availableBytes: null,
    availableInodesPercent: null,
  });
  test.each<[string, Volume, Partial<Settings>, string[]]>([
    ["and is", madeVolume({ expected: true, availableInodesPercent: null }), {}, ["not-mounted ok", "low-space ok"]],
    ["and is not", { ...absent, expected: true }, {}, ["not-mounted failure", "low-space unknown"]],
    [
      "and is not, but nobody wants to know",
      { ...absent, expected: true },
      { reportNotMounted: false },
      ["not-mounted ok", "low-space unknown"],
    ],
    [
      "and does not answer",
      madeVolume({ expected: true, state: "unreadable", problem: "EIO", totalBytes: null, availableBytes: null }),
      {},
      ["not-mounted ok", "low-space unknown"],
    ],
    ["by nobody's word: it is unknown and no failure", absent, {}, ["low-space unknown"]],
  ])("%s", (_, row, settings, expected) => {
    expect(verdicts(row, settings)).toEqual(expected);
  });
});

describe("the forecast", () => {
  /** A point each six hours over so many days, ending before now. */
  const points = (days: number, gigabytesAt: (daysAgo: number) => number): Point[] =>
    Array.from({ length: days * 4 }, (_, index) => {
      const daysAgo = days - index / 4;
      return { at: at - daysAgo * day, value: gigabytesAt(daysAgo) * gigabyte };
    });
  const forecast = (free: number, past: readonly Point[], settings: Partial<Settings> = {}) =>
    verdicts(withFree(free), settings, { points: () => past }).filter((verdict) => verdict.startsWith("filling-up"));

  test.each<[string, number, Point[], string[]]>([
    ["one gigabyte a day, 40 left", 40, points(14, (ago) => 40 + ago), ["filling-up ok"]],
    ["one gigabyte a day, 14 left: exactly the warning's days", 14, points(14, (ago) => 14 + ago), ["filling-up ok"]],
    ["two gigabytes a day, 20 left", 20, points(14, (ago) => 20 + 2 * ago), ["filling-up warning"]],
    ["five gigabytes a day, 12 left", 12, points(14, (ago) => 12 + 5 * ago), ["filling-up failure"]],
    ["five gigabytes a day for four days", 12, points(4, (ago) => 12 + 5 * ago), ["filling-up failure"]],
    ["a pace with noise", 20, points(14, (ago) => 20 + 2 * ago + Math.sin(ago * 40)), ["filling-up warning"]],
    ["one large copy is no trend", 12, points(14, (ago) => (ago > 6 ? 60 : 12)), ["filling-up ok"]],
    ["one large copy at the end is none either", 12, points(14, (ago) => (ago > 0.5 ? 60 : 12)), ["filling-up ok"]],
    ["filling and deleting in turn", 20, points(14, (ago) => 20 + ((ago * 7) % 20)), ["filling-up ok"]],
    ["getting emptier", 60, points(14, (ago) => 60 - ago), ["filling-up ok"]],
    ["nothing changes", 60, points(14, () => 60), ["filling-up ok"]],
    ["hardly anything changes", 60, points(14, (ago) => 60 + ago * 0.05), ["filling-up ok"]],
    ["two days are too short to tell", 12, points(2, (ago) => 12 + 5 * ago), []],
    ["no history", 12, [], []],
    ["a few points over a long time", 12, points(14, (ago) => 12 + 5 * ago).filter((_, index) => index % 10 === 0), []],
    ["all points on one day of many", 12, [...points(14, (ago) => 12 + 5 * ago).slice(0, 16), { at: at - day, value: 20 * gigabyte }], []],
    [
      "points from the future do not count",
      12,
      Array.from({ length: 40 }, (_, index) => ({ at: at + index * day, value: 1e12 - index * 1e10 })),
      [],
    ],
  ])("%s", (_, free, past, expected) => {
    expect(forecast(free, past)).toEqual(expected);
  });

  test("is switched off by its settings", () => {
    expect(
      forecast(
        12,
        points(14, (ago) => 12 + 5 * ago),
        { warningFullWithinDays: 0, failureFullWithinDays: 0 },
      ),
    ).toEqual([]);
  });

  test("may be left to failures alone", () => {
    const settings = { warningFullWithinDays: 0 };
    expect(
      forecast(
        12,
        points(14, (ago) => 12 + 5 * ago),
        settings,
      ),
    ).toEqual(["filling-up failure"]);
    expect(
      forecast(
        20,
        points(14, (ago) => 20 + 2 * ago),
        settings,
      ),
    ).toEqual(["filling-up ok"]);
  });

  test("says how long it lasts and at what pace", () => {
    const past = points(14, (ago) => 20 + 2 * ago);
    const verdict = judge({ sample: { volumes: [withFree(20)] }, settings: defaults, past: { points: () => past }, at }).find(
      ({ code }) => code === "filling-up",
    );
    expect(verdict?.evidence).toMatchObject({ observedDays: 14 });
    expect(verdict?.evidence["daysUntilFull"]).toBeCloseTo(10, 0);
    expect(verdict?.evidence["bytesPerDay"]).toBeCloseTo(2 * gigabyte, -7);
  });
});

import { describe, expect, test } from "bun:test";
import type { CalendarDefinition } from "@hauswart/calendar/definition.ts";
import { WorkingTime } from "@hauswart/calendar/working-time.ts";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { antivirusStatus } from "../protocol.ts";
import { judge } from "./judge.ts";

type Sample = SampleOf<typeof antivirusStatus>;
type Product = Sample["products"][number];
type Settings = Parameters<typeof judge>[0]["settings"];

const hour = 3_600_000;
const at = Date.UTC(2026, 10, 23, 8);
const defaults = antivirusStatus.judgement.parse({});
const mondayToFriday = [1, 2, 3, 4, 5] as const;
const closed = (...dates: string[]) => dates.map((date) => ({ date, name: "Feiertag", spans: [] }));
const germany: CalendarDefinition = {
  timeZone: "Europe/Berlin",
  hours: Object.fromEntries(mondayToFriday.map((day) => [day, [{ from: "09:00", to: "18:00" }]])),
  workingDays: mondayToFriday,
  // Good Friday and Easter Monday, the first of May, Ascension Day, Whit Monday, Christmas, New Year
  holidays: closed("2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25", "2026-12-25", "2026-12-26", "2027-01-01"),
  halfDaysWork: true,
};
const calendar = new WorkingTime(germany);

const product = (changes: Partial<Product> = {}): Product => ({
  product: "Guard",
  state: "active",
  engine: "running",
  realTime: "on",
  signatures: "current",
  signatureVersion: "1.2",
  signatureAt: at - 5 * hour,
  signatureAgeSeconds: 18_000,
  updates: "unknown",
  productVersion: "",
  engineVersion: "",
  tamperProtection: "unknown",
  lastScanAt: null,
  isBuiltIn: false,
  source: "security-center",
  problem: "",
  ...changes,
});

function judged(products: readonly Product[], settings: Partial<Settings> = {}, changes: Partial<Sample> = {}) {
  const sample: Sample = { system: "win32", resumedAt: null, activeCount: 0, products: [...products], ...changes };
  return judge({ sample, settings: { ...defaults, ...settings }, past: { points: () => [] }, at, calendar });
}
const states = (...input: Parameters<typeof judged>) =>
  judged(...input).map(({ code, subject, state }) => `${subject || "-"} ${code} ${state}`);

describe("protection", () => {
  test.each<[string, readonly Product[], Sample["system"], Partial<Settings>, string]>([
    ["one product that protects", [product()], "win32", {}, "ok"],
    ["nothing on Windows", [], "win32", {}, "failure"],
    ["nothing on Windows, and nobody asks for it", [], "win32", { requiredOnWindows: false }, "ok"],
    ["nothing on Linux", [], "linux", {}, "ok"],
    ["nothing on Linux, and it is asked for", [], "linux", { requiredOnLinux: true }, "failure"],
    ["nothing on macOS", [], "darwin", {}, "failure"],
    ["one whose state is not known", [product({ state: "unknown" })], "win32", {}, "unknown"],
    ["one that is off", [product({ state: "off" })], "win32", {}, "failure"],
    ["one that claims it, but its engine does not run", [product({ engine: "not-running" })], "win32", {}, "failure"],
    ["one whose engine is not known", [product({ engine: "unknown" })], "win32", {}, "ok"],
  ])("%s", (_, products, system, settings, expected) => {
    expect(states(products, settings, { system })).toContain(`- not-protected ${expected}`);
  });
});

describe("an engine", () => {
  const other = product({ product: "Other" });
  test.each<[string, readonly Product[], string]>([
    ["runs", [product()], "ok"],
    ["does not run while the product claims to protect", [product({ engine: "not-running" })], "failure"],
    ["does not run, and another one protects", [product({ engine: "not-running" }), other], "failure"],
    ["is off", [product({ state: "off" })], "failure"],
    ["is off, and another one protects", [product({ state: "off" }), other], "warning"],
    ["has no licence any more, and another one protects", [product({ state: "expired" }), other], "warning"],
    ["came with the system and stepped back", [product({ state: "off", isBuiltIn: true }), other], "ok"],
    ["came with the system and is off", [product({ state: "off", isBuiltIn: true })], "failure"],
    ["is paused", [product({ state: "snoozed" })], "failure"],
    ["was left off by an administrator", [product({ state: "on-demand", engine: "not-running" })], "ok"],
    ["is not known", [product({ state: "unknown" })], "unknown"],
  ])("%s", (_, products, expected) => {
    expect(states(products)).toContain(`Guard engine-off ${expected}`);
  });
});

describe("signatures, counted in hours,", () => {
  const inHours = { signatureAgeUnit: "hours" } as const;
  const aged = (hours: number, changes: Partial<Product> = {}) => product({ signatureAt: at - hours * hour, ...changes });
  test.each<[string, Product, Partial<Settings>, string]>([
    ["new", aged(1), {}, "ok"],
    ["exactly as old as the warning", aged(72), {}, "ok"],
    ["a minute older than the warning", aged(72 + 1 / 60), {}, "warning"],
    ["exactly as old as the failure", aged(168), {}, "warning"],
    ["older than the failure", aged(168.1), {}, "failure"],
    ["made in the future: a clock is wrong", aged(-400), {}, "ok"],
    ["old, and nobody wants to know", aged(5_000), { signatureWarningHours: 0, signatureFailureHours: 0 }, "ok"],
    ["old, by the failure alone", aged(100), { signatureWarningHours: 0 }, "ok"],
    ["new by date, outdated by the product's word", aged(1, { signatures: "outdated" }), {}, "warning"],
    ["without a date, current by the product's word", product({ signatureAt: null }), {}, "ok"],
    ["without a date, outdated by the product's word", product({ signatureAt: null, signatures: "outdated" }), {}, "warning"],
    ["without a date and without a word", product({ signatureAt: null, signatures: "not-told" }), {}, "unknown"],
  ])("%s", (_, row, settings, expected) => {
    expect(states([row], { ...inHours, ...settings })).toContain(`Guard signatures-old ${expected}`);
  });

  test.each<[string, Partial<Product>]>([
    ["that do not exist", { signatures: "not-used", signatureAt: null }],
    ["that come at no fixed pace", { signatures: "irregular", signatureAt: 1 }],
  ])("%s are not judged", (_, changes) => {
    expect(states([product(changes)]).join()).not.toContain("signatures-old");
  });

  test("of a product that stands aside are not judged, of one that nobody replaces they are", () => {
    const aside = aged(500, { state: "off", isBuiltIn: true });
    expect(states([aside, product({ product: "Other" })]).join()).not.toContain("Guard signatures-old");
    expect(states([aside])).toContain("Guard signatures-old failure");
  });

  test.each<[string, number | null, string]>([
    ["in the grace after a pause", at - 119 * 60_000, "unknown"],
    ["after it", at - 120 * 60_000, "warning"],
    ["with a pause in the future", at + hour, "warning"],
    ["without a pause", null, "warning"],
  ])("old ones %s", (_, resumedAt, expected) => {
    expect(states([aged(100)], inHours, { resumedAt })).toContain(`Guard signatures-old ${expected}`);
  });

  const justResumed = at - 30 * 60_000;
  test.each<[string, Product, number | null | undefined, string]>([
    ["that were in order before the pause", aged(100), at - 30 * hour, "unknown"],
    ["that were old before the pause", aged(100), at - 20 * hour, "warning"],
    ["that an agent tells of that does not know the pause", aged(100), undefined, "unknown"],
    [
      "by the product's word, since the pause",
      product({ signatureAt: null, signatures: "outdated", wasOutdated: false }),
      at - 20 * hour,
      "unknown",
    ],
    [
      "by the product's word, as before the pause",
      product({ signatureAt: null, signatures: "outdated", wasOutdated: true }),
      at - 20 * hour,
      "warning",
    ],
  ])("old ones %s", (_, row, pausedAt, expected) => {
    const changes = { resumedAt: justResumed, ...(pausedAt !== undefined && { pausedAt }) };
    expect(states([row], inHours, changes)).toContain(`Guard signatures-old ${expected}`);
  });

  test("AV-4 of a computer that is never used for two hours at a time alarm in the end", () => {
    const wednesday = Date.UTC(2026, 10, 4, 8);
    const onDay = (day: number) => {
      const start = wednesday + day * 24 * hour;
      const row = product({ signatureAt: wednesday - 60 * hour });
      const sample: Sample = { system: "win32", resumedAt: start, pausedAt: start - 23 * hour, activeCount: 1, products: [row] };
      const verdicts = judge({ sample, settings: { ...defaults, ...inHours }, past: { points: () => [] }, at: start + hour, calendar });
      return verdicts.find(({ code }) => code === "signatures-old")?.state;
    };
    expect([0, 1, 2].map(onDay)).toEqual(["ok", "unknown", "warning"]);
  });

  test("the finding holds the reason", () => {
    const verdict = judged([aged(100, { updates: "not-running" })], inHours).find(({ code }) => code === "signatures-old");
    expect(verdict?.evidence).toMatchObject({ ageHours: 100, updates: "not-running", signatureAtMs: at - 100 * hour });
  });
});

test.each<[string, readonly Product[], string]>([
  ["one", [product()], "ok"],
  ["two", [product(), product({ product: "Other" })], "warning"],
  ["two, one of which does not watch", [product(), product({ product: "Other", realTime: "off" })], "ok"],
  ["two, one of which is off", [product(), product({ product: "Other", state: "off" })], "ok"],
])("%s at once", (_, products, expected) => {
  expect(states(products)).toContain(`- several-products ${expected}`);
});

test.each<[string, Sample["system"], readonly Product[], string]>([
  ["XProtect and one more on macOS", "darwin", [product({ product: "XProtect", isBuiltIn: true }), product()], "ok"],
  [
    "two beside XProtect",
    "darwin",
    [product({ product: "XProtect", isBuiltIn: true }), product(), product({ product: "Other" })],
    "warning",
  ],
  ["Defender that did not step back", "win32", [product({ product: "Microsoft Defender", isBuiltIn: true }), product()], "warning"],
])("%s at once", (_, system, products, expected) => {
  expect(states(products, {}, { system })).toContain(`- several-products ${expected}`);
});

test("updates of a product that stands aside are nobody's business", () => {
  const aside = product({ state: "off", isBuiltIn: true, updates: "not-running" });
  expect(states([aside, product({ product: "Other" })]).join()).not.toContain("updates-off");
  expect(states([aside])).toContain("Guard updates-off warning");
});

test.each<[string, Product, Partial<Settings>, string[]]>([
  ["updates that run", product({ updates: "running" }), {}, ["Guard updates-off ok"]],
  ["updates that do not run", product({ updates: "not-running" }), {}, ["Guard updates-off warning"]],
  ["tamper protection that nobody asks for", product({ tamperProtection: "off" }), {}, []],
  [
    "tamper protection off",
    product({ tamperProtection: "off" }),
    { requireTamperProtection: true },
    ["Guard tamper-protection-off warning"],
  ],
  ["tamper protection on", product({ tamperProtection: "on" }), { requireTamperProtection: true }, ["Guard tamper-protection-off ok"]],
  ["tamper protection that nobody knows of", product(), { requireTamperProtection: true }, []],
  ["a scan exactly as long ago", product({ lastScanAt: at - 7 * 24 * hour }), { scanOverdueDays: 7 }, ["Guard scan-overdue ok"]],
  ["a scan longer ago", product({ lastScanAt: at - 7 * 24 * hour - 1 }), { scanOverdueDays: 7 }, ["Guard scan-overdue warning"]],
  ["no scan known", product(), { scanOverdueDays: 7 }, []],
])("%s", (_, row, settings, expected) => {
  const own = states([row], settings).filter((state) => /updates-off|tamper|scan/.test(state));
  expect(own).toEqual(expected);
});

/** Moments with their offset. Central European Summer Time in 2026: 29 March 02:00 to 25 October 03:00 (directive 2000/84/EC). */
const moment = (text: string) => Temporal.Instant.from(text).epochMilliseconds;

describe("AV-4 signatures older than two working days", () => {
  const stateAt = (made: string, now: string, settings: Partial<Settings> = {}, working = calendar) => {
    const sample = { system: "win32", resumedAt: null, activeCount: 1, products: [product({ signatureAt: moment(made) })] } as const;
    const input = {
      sample: { ...sample, products: [...sample.products] },
      settings: { ...defaults, ...settings },
      past: { points: () => [] },
    };
    const verdicts = judge({ ...input, at: moment(now), calendar: working });
    const { state, evidence } = verdicts.find(({ code }) => code === "signatures-old")!;
    return `${evidence["ageWorkingDays"]} ${state}`;
  };

  // made, judged, working days and state, why
  test.each<[string, string, string, string]>([
    ["2026-03-02T06:00+01", "2026-03-02T09:00+01", "0 ok", "Monday's on Monday"],
    ["2026-03-02T06:00+01", "2026-03-03T09:00+01", "1 ok", "Monday's on Tuesday"],
    ["2026-03-02T06:00+01", "2026-03-04T23:59+01", "2 ok", "Monday's on Wednesday to its last minute"],
    ["2026-03-02T06:00+01", "2026-03-05T00:00+01", "3 warning", "Monday's from Thursday 00:00"],
    ["2026-03-02T23:59+01", "2026-03-05T00:00+01", "3 warning", "the hour of the making does not matter"],
    ["2026-03-02T06:00+01", "2026-03-09T23:59+01", "5 warning", "Monday's on the next Monday"],
    ["2026-03-02T06:00+01", "2026-03-10T00:00+01", "6 failure", "Monday's on the next Tuesday"],
    ["2026-03-06T18:00+01", "2026-03-07T12:00+01", "0 ok", "Friday's on Saturday"],
    ["2026-03-06T18:00+01", "2026-03-08T23:59+01", "0 ok", "Friday's on Sunday"],
    ["2026-03-06T18:00+01", "2026-03-09T09:00+01", "1 ok", "Friday's on Monday at nine: 63 hours, one working day"],
    ["2026-03-06T18:00+01", "2026-03-10T23:59+01", "2 ok", "Friday's on Tuesday: over 72 hours, two working days"],
    ["2026-03-06T18:00+01", "2026-03-11T00:00+01", "3 warning", "Friday's from Wednesday"],
    ["2026-03-07T10:00+01", "2026-03-10T12:00+01", "2 ok", "Saturday's on Tuesday"],
    ["2026-03-08T10:00+01", "2026-03-11T00:00+01", "3 warning", "Sunday's from Wednesday"],
    ["2026-04-02T18:00+02", "2026-04-07T09:00+02", "1 ok", "Maundy Thursday's on the Tuesday after Easter: 111 hours"],
    ["2026-04-02T18:00+02", "2026-04-08T23:59+02", "2 ok", "Maundy Thursday's on the Wednesday after Easter"],
    ["2026-04-02T18:00+02", "2026-04-09T00:00+02", "3 warning", "Maundy Thursday's from the Thursday after Easter"],
    ["2026-03-27T20:00+01", "2026-04-01T00:00+02", "3 warning", "of the Friday evening a week before Easter, from Wednesday"],
    ["2026-03-27T20:00+01", "2026-03-31T23:59+02", "2 ok", "of the Friday evening a week before Easter, over the change of the clock"],
    ["2026-04-01T20:00+02", "2026-04-06T23:59+02", "1 ok", "Wednesday's on Easter Monday"],
    ["2026-04-03T20:00+02", "2026-04-08T23:59+02", "2 ok", "of the Friday evening of Easter on the Wednesday after it"],
    ["2026-04-03T20:00+02", "2026-04-09T00:00+02", "3 warning", "of the Friday evening of Easter from Thursday"],
    ["2026-04-30T12:00+02", "2026-05-05T23:59+02", "2 ok", "over the first of May, a Friday"],
    ["2026-05-13T12:00+02", "2026-05-18T23:59+02", "2 ok", "over Ascension Day"],
    ["2026-05-13T12:00+02", "2026-05-19T00:00+02", "3 warning", "over Ascension Day, a day later"],
    ["2026-05-22T18:00+02", "2026-05-27T23:59+02", "2 ok", "over Whit Monday"],
    ["2026-12-23T18:00+01", "2026-12-28T23:59+01", "2 ok", "over Christmas: Christmas Eve works"],
    ["2026-12-24T08:00+01", "2026-12-29T23:59+01", "2 ok", "Christmas Eve's on the Tuesday after"],
    ["2026-12-24T08:00+01", "2026-12-30T00:00+01", "3 warning", "Christmas Eve's from the Wednesday after"],
    ["2026-12-30T08:00+01", "2027-01-04T09:00+01", "2 ok", "over New Year"],
    ["2026-12-30T08:00+01", "2027-01-05T00:00+01", "3 warning", "over New Year, a day later"],
    ["2026-10-23T18:00+02", "2026-10-27T23:59+01", "2 ok", "over the day of 25 hours"],
    ["2026-10-23T18:00+02", "2026-10-28T00:00+01", "3 warning", "over the day of 25 hours, a day later"],
    ["2026-03-02T23:30Z", "2026-03-05T22:59Z", "2 ok", "half past midnight here is the next day, whatever UTC says"],
    ["2026-03-02T23:30Z", "2026-03-05T23:00Z", "3 warning", "and ends at midnight here"],
    ["2026-03-12T06:00+01", "2026-03-02T09:00+01", "0 ok", "made in the future: a clock is wrong"],
  ])("made %s, judged %s: %s (%s)", (made, now, expected) => {
    expect(stateAt(made, now)).toBe(expected);
  });

  test("the limits are settings, and 0 is never", () => {
    const [made, now] = ["2026-03-02T06:00+01", "2026-03-04T09:00+01"];
    expect(stateAt(made, now, { signatureWarningWorkingDays: 1 })).toBe("2 warning");
    expect(stateAt(made, now, { signatureWarningWorkingDays: 0, signatureFailureWorkingDays: 1 })).toBe("2 failure");
    expect(stateAt(made, "2026-12-04T09:00+01", { signatureWarningWorkingDays: 0, signatureFailureWorkingDays: 0 })).toEndWith(" ok");
  });

  test("where Saturday is a working day it counts", () => {
    const werktage = new WorkingTime({ ...germany, workingDays: [...mondayToFriday, 6] });
    expect(stateAt("2026-03-06T18:00+01", "2026-03-10T09:00+01", {}, werktage)).toBe("3 warning");
  });

  test("a half holiday counts where half days work, and not where they do not", () => {
    const holidays = [...germany.holidays, { date: "2026-12-24", name: "Heiligabend", spans: [{ from: "09:00", to: "12:00" }] }];
    const [made, now] = ["2026-12-23T18:00+01", "2026-12-29T12:00+01"];
    expect(stateAt(made, now, {}, new WorkingTime({ ...germany, holidays }))).toBe("3 warning");
    expect(stateAt(made, now, {}, new WorkingTime({ ...germany, holidays, halfDaysWork: false }))).toBe("2 ok");
  });

  test("days end where the device stands", () => {
    const tokyo = new WorkingTime({ ...germany, timeZone: "Asia/Tokyo" });
    expect(stateAt("2026-03-02T06:00+09", "2026-03-04T16:00+01", {}, tokyo)).toBe("3 warning");
    expect(stateAt("2026-03-02T06:00+09", "2026-03-04T15:59+01", {}, tokyo)).toBe("2 ok");
  });
});

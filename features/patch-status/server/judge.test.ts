import { describe, expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { patchStatus } from "../protocol.ts";
import { judge } from "./judge.ts";
import { supportEnd } from "./support-periods.ts";

type Sample = SampleOf<typeof patchStatus>;
type Update = Sample["updates"][number];

const day = 86_400_000;
const at = Date.UTC(2026, 10, 22, 10);
const defaults = patchStatus.judgement.parse({});
const update = (changes: Partial<Update> = {}): Update => ({
  name: "openssl",
  installedVersion: "3.0.17-1",
  availableVersion: "3.0.18-1",
  isSecurity: true,
  severity: "unknown",
  state: "available",
  missingSince: at - day,
  needsRestart: null,
  source: "Debian-Security:12/oldstable-security",
  ...changes,
});
const sample = (updates: readonly Update[] = [], changes: Partial<Sample> = {}): Sample => ({
  missingCount: updates.length,
  securityCount: updates.filter(({ isSecurity }) => isSecurity).length,
  unclassifiedCount: 0,
  heldCount: 0,
  method: "apt",
  listsState: "usable",
  listsAgeSeconds: day / 2_000,
  listsRefreshedBy: "schedule",
  securitySource: "present",
  automaticUpdates: "on",
  systemId: "debian",
  systemVersion: "13",
  systemEdition: "",
  updates: [...updates],
  sources: [],
  ...changes,
});
const verdicts = (input: Sample, settings: Partial<typeof defaults> = {}) =>
  judge({ sample: input, settings: { ...defaults, ...settings }, past: { points: () => [] }, at });
const states = (input: Sample, settings: Partial<typeof defaults> = {}): Record<string, string> =>
  Object.fromEntries(verdicts(input, settings).map(({ code, subject, state }) => [subject ? `${code} ${subject}` : code, state]));

const well: Record<string, string> = { "security-missing": "ok", "updates-missing": "ok", "lists-old": "ok", "support-ended": "ok" };

describe("missing updates", () => {
  test.each<[string, Sample, Partial<typeof defaults>, Record<string, string>]>([
    ["nothing missing", sample(), {}, {}],
    ["a security update for a day", sample([update()]), {}, {}],
    ["for exactly the days", sample([update({ missingSince: at - 7 * day })]), {}, {}],
    ["a second longer", sample([update({ missingSince: at - 7 * day - 1_000 })]), {}, { "security-missing": "warning" }],
    ["for two weeks to the second", sample([update({ missingSince: at - 14 * day })]), {}, { "security-missing": "warning" }],
    ["for longer", sample([update({ missingSince: at - 15 * day })]), {}, { "security-missing": "failure" }],
    [
      "for longer, and failures are off",
      sample([update({ missingSince: at - 90 * day })]),
      { securityFailureDays: 0 },
      { "security-missing": "warning" },
    ],
    ["since the future: a clock was set", sample([update({ missingSince: at + 90 * day })]), {}, {}],
    ["another update for weeks", sample([update({ isSecurity: false, missingSince: at - 29 * day })]), {}, {}],
    [
      "another update for more than a month",
      sample([update({ isSecurity: false, missingSince: at - 31 * day })]),
      {},
      { "updates-missing": "warning" },
    ],
    [
      "updates of which nobody says whether they close holes",
      sample([update({ isSecurity: null })]),
      {},
      { "security-missing": "unknown" },
    ],
    ["held back, which counts", sample([update({ state: "held", missingSince: at - 15 * day })]), {}, { "security-missing": "failure" }],
    ["held back, which does not", sample([update({ state: "held", missingSince: at - 15 * day })]), { heldCounts: false }, {}],
    [
      "deferred always counts",
      sample([update({ state: "deferred", missingSince: at - 15 * day })]),
      { heldCounts: false },
      { "security-missing": "failure" },
    ],
  ])("%s", (_, input, settings, expected) => {
    expect(states(input, settings)).toEqual({ ...well, ...expected });
  });

  test("other updates can be left out", () => {
    expect(states(sample(), { otherWarningDays: 0 })).not.toHaveProperty("updates-missing");
  });

  test("the evidence names the oldest, and how many", () => {
    const many = Array.from({ length: 9 }, (_, index) => update({ name: `p${index}`, missingSince: at - (index + 1) * day }));
    expect(verdicts(sample(many))[0]!.evidence).toMatchObject({
      missingUpdates: 9,
      oldestDays: 9,
      names: "p8, p7, p6, p5, p4",
    });
  });
});

describe("nothing is green without fresh lists", () => {
  const unsure = { "security-missing": "unknown", "updates-missing": "unknown" };
  test.each<[string, Partial<Sample>, Record<string, string>]>([
    ["lists of exactly the days", { listsAgeSeconds: (7 * day) / 1_000 }, {}],
    ["older lists", { listsAgeSeconds: (7 * day) / 1_000 + 1 }, { ...unsure, "lists-old": "warning" }],
    ["lists of unknown age", { listsAgeSeconds: null }, { ...unsure, "lists-old": "unknown" }],
    ["no lists", { listsState: "never-fetched", listsAgeSeconds: null }, { ...unsure, "lists-old": "unknown" }],
    ["lists with gaps", { listsState: "incomplete" }, unsure],
    [
      "a source whose list has expired",
      { sources: [{ name: "a", state: "expired", problem: "" }] },
      { ...unsure, "source-unusable a": "warning" },
    ],
    ["no source of security updates", { securitySource: "missing" }, { "security-missing": "unknown" }],
  ])("%s", (_, changes, expected) => {
    expect(states(sample([], changes))).toEqual({ ...well, ...expected });
  });

  test("what was missing then is missing still", () => {
    const input = sample([update({ missingSince: at - 20 * day })], { listsAgeSeconds: (19 * day) / 1_000 });
    expect(states(input)).toMatchObject({ "security-missing": "failure", "lists-old": "warning" });
  });
});

test("sources are judged one by one", () => {
  const source = (name: string, state: Sample["sources"][number]["state"]) => ({ name, state, problem: "" });
  const sources = [source("a", "usable"), source("b", "expired"), source("d", "never-fetched")];
  expect(states(sample([], { sources }))).toMatchObject({
    "source-unusable a": "ok",
    "source-unusable b": "warning",
    "source-unusable d": "unknown",
  });
  expect(Object.keys(states(sample([], { sources }), { reportSources: false }))).toEqual(Object.keys(well));
});

describe("support", () => {
  const of = (systemId: string, systemVersion: string, systemEdition = "") =>
    states(sample([], { systemId, systemVersion, systemEdition }))["support-ended"];
  test.each([
    ["debian", "10", "", "failure"],
    ["debian", "12", "", "ok"],
    ["debian", "14", "", "unknown"],
    ["ubuntu", "20.04", "", "failure"],
    ["ubuntu", "24.04", "", "ok"],
    ["rocky", "9.6", "", "ok"],
    ["centos", "7", "", "failure"],
    ["fedora", "43", "", "warning"],
    ["alpine", "3.20.3", "", "failure"],
    ["sles", "15.7", "", "ok"],
    ["windows", "10.0.19045", "home-pro", "failure"],
    ["windows", "10.0.26200", "home-pro", "ok"],
    ["windows", "10.0.26100", "home-pro", "failure"],
    ["windows", "10.0.26100", "enterprise", "ok"],
    ["windows", "10.0.19044", "long-term", "warning"],
    ["windows", "10.0.26200", "", "unknown"],
    ["windows", "10.0.99999", "enterprise", "unknown"],
    ["windows-server", "10.0.14393", "", "warning"],
    ["windows-server", "6.3.9600", "", "failure"],
    ["windows-server", "10.0.20348", "", "ok"],
    ["macos", "12.7.6", "", "failure"],
    ["macos", "26.1", "", "ok"],
    ["macos", "99.0", "", "unknown"],
    ["plan9", "4", "", "unknown"],
    ["toString", "1", "", "unknown"],
    ["windows", "", "home-pro", "unknown"],
  ])("%s %s %s: %s", (id, version, edition, expected) => {
    expect(of(id, version, edition)).toBe(expected);
  });

  test("lasts to the end of the last day", () => {
    expect(supportEnd("debian", "12", "")).toBe(Date.UTC(2028, 5, 30, 23, 59, 59));
    const end = Date.UTC(2028, 5, 30, 23, 59, 59);
    const last = (moment: number) =>
      judge({
        sample: sample([], { systemVersion: "12" }),
        settings: defaults,
        past: { points: () => [] },
        at: moment,
      }).at(-1)!.state;
    expect([last(end), last(end + 1), last(end - 60 * day), last(end - 60 * day + 1)]).toEqual(["warning", "failure", "ok", "warning"]);
  });
});

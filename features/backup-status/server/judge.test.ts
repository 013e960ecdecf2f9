import { describe, expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { backupStatus } from "../protocol.ts";
import { judge } from "./judge.ts";

type Sample = SampleOf<typeof backupStatus>;
type Job = Sample["jobs"][number];

const hour = 3_600_000;
const at = Date.UTC(2026, 10, 22, 10);
const defaults = backupStatus.judgement.parse({});
const job = (changes: Partial<Job> = {}): Job => ({
  name: "restic /srv",
  program: "restic",
  evidence: "repository",
  result: "success",
  lastRunAt: at - hour,
  lastSuccessAt: at - hour,
  lastPartialAt: null,
  runningSince: null,
  isThere: true,
  problem: "",
  ...changes,
});
const verdicts = (jobs: readonly Job[], settings: Partial<typeof defaults> = {}, programs: Sample["programs"] = []) =>
  judge({
    sample: { jobCount: jobs.length, programs, jobs: [...jobs] },
    settings: { ...defaults, ...settings },
    past: { points: () => [] },
    at,
  });
const states = (...input: Parameters<typeof verdicts>) =>
  Object.fromEntries(verdicts(...input).map(({ code, state }) => [code, state])) as Record<string, string>;
const well = { "jobs-missing": "ok", "too-old": "ok", "run-failed": "ok" };

test.each<[string, Partial<Job>, Partial<typeof defaults>, Record<string, string>]>([
  ["an hour ago", {}, {}, {}],
  ["exactly as old as allowed", { lastSuccessAt: at - 26 * hour }, {}, {}],
  ["a second older", { lastSuccessAt: at - 26 * hour - 1_000 }, {}, { "too-old": "warning" }],
  ["exactly the failure's age", { lastSuccessAt: at - 50 * hour }, {}, { "too-old": "warning" }],
  ["older still", { lastSuccessAt: at - 51 * hour }, {}, { "too-old": "failure" }],
  [
    "older still, of somebody who is not signed in",
    { lastSuccessAt: at - 51 * hour, isThere: false, ownerIsAway: true },
    {},
    { "too-old": "unknown" },
  ],
  [
    "old, of somebody who is signed in and has no backup any more",
    { lastSuccessAt: at - 51 * hour, isThere: false, ownerIsAway: false },
    {},
    { "too-old": "failure" },
  ],
  ["an hour ago, of somebody who is not signed in", { isThere: false, ownerIsAway: true }, {}, {}],
  ["of the future: a clock was set", { lastSuccessAt: at + 90 * hour }, {}, {}],
  ["failed, after a success", { result: "failed", problem: "exit-code 1" }, {}, { "run-failed": "failure" }],
  ["failed, and never a success", { result: "failed", lastSuccessAt: null }, {}, { "run-failed": "failure", "too-old": "unknown" }],
  [
    "nothing is known of it",
    { result: "unknown", lastRunAt: null, lastSuccessAt: null },
    {},
    { "run-failed": "unknown", "too-old": "unknown" },
  ],
  [
    "partial, which does not count",
    { result: "partial", lastPartialAt: at - hour, lastSuccessAt: at - 60 * hour },
    {},
    { "run-failed": "warning", "too-old": "failure" },
  ],
  ["partial, which counts", { result: "partial", lastPartialAt: at - hour, lastSuccessAt: null }, { acceptPartial: true }, {}],
  ["running for a while", { runningSince: at - hour }, {}, { "running-long": "ok" }],
  ["running for exactly a day", { runningSince: at - 24 * hour }, {}, { "running-long": "ok" }],
  ["running for longer", { runningSince: at - 25 * hour }, {}, { "running-long": "warning" }],
  ["running for longer, which nobody minds", { runningSince: at - 250 * hour }, { runningHours: 0 }, {}],
  ["gone, and old", { isThere: false, lastSuccessAt: at - 60 * hour }, {}, { "too-old": "failure" }],
])("%s", (_, changes, settings, expected) => {
  expect(states([job(changes)], settings)).toEqual({ ...well, ...expected });
});

describe("the number of jobs", () => {
  test.each<[string, number, number, string]>([
    ["as expected", 2, 2, "ok"],
    ["more than expected", 3, 2, "ok"],
    ["fewer than expected", 1, 2, "failure"],
    ["none at all is no knowledge", 0, 1, "unknown"],
    ["none, and none expected", 0, 0, "ok"],
  ])("%s", (_, count, expectedJobs, expected) => {
    const jobs = Array.from({ length: count }, (_unused, index) => job({ name: `job ${index}` }));
    expect(verdicts(jobs, { expectedJobs })[0]).toMatchObject({ code: "jobs-missing", state: expected });
  });

  test("says whether a program was found that cannot be read", () => {
    expect(verdicts([])[0]!.evidence).toMatchObject({ reason: "nothing-found" });
    const programs = [{ name: "macrium", evidence: "registry", problem: "is installed" }];
    expect(verdicts([], {}, programs)[0]!.evidence).toMatchObject({ reason: "not-readable", programs: "macrium", problem: "is installed" });
  });
});

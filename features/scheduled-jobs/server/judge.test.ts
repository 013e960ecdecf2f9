import { expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { scheduledJobs } from "../protocol.ts";
import { judge } from "./judge.ts";

type Job = SampleOf<typeof scheduledJobs>["jobs"][number];

const hour = 3_600_000;
const at = Date.UTC(2026, 10, 22, 10);
const defaults = scheduledJobs.judgement.parse({});
const job = (changes: Partial<Job>): Job => ({
  name: "backup.timer",
  scheduler: "systemd-timer",
  state: "waiting",
  result: "success",
  lastRunAt: at - hour,
  lastSuccessAt: at - hour,
  runningSince: null,
  watchedSince: at - 1_000 * hour,
  problem: "",
  ...changes,
});
const well = { "job-not-scheduled": "ok", "job-failed": "ok", "job-overdue": "ok" };

test.each<[string, Partial<Job>, Partial<typeof defaults>, Record<string, string | undefined>]>([
  ["ran with success", {}, {}, {}],
  ["exactly in time", { lastSuccessAt: at - 26 * hour }, {}, {}],
  ["a second too late", { lastSuccessAt: at - 26 * hour - 1_000 }, {}, { "job-overdue": "failure" }],
  ["a success of the future: a clock was set", { lastSuccessAt: at + 90 * hour }, {}, {}],
  ["failed", { result: "failed", problem: "exit-code 1" }, {}, { "job-failed": "failure" }],
  [
    "not run yet, watched for an hour",
    { result: "never", lastRunAt: null, lastSuccessAt: null, watchedSince: at - hour },
    {},
    { "job-failed": "unknown", "job-overdue": "unknown" },
  ],
  [
    "not run yet, watched for longer than it may take",
    { result: "never", lastRunAt: null, lastSuccessAt: null },
    {},
    { "job-failed": "unknown", "job-overdue": "failure" },
  ],
  ["only its start is known", { scheduler: "cron", result: "started" }, {}, { "job-failed": undefined }],
  ["switched off", { state: "inactive" }, {}, { "job-not-scheduled": "warning" }],
  ["switched off, which nobody minds", { state: "inactive" }, { reportInactive: false }, {}],
  ["not there", { state: "missing" }, {}, { "job-not-scheduled": "failure", "job-failed": undefined, "job-overdue": undefined }],
  ["running", { state: "running", runningSince: at - hour }, {}, { "job-running-long": "ok" }],
  ["running for exactly the hours", { state: "running", runningSince: at - 12 * hour }, {}, { "job-running-long": "ok" }],
  ["running for longer", { state: "running", runningSince: at - 13 * hour }, {}, { "job-running-long": "warning" }],
  ["running for longer, which nobody minds", { runningSince: at - 130 * hour }, { runningHours: 0 }, {}],
])("%s", (_, changes, settings, expected) => {
  const verdicts = judge({
    sample: { jobCount: 1, jobs: [job(changes)] },
    settings: { ...defaults, ...settings },
    past: { points: () => [] },
    at,
  });
  const wanted = Object.entries({ ...well, ...expected }).filter(([, state]) => state !== undefined);
  expect<Record<string, string | undefined>>(Object.fromEntries(verdicts.map(({ code, state }) => [code, state]))).toEqual(
    Object.fromEntries(wanted),
  );
});

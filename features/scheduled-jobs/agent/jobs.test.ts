import { describe, expect, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { RegistryValue, WindowsCalls } from "@hauswart/agent/os/windows/calls.ts";
import { madeTaskRun } from "@hauswart/agent/testing/made-task.ts";
import { scheduledJobs } from "../protocol.ts";
import { parseStarts, readCron } from "./cron.linux.ts";
import collectors from "./index.ts";
import { rememberedFrom, tell, type FoundJob } from "./jobs.ts";
import { understand as understandLaunchd } from "./read-jobs.macos.ts";

const now = Date.UTC(2026, 10, 22, 10);
const job = (changes: Partial<FoundJob> = {}): FoundJob => ({
  name: "a.timer",
  scheduler: "systemd-timer",
  state: "waiting",
  result: "success",
  lastRunAt: now - 1_000,
  lastSuccessAt: now - 1_000,
  runningSince: null,
  problem: "",
  ...changes,
});

describe("memory", () => {
  test("keeps the last success over a failure, and the failure while the next run is under way", () => {
    const first = tell([job()], {}, now);
    const failed = tell([job({ result: "failed", lastRunAt: now, lastSuccessAt: null, problem: "signal" })], first.remembered, now);
    expect(failed.sample.jobs[0]).toMatchObject({ result: "failed", lastSuccessAt: now - 1_000, watchedSince: now });
    const running = tell(
      [job({ state: "running", result: "unknown", lastRunAt: null, lastSuccessAt: null, runningSince: now })],
      failed.remembered,
      now + 5,
    );
    expect(running.sample.jobs[0]).toMatchObject({ state: "running", result: "failed", problem: "signal", watchedSince: now });
    expect(rememberedFrom(JSON.parse(JSON.stringify(running.remembered)))).toEqual(running.remembered);
    for (const kept of [undefined, null, 3, { a: null }, { a: { watchedSince: "x" } }, { a: { watchedSince: 1, result: "x" } }])
      expect(rememberedFrom(kept)).toEqual({});
  });

  test("a count that rises is a run; the first count is not", () => {
    const counted = (runs: number, result: FoundJob["result"] = "success") =>
      job({ scheduler: "launchd", lastRunAt: null, lastSuccessAt: null, runs, result });
    const first = tell([counted(3)], {}, now);
    expect(first.sample.jobs[0]).toMatchObject({ result: "success", lastSuccessAt: null });
    const same = tell([counted(3)], first.remembered, now + 5_000);
    expect(same.sample.jobs[0]!.lastSuccessAt).toBeNull();
    const risen = tell([counted(4)], same.remembered, now + 9_000);
    expect(risen.sample.jobs[0]!.lastSuccessAt).toBe(now + 9_000);
    const restarted = tell([counted(1, "failed")], risen.remembered, now + 20_000);
    expect(restarted.sample.jobs[0]).toMatchObject({ result: "failed", lastRunAt: now + 20_000, lastSuccessAt: now + 9_000 });
  });
});

test("cron's lines in the journal", () => {
  const line = (MESSAGE: unknown) => JSON.stringify({ MESSAGE, __REALTIME_TIMESTAMP: "1795322203442000" });
  const output = [
    line("(root) CMD (   cd / && run-parts --report /etc/cron.hourly)"),
    line("(root) RELOAD (crontabs/root)"),
    line([1]),
    "{x",
  ].join("\n");
  expect(parseStarts(output)).toEqual([{ at: 1_795_322_203_442, command: "cd / && run-parts --report /etc/cron.hourly" }]);
});

/** A journal that writes no more than a day of cron's lines at once. */
function journalOfCron(lines: readonly { readonly at: number; readonly command: string }[]) {
  const asked: { readonly since: number; readonly until: number }[] = [];
  const run: Os["run"] = async (_, words) => {
    const moment = (name: string) => Number(words.find((word) => word.startsWith(`--${name}=@`))?.split("@")[1] ?? now / 1_000) * 1_000;
    const [since, until] = [moment("since"), moment("until")];
    asked.push({ since, until });
    if (until - since > 86_400_000) throw new OsError("COLLECT_OUTPUT_TOO_LARGE", "journalctl wrote more than 8388608 bytes");
    const found = lines.filter(({ at }) => at >= since && at <= until);
    const stdout = found.map(({ at, command }) =>
      JSON.stringify({ MESSAGE: `(root) CMD (${command})`, __REALTIME_TIMESTAMP: String(at * 1_000) }),
    );
    return { exitCode: 0, stdout: stdout.join("\n"), stderr: "" };
  };
  return { asked, os: { run } as unknown as Os };
}

test("cron logged more than can be read at once: the last start of each command is found all the same", async () => {
  const dayMs = 86_400_000;
  const { asked, os } = journalOfCron([
    { at: now - 30 * dayMs, command: "monthly" },
    { at: now - 9 * dayMs, command: "nightly" },
    { at: now - 3_600_000, command: "nightly" },
  ]);
  const values = new Map<string, unknown>();
  const startsOf = async (cronCommands: readonly string[], nowMs: number) => {
    const selection = scheduledJobs.selection.parse({ cronCommands });
    const jobs = await readCron({ os, selection, values, nowMs });
    return jobs.map(({ result, lastRunAt }) => [result, lastRunAt]);
  };
  expect(await startsOf(["nightly", "monthly", "yearly"], now)).toEqual([
    ["started", now - 3_600_000],
    ["started", now - 30 * dayMs],
    ["never", null],
  ]);
  expect(await startsOf(["nightly"], now)).toEqual([["started", now - 3_600_000]]);
  expect(asked.at(-1)!.until).toBe(now); // no need to look further back
  await startsOf(["nightly"], now + 900_000);
  expect(asked.at(-1)).toEqual({ since: now, until: now + 900_000 });
});

describe("the Windows Task Scheduler", () => {
  test("tasks are found by path, in any case of letters, and one that is not there is told", async () => {
    const tasks: Record<string, Record<string, RegistryValue>> = {
      "{1}": { Path: "\\Company\\Nightly", DynamicInfo: madeTaskRun(now - 9_000, 0, now - 5_000) },
      "{2}": { Path: "\\Microsoft\\Windows\\Defrag\\ScheduledDefrag", DynamicInfo: madeTaskRun(now - 9_000, 1, null) },
    };
    const registry = {
      keys: async () => Object.keys(tasks),
      value: async (key: string, name: string) => tasks[key.split("\\").at(-1)!]?.[name],
    };
    const os: Partial<Os> = { windows: async () => ({ registry }) as unknown as WindowsCalls };
    const selection = scheduledJobs.selection.parse({ jobs: ["company\\nightly", "\\Microsoft\\*", "\\Gone"] });
    const context = {
      system: "win32" as const,
      selection,
      instance: "",
      os: os as Os,
      signal: new AbortController().signal,
      now: () => now,
    };
    const answer = await collectors[0]!.collect(context, { values: new Map(), kept: {} });
    expect(answer).toMatchObject({
      ok: {
        jobs: [
          { name: "\\Company\\Nightly", result: "success" },
          { name: "\\Gone", state: "missing" },
          { name: "\\Microsoft\\Windows\\Defrag\\ScheduledDefrag", result: "failed" },
        ],
      },
    });
  });
});

test.each<[string, string, Partial<FoundJob>]>([
  [
    "success",
    "\tstate = not running\n\n\truns = 4\n\tlast exit code = 0\n\t\tstate = active\n",
    { state: "waiting", result: "success", runs: 4 },
  ],
  ["failure", "\tstate = not running\n\truns = 4\n\tlast exit code = 78: EX_CONFIG\n", { result: "failed", problem: "exit code 78" }],
  ["running", "\tstate = running\n\truns = 1\n\tlast exit code = (never exited)\n", { state: "running", result: "unknown" }],
  ["never", "\tstate = not running\n\truns = 0\n\tlast exit code = (never exited)\n", { result: "never" }],
  ["nothing", "", { result: "unknown" }],
])("launchd: %s", (_, printed, expected) => {
  expect(understandLaunchd("com.example.sync", printed)).toMatchObject(expected);
});

test("without a choice there is nothing to measure", async () => {
  const context = { system: "linux" as const, instance: "", os: {} as Os, signal: new AbortController().signal, now: () => now };
  const answer = await collectors[0]!.collect(
    { ...context, selection: scheduledJobs.selection.parse({}) },
    { values: new Map(), kept: {} },
  );
  expect(answer).toEqual({ noData: "no-job-chosen" });
});

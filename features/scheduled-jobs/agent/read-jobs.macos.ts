/**
 * Jobs of launchd. It tells how often a job ran and how the last run ended, but not when: that is when the count was first seen to have risen.
 */
import { OsError } from "@hauswart/agent/os/os.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { FoundJob, ReadJobs } from "./jobs.ts";

const jobLimit = 100;

export const readJobs: ReadJobs = async ({ os, selection }) => {
  const { exitCode, stdout, stderr } = await os.run("launchctl", ["list"]);
  if (exitCode !== 0) throw new OsError("COLLECT_UNREADABLE", stderr.trim() || `launchctl ended with ${exitCode}`);
  const labels = parseLabels(stdout).filter((label) => fitsAny(selection.jobs, label));
  const jobs: FoundJob[] = [];
  for (const label of labels.slice(0, jobLimit)) {
    const printed = await os.run("launchctl", ["print", `system/${label}`]);
    jobs.push(understand(label, printed.exitCode === 0 ? printed.stdout : ""));
  }
  const missing = selection.jobs.filter((name) => !name.includes("*") && !labels.includes(name));
  return { ok: [...jobs, ...missing.map((name): FoundJob => ({ ...understand(name, ""), state: "missing" }))] };
};

/** Columns of `launchctl list` are parted by tabs: process, last status, label. */
function parseLabels(output: string): string[] {
  return output
    .split("\n")
    .slice(1)
    .flatMap((line) => line.split("\t")[2] ?? []);
}

/** @param printed output of `launchctl print`, whose lines of the first level begin with one tab */
export function understand(label: string, printed: string): FoundJob {
  const value = (name: string) => new RegExp(`^\\t${name} = (.*)$`, "m").exec(printed)?.[1]?.trim();
  const runs = Number(value("runs"));
  const code = /^-?\d+/.exec(value("last exit code") ?? "")?.[0];
  const isRunning = value("state") === "running";
  const result = code === undefined ? (runs === 0 ? "never" : "unknown") : code === "0" ? "success" : "failed";
  return {
    name: label,
    scheduler: "launchd",
    state: isRunning ? "running" : "waiting",
    result,
    lastRunAt: null,
    lastSuccessAt: null,
    runningSince: null,
    problem: result === "failed" ? `exit code ${code}` : "",
    ...(Number.isInteger(runs) ? { runs } : {}),
  };
}

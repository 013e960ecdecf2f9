/** rsnapshot's configuration and log (rsnapshot(1)), understood. Pure. */
import type { FoundJob } from "./jobs.ts";

export interface RsnapshotConfiguration {
  readonly root: string;
  readonly logFile: string;
  readonly lockFile: string;
  /** The word that makes a backup; the others only move folders. */
  readonly level: string;
}

/** Fields are separated by tabs. undefined when it says not enough to run. */
export function parseConfiguration(text: string): RsnapshotConfiguration | undefined {
  const lines = text.split("\n").filter((line) => !line.startsWith("#"));
  const value = (name: string) =>
    lines
      .map((line) => line.split(/\t+/))
      .find(([field]) => field === name)?.[1]
      ?.trim() ?? "";
  const first = value("retain") || value("interval");
  const root = value("snapshot_root").replace(/\/+$/, "");
  if (root === "" || first === "") return undefined;
  return { root, logFile: value("logfile"), lockFile: value("lockfile"), level: value("sync_first") === "1" ? "sync" : first };
}

/**
 * The last run of a level that has ended, and the last one with success. Lines such as
 * `[2026-11-22T04:30:01] /usr/bin/rsnapshot alpha: completed successfully`; times are local.
 */
export function parseLog(log: string, level: string): Pick<FoundJob, "result" | "lastRunAt" | "lastSuccessAt" | "problem"> {
  let last: Pick<FoundJob, "result" | "lastRunAt" | "problem"> = { result: "unknown", lastRunAt: null, problem: "" };
  let lastSuccessAt: number | null = null;
  let complaint = "";
  for (const [, time, rest] of log.matchAll(/^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[^\]]*\] (.*)$/gm)) {
    const said = /^(?:\S*\/)?rsnapshot (\S+): (.*)$/.exec(rest!);
    if (!said || said[1] !== level) continue;
    const word = said[2]!;
    const at = Date.parse(time!);
    if (word.startsWith("started")) complaint = "";
    else if (word.startsWith("completed successfully")) {
      last = { result: "success", lastRunAt: at, problem: "" };
      lastSuccessAt = at;
    } else if (word.startsWith("completed, but with some warnings"))
      last = { result: "partial", lastRunAt: at, problem: complaint || word };
    else if (word.startsWith("completed, but with some errors")) last = { result: "failed", lastRunAt: at, problem: complaint || word };
    else if (word.startsWith("ERROR: ")) {
      complaint ||= word;
      last = { result: "failed", lastRunAt: at, problem: complaint };
    } else if (word.startsWith("WARNING: ")) complaint ||= word;
  }
  return { ...last, lastSuccessAt };
}

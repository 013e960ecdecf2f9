/** Backups of a Linux computer. Everything is read from files and from systemd; no program is run. */
import type { Os } from "@hauswart/agent/os/os.ts";
import { duplicati } from "./duplicati.ts";
import { nothing, type Adapter, type FoundJob } from "./jobs.ts";
import { borg, restic } from "./repositories.ts";
import { parseConfiguration, parseLog } from "./rsnapshot.ts";
import { services } from "./services.linux.ts";
import { stateFiles } from "./state-files.ts";

const logLimitBytes = 8 * 1024 * 1024;

const rsnapshot: Adapter = {
  program: "rsnapshot",
  async read({ os, nowMs }) {
    const path = "/etc/rsnapshot.conf";
    if (!(await os.fileInfo(path))) return nothing;
    const configuration = parseConfiguration(await os.readFile(path));
    const program = { name: "rsnapshot", evidence: path, problem: "" };
    if (!configuration)
      return { jobs: [], programs: [{ ...program, problem: "Its configuration names no snapshot_root or nothing to retain." }] };
    const { root, logFile, lockFile, level } = configuration;
    const newest = (await os.fileInfo(`${root}/${level === "sync" ? ".sync" : `${level}.0`}`))?.modifiedAtMs ?? null;
    // As it comes with its package it is not set up: no log, no folder, nothing that anybody would call a backup.
    if (newest === null && (logFile === "" || !(await os.fileInfo(logFile)))) {
      return { jobs: [], programs: [{ ...program, problem: `It has never run: ${root} holds no backup.` }] };
    }
    const run = await lastRun(os, logFile, level, newest);
    const lock = lockFile === "" ? undefined : await os.fileInfo(lockFile);
    const runningSince = lock && (await isRunning(os, lockFile)) ? Math.min(lock.modifiedAtMs, nowMs) : null;
    return { jobs: [{ name: `rsnapshot ${root}`, program: "rsnapshot", ...run, runningSince }], programs: [program] };
  },
};

async function lastRun(
  os: Os,
  logFile: string,
  level: string,
  newest: number | null,
): Promise<Omit<FoundJob, "name" | "program" | "runningSince">> {
  const log = logFile === "" ? "" : await os.readFile(logFile, logLimitBytes).catch(() => "");
  const told = parseLog(log, level);
  // A log that was rotated away tells nothing; the newest folder was finished at that time, with success or not.
  if (told.result !== "unknown") return { evidence: "log", ...told };
  return { evidence: "repository", result: "unknown", lastRunAt: newest, lastSuccessAt: null, problem: "There is no log of the last run." };
}

/** The lock file holds the number of the process that made it. */
async function isRunning(os: Os, lockFile: string): Promise<boolean> {
  const processId = (await os.readFile(lockFile).catch(() => "")).trim();
  return /^\d+$/.test(processId) && (await os.fileInfo(`/proc/${processId}`)) !== undefined;
}

export const adapters: readonly Adapter[] = [restic, borg, rsnapshot, duplicati, services, stateFiles];

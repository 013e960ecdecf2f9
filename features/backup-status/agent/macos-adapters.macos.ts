/** Backups of a Mac: Time Machine's own settings, and what the other systems have too. */
import {
  plistArray,
  plistAt,
  plistFlag,
  plistNumber,
  plistText,
  readPropertyList,
  type PlistValue,
} from "@hauswart/agent/os/macos/plist.ts";
import { duplicati } from "./duplicati.ts";
import { nothing, type Adapter, type Findings, type FoundJob } from "./jobs.ts";
import { borg, restic } from "./repositories.ts";
import { stateFiles } from "./state-files.ts";

const preferencesPath = "/Library/Preferences/com.apple.TimeMachine.plist";

/** @param preferences content of com.apple.TimeMachine.plist */
export function understand(preferences: PlistValue): Findings {
  const destinations = plistArray(preferences, "Destinations");
  const jobs = destinations.map((destination, index): FoundJob => {
    const dates = plistArray(destination, "SnapshotDates").flatMap((date) => (date instanceof Date ? [date.getTime()] : []));
    const savedAt = dates.length === 0 ? null : Math.max(...dates);
    const attempt = plistAt(destination, "AttemptDates");
    const attempts = Array.isArray(attempt)
      ? (attempt as readonly PlistValue[]).flatMap((date) => (date instanceof Date ? [date.getTime()] : []))
      : [];
    const code = plistNumber(destination, "RESULT");
    const hasFailed = code !== undefined && code !== 0;
    const attemptedAt = attempts.length === 0 ? null : Math.max(...attempts);
    return {
      name: `Time Machine ${plistText(destination, "LastKnownVolumeName") ?? plistText(destination, "DestinationID") ?? index + 1}`,
      program: "time-machine",
      evidence: "settings",
      result: hasFailed ? "failed" : savedAt === null ? "unknown" : "success",
      lastRunAt: hasFailed && attemptedAt !== null ? Math.max(attemptedAt, savedAt ?? 0) : savedAt,
      lastSuccessAt: savedAt,
      runningSince: null,
      problem: hasFailed ? `RESULT ${code}` : "",
    };
  });
  const isOff = plistFlag(preferences, "AutoBackup") === false;
  const problem = destinations.length === 0 ? "Time Machine has no destination." : isOff ? "Automatic backups are switched off." : "";
  return { jobs, programs: [{ name: "time-machine", evidence: preferencesPath, problem }] };
}

/** macOS lets only those read the file who have full disk access; without it, that is what is told. */
const timeMachine: Adapter = {
  program: "time-machine",
  read: async ({ os }) => ((await os.fileInfo(preferencesPath)) ? understand(await readPropertyList(os, preferencesPath)) : nothing),
};

export const adapters: readonly Adapter[] = [timeMachine, restic, borg, duplicati, stateFiles];

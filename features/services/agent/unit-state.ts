/** What systemd's many states mean for a service. Pure; every case was recorded from a real systemd (testdata). */
import type { Row } from "./service-manager.ts";
import type { ListedUnit } from "./systemd.linux.ts";

/** Properties that change only when unit files do. */
export interface UnitTraits {
  readonly fileState: string;
  readonly type: string;
  /** Units that pull it in: WantedBy and RequiredBy. */
  readonly wantedBy: readonly string[];
  /** Sockets, timers and paths that start it when it is needed. */
  readonly triggeredBy: readonly string[];
}

/** Properties that tell why a service does not run. Times are microseconds of a clock that is never set; 0 = never. */
export interface UnitDetails {
  readonly conditionResult: boolean;
  readonly conditionAt: number;
  readonly activeEnterAt: number;
  readonly activeExitAt: number;
  readonly inactiveEnterAt: number;
  readonly mainExitAt: number;
  /** As waitid(2) says: 1 ended by itself, 2 by a signal, 3 by a signal with a core dump. */
  readonly mainCode: number;
  readonly mainStatus: number;
  readonly result: string;
  /** Unix time in microseconds. */
  readonly stateChangedAt: number;
  /** Whether a unit that starts it on demand is active. */
  readonly hasActiveTrigger: boolean;
}

/** A service that ends with success within this time after its start is a job, not a daemon that went away. */
const jobMicroseconds = 120 * 1_000_000;

const deactivated = new Set(["disabled", "masked", "masked-runtime"]);

/** How the service is started. `isPulledIn`: a unit that is active wants it. */
export function startOf({ fileState }: Pick<UnitTraits, "fileState">, isPulledIn: boolean): Row["start"] {
  if (deactivated.has(fileState)) return "deactivated";
  if (isPulledIn) return "automatic";
  return fileState === "" ? "unknown" : "by-others";
}

/** Whether it starts with the system and is meant to stay. One-off services are meant to end. */
export function isAutomaticDaemon({ type, fileState }: Pick<UnitTraits, "type" | "fileState">, isPulledIn: boolean): boolean {
  return isPulledIn && type !== "oneshot" && !deactivated.has(fileState);
}

/** The state as far as the list alone tells; undefined when it takes the details. */
export function stateFromList({ loadState, activeState, jobType }: ListedUnit): Row["state"] | undefined {
  if (loadState === "not-found") return "missing";
  if (["active", "reloading", "refreshing"].includes(activeState)) return "running";
  if (activeState === "failed") return jobType === "start" || jobType === "restart" ? "starting" : "failed";
  if (activeState === "activating" || jobType === "start" || jobType === "restart") return "starting";
  return activeState === "deactivating" ? "stopping" : undefined;
}

/** The state of a service that is inactive and waits for nothing. */
export function stateFromDetails({ type }: Pick<UnitTraits, "type">, details: UnitDetails): Row["state"] {
  const wasSkipped = !details.conditionResult && details.conditionAt > 0 && details.conditionAt >= details.inactiveEnterAt;
  if (wasSkipped) return "skipped";
  if (type === "oneshot") return "finished";
  const neverRan = details.activeEnterAt === 0;
  if (neverRan || endedByItself(details)) {
    if (details.hasActiveTrigger) return "waiting";
    return !neverRan && details.activeExitAt - details.activeEnterAt < jobMicroseconds ? "finished" : "stopped";
  }
  return "stopped";
}

/**
 * Whether its main process left with success of its own accord. When somebody stops a service, it leaves the active state first
 * and its process ends after that; when the process ends first, nobody asked it to.
 */
function endedByItself({ mainCode, mainStatus, mainExitAt, activeExitAt }: UnitDetails): boolean {
  return mainCode === 1 && mainStatus === 0 && mainExitAt > 0 && mainExitAt <= activeExitAt;
}

/** What went wrong in systemd's words, with the exit code or signal; empty when nothing did. */
export function problemOf({ result, mainStatus }: Pick<UnitDetails, "result" | "mainStatus">): string {
  if (result === "success" || result === "") return "";
  if (result === "exit-code") return `exit-code ${mainStatus}`;
  return result === "signal" || result === "core-dump" ? `${result} ${mainStatus}` : result;
}

/** Whose a folder is, so that a later test process can tell what a killed one left behind. Linux only. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Notes this process as the folder's owner. */
export function noteOwner(folder: string): void {
  writeFileSync(join(folder, "owner"), `${process.pid} ${startTimeOf(process.pid)}`);
}

/** Whether the process that owned the folder has ended. A folder without an owner may have been made this moment, and is not touched. */
export function isAbandoned(folder: string): boolean {
  const file = join(folder, "owner");
  if (!existsSync(file)) return false;
  const [pid = "", startTime = ""] = readFileSync(file, "utf8").split(" ");
  return startTime !== "" && startTimeOf(Number(pid)) !== startTime;
}

/** Field 22 of /proc/PID/stat, which tells a process from a later one with the same id; empty when there is none. */
function startTimeOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

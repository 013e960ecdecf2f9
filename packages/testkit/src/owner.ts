/** Whose a folder is, so that a later test process can tell what a killed one left behind. Linux only. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Notes this process as the folder's owner. */
export function noteOwner(folder: string): void {
  writeFileSync(join(folder, "owner"), `${process.pid} ${startTimeOf(process.pid)}`);
}

/**
 * Makes a folder this process's own when its owner has ended. A folder without an owner may have been made this moment, and is not touched.
 * @returns whether it did: of several processes that try, one does
 */
export function takeOver(folder: string): boolean {
  const [file, taken] = [join(folder, "owner"), join(folder, `owner-${process.pid}`)];
  try {
    const before = readFileSync(file, "utf8");
    if (!hasEnded(before)) return false;
    renameSync(file, taken);
    if (readFileSync(taken, "utf8") === before) {
      noteOwner(folder);
      return true;
    }
    renameSync(taken, file); // another process was first, and this was its note
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return false;
}

function hasEnded(note: string): boolean {
  const [pid = "", startTime = ""] = note.split(" ");
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

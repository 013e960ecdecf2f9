/**
 * Replaces the running executable. Its file is moved aside and not written to: every system lets the file of a running program be
 * renamed, Windows lets it not be overwritten.
 */
import { chmodSync, copyFileSync, existsSync, fsyncSync, closeSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { syncFolder } from "../buffer/files.ts";

/** Where the executable that ran before waits until the new one is confirmed. */
export const previousOf = (executable: string): string => `${executable}.previous`;

/** Where a new executable waits: beside the running one, because other folders may not let programs run. */
const stagedOf = (executable: string): string => `${executable}.update`;

/** Copies a checked file to where it can be run. @returns its path */
export function stageExecutable(executable: string, newFile: string): string {
  const staged = stagedOf(executable);
  copyFileSync(newFile, staged);
  chmodSync(staged, 0o755);
  const descriptor = openSync(staged, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return staged;
}

/** Puts the staged executable in the place of the running one. Cut off anywhere, there is an executable in that place or `restore` puts it there. */
export function replaceExecutable(executable: string): void {
  rmSync(previousOf(executable), { force: true });
  if (process.platform === "win32") renameSync(executable, previousOf(executable));
  else copyFileSync(executable, previousOf(executable));
  renameSync(stagedOf(executable), executable);
  syncFolder(dirname(executable));
}

/** Puts the executable of before back; the one that failed goes aside and is removed once nothing runs from it. */
export function restoreExecutable(executable: string, previous: string): void {
  if (!existsSync(previous)) return;
  const failed = `${executable}.failed`;
  rmSync(failed, { force: true });
  if (existsSync(executable)) renameSync(executable, failed);
  renameSync(previous, executable);
  syncFolder(dirname(executable));
  removeLater(failed);
}

/** Removes what an update left; on Windows not while it runs, then the next start does. */
export function removeLeftovers(executable: string): void {
  for (const path of [previousOf(executable), `${executable}.failed`, stagedOf(executable)]) removeLater(path);
}

function removeLater(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Still in use; it is tried again at the next confirmed start.
  }
}

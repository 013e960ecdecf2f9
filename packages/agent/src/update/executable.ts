/**
 * Replaces the running executable, so that at every moment the service manager finds a whole one, whenever the power is cut.
 * Linux and macOS put a file in the place of another at one stroke, also of a program that runs. Windows moves the file of a running program
 * aside and does not overwrite it: in between, the service is told to run from the copy of before.
 */
import { chmodSync, copyFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { updateFiles, type UpdateFiles } from "./update-files.ts";

/** The executable of this computer: a file of its folder. */
export interface Program {
  /** The folder in which it lies. */
  readonly files: UpdateFiles;
  readonly name: string;
  /**
   * Has the service manager run the service from a file; it is on the disk when this resolves. Set where the file of a program that runs cannot be replaced at one stroke.
   * @param path whole path
   */
  readonly runFrom?: (path: string) => Promise<void>;
}

/** Where the executable that ran before waits until the new one is confirmed. */
export const previousOf = (executable: string): string => `${executable}.previous`;
/** Where a new executable waits: beside the running one, because other folders may not let programs run. */
const stagedOf = (executable: string): string => `${executable}.update`;
/** Where the file of a program goes that may still run. */
const asideOf = (executable: string): string => `${executable}.failed`;

/** @param executable this process's; after a power cut on Windows that is the one of before, in its waiting place */
export function programAt(executable: string, runFrom?: Program["runFrom"]): Program {
  const path = executable.replace(/\.previous$/, "");
  return { files: updateFiles(dirname(path)), name: basename(path), ...(runFrom ? { runFrom } : {}) };
}

/** Copies a checked file to where it can be run; on the disk when this returns. @param newFile whole path @returns its path */
export function stageExecutable({ files, name }: Program, newFile: string): string {
  const staged = stagedOf(name);
  copyFileSync(newFile, files.path(staged));
  chmodSync(files.path(staged), 0o755);
  files.sync(staged);
  return files.path(staged);
}

/** Keeps the running executable as the one of before. @returns its SHA-256 */
export function keepPrevious({ files, name }: Program): string {
  files.keep(name, previousOf(name));
  return files.hash(previousOf(name));
}

/** Puts the staged executable in the place of the running one, once `keepPrevious` has kept that. */
export async function replaceExecutable({ files, name, runFrom }: Program): Promise<void> {
  if (!runFrom) return files.move(stagedOf(name), name);
  await runFrom(files.path(previousOf(name)));
  files.remove(asideOf(name));
  files.move(name, asideOf(name));
  files.move(stagedOf(name), name);
  await runFrom(files.path(name));
}

/**
 * Puts the executable of before back.
 * @param sha256 what it has to be; undefined when that was not written down
 * @returns false when there is none that is whole: the new one stays, which at least runs
 */
export async function restoreExecutable({ files, name, runFrom }: Program, sha256: string | undefined): Promise<boolean> {
  const previous = previousOf(name);
  if (files.size(previous) === 0 || (sha256 !== undefined && files.hash(previous) !== sha256)) return false;
  if (!runFrom) {
    files.move(previous, name);
    return true;
  }
  await runFrom(files.path(previous));
  if (files.size(name) > 0) {
    removeLater(files, asideOf(name));
    files.move(name, asideOf(name));
  }
  files.keep(previous, name);
  await runFrom(files.path(name));
  return true;
}

/** Removes what an update left; on Windows not while it runs, then the next start does. @param executable whole path */
export function removeLeftovers(executable: string): void {
  const { files, name } = programAt(executable);
  for (const left of [previousOf(name), asideOf(name), stagedOf(name)]) removeLater(files, left);
}

function removeLater(files: UpdateFiles, name: string): void {
  try {
    files.remove(name);
  } catch {
    // Still in use; it is tried again at the next confirmed start.
  }
}

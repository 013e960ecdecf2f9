/**
 * One agent per data directory. The lock is a file that names its process; one whose process is gone counts for nothing.
 */
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import type { DataDirectory } from "./data-directory.ts";

const lockName = "running.lock";

/** Another agent works in this directory. */
export class LockedError extends Error {
  override readonly name = "LockedError";
}

/**
 * Takes the lock.
 * @param identify tells a process from a later one of the same number; undefined when there is no such process.
 * @returns a function that gives it back.
 * @throws LockedError
 */
export function lockDirectory(data: DataDirectory, identify: (processId: number) => string | undefined): () => void {
  const path = data.file(lockName);
  const own = `${process.pid} ${identify(process.pid) ?? ""}`;
  for (let attempt = 0; attempt < 3; attempt++) {
    if (create(path, own)) return () => void (read(path) === own && rmSync(path, { force: true }));
    const holder = read(path);
    if (holder === undefined) continue;
    const [processId = "0", ...identity] = holder.split(" ");
    if (holder !== own && identify(Number(processId)) === identity.join(" "))
      throw new LockedError(`Another agent (process ${processId}) works in ${data.path}.`);
    setAside(path, holder);
  }
  throw new LockedError(`The lock ${path} cannot be taken.`);
}

/** Moves a dead process's lock away. Only one of two that try succeeds; who moved a fresh lock instead puts it back. */
function setAside(path: string, holder: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (read(aside) !== holder) renameSync(aside, path);
  else rmSync(aside, { force: true });
}

function create(path: string, text: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    writeSync(descriptor, text);
  } catch (error) {
    // A full disk must not keep the agent from starting: it is what it has to report.
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(descriptor);
  }
  return true;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

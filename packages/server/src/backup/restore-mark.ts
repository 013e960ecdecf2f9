/** A folder into which a backup is being restored bears a mark until it is whole, and no server starts on it before. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BackupError } from "./backup-error.ts";

const markOf = (dataDirectory: string) => join(dataDirectory, "restore-is-unfinished");

export function markUnfinished(dataDirectory: string): void {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o755 });
  writeFileSync(
    markOf(dataDirectory),
    "A backup is being restored into this folder. If nobody does so any more, delete the folder and restore again.\n",
  );
}

export function removeMark(dataDirectory: string): void {
  rmSync(markOf(dataDirectory), { force: true });
}

/** @throws BackupError */
export function refuseUnfinished(dataDirectory: string): void {
  if (existsSync(markOf(dataDirectory)))
    throw new BackupError(`The restore into ${dataDirectory} was not finished. Delete the folder and restore the backup again.`);
}

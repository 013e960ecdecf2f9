/** The agent's program in the place that its service starts it from. */
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { removeLeftovers } from "../update/executable.ts";

const stagedOf = (programPath: string): string => `${programPath}.new`;

/** Copies the program there. Beside its place first, so that a running agent's file is replaced at once and never half. */
export function putProgram(executable: string, programPath: string): void {
  if (executable === programPath) return;
  mkdirSync(dirname(programPath), { recursive: true });
  copyFileSync(executable, stagedOf(programPath));
  chmodSync(stagedOf(programPath), 0o755);
  renameSync(stagedOf(programPath), programPath);
}

/** Removes the program, and what installing and updating it may have left beside it. */
export function removeProgram(programPath: string): void {
  for (const path of [programPath, stagedOf(programPath)]) rmSync(path, { force: true });
  removeLeftovers(programPath);
}

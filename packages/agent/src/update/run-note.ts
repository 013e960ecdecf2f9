/**
 * How the run before ended. `run.json` says that a run has begun and is taken away by an orderly end; `ended.json` is written by the
 * watchdog. What is left of a run whose process is gone says that it ended otherwise.
 */
import type { UpdateFiles } from "./update-files.ts";

const runFile = "run.json";
export const endedFile = "ended.json";

/** `hung`: the watchdog ended it. `ended`: it crashed, was killed, or the power was cut. */
export interface EndedRun {
  readonly reason: "hung" | "ended";
  /** When it hung; when the run that did not end in order had begun. Unix time in milliseconds. */
  readonly atMs: number;
}

/** @returns how the run before ended when it was not in order. */
export function noteRunBegins(files: UpdateFiles, nowMs: number): EndedRun | undefined {
  const ended = parse(files.read(endedFile));
  const before = parse(files.read(runFile));
  files.remove(endedFile);
  files.replace(runFile, JSON.stringify({ atMs: nowMs }));
  if (ended) return { reason: "hung", atMs: ended.atMs };
  return before ? { reason: "ended", atMs: before.atMs } : undefined;
}

export function noteRunEnds(files: UpdateFiles): void {
  files.remove(runFile);
}

function parse(bytes: Uint8Array | undefined): { atMs: number } | undefined {
  if (!bytes) return undefined;
  try {
    const { atMs } = JSON.parse(Buffer.from(bytes).toString()) as { atMs?: unknown };
    return { atMs: typeof atMs === "number" ? atMs : 0 };
  } catch {
    return { atMs: 0 };
  }
}

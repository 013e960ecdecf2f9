/** The log of a service whose system takes no standard error, or does not keep it short (macOS): two files in the agent's own folder, the older one given up when the newer is full. */
import { appendFileSync, renameSync, statSync } from "node:fs";
import type { DataDirectory } from "./state/data-directory.ts";

export const logFileName = "agent.log";
const limitBytes = 1024 * 1024;

/** @returns what takes one line. A line that the disk does not take is lost: nothing else may suffer from it. */
export function logFile(data: DataDirectory, limit = limitBytes): (line: string) => void {
  const path = data.file(logFileName);
  let bytes = sizeOf(path);
  return (line) => {
    try {
      if (bytes > limit) {
        renameSync(path, `${path}.old`);
        bytes = 0;
      }
      const text = `${line}\n`;
      appendFileSync(path, text, { mode: 0o600 });
      bytes += Buffer.byteLength(text);
    } catch {
      bytes = sizeOf(path);
    }
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

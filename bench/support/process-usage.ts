/** CPU time and memory of processes, from Linux' /proc (proc_pid_stat(5), proc_pid_smaps_rollup). */
import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks per second of /proc/PID/stat: 100 on every Linux that Bun runs on (sysconf(_SC_CLK_TCK)). */
const ticksPerSecond = 100;

function statFields(processId: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** Ids of a process and everything below it. */
export function processTree(rootId: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const id = Number(name);
    if (!Number.isInteger(id)) continue;
    const fields = statFields(id);
    if (fields) parents.set(id, Number(fields[1]));
  }
  const found = [rootId];
  for (const id of found) for (const [child, parent] of parents) if (parent === id) found.push(child);
  return found;
}

/** User and system time of one process, its ended children included, seconds. 0 when it is gone. */
export function cpuSecondsOf(processId: number): number {
  const fields = statFields(processId);
  return fields ? [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) / ticksPerSecond : 0;
}

/** The same over a process and everything below it. */
export const cpuSecondsOfTree = (rootId: number) => processTree(rootId).reduce((sum, id) => sum + cpuSecondsOf(id), 0);

/** Resident memory and its anonymous part, bytes. */
export function memoryOf(processId: number): { residentBytes: number; anonymousBytes: number } {
  const text = readFileSync(`/proc/${processId}/smaps_rollup`, "utf8");
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? Number.NaN) * 1_024;
  return { residentBytes: bytes("Rss"), anonymousBytes: bytes("Anonymous") };
}

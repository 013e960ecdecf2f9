import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { readPressure } from "@hauswart/agent/readers/pressure.linux.ts";
import { readEachProcess } from "@hauswart/agent/readers/processes/linux-processes.ts";
import { sharedReading } from "@hauswart/agent/readers/repeat.ts";
import type { MemoryReader, MemoryState, ProcessMemory } from "./memory-state.ts";

/** Reads /proc/meminfo (proc_meminfo(5)); amounts stand in kB of 1,024 bytes. Undefined when a line that is needed is not there. */
export function parseMemInfo(text: string): Omit<MemoryState, "atMs"> | undefined {
  // Looked for by name: six lines of some fifty are wanted, and the agent does this all day without a compiler.
  const lines = `\n${text}`;
  const amount = (name: string) => {
    const start = lines.indexOf(`\n${name}:`);
    const line = start < 0 ? "" : lines.slice(start + name.length + 2, lines.indexOf("\n", start + 1));
    const kilobytes = line.endsWith(" kB") ? Number(line.slice(0, -3)) : Number.NaN;
    return Number.isNaN(kilobytes) ? undefined : kilobytes * 1_024;
  };
  const totalBytes = amount("MemTotal");
  const availableBytes = amount("MemAvailable");
  if (totalBytes === undefined || availableBytes === undefined) return undefined;
  const swapTotalBytes = amount("SwapTotal") ?? 0;
  return {
    totalBytes,
    availableBytes,
    swapTotalBytes,
    // What swap space caches of pages that are in memory again can be given up at once.
    swapUsedBytes: Math.max(0, swapTotalBytes - (amount("SwapFree") ?? 0) - (amount("SwapCached") ?? 0)),
    commitLimitBytes: amount("CommitLimit") ?? 0,
    committedBytes: amount("Committed_AS") ?? 0,
  };
}

/** Reads /proc/PID/status (proc_pid_status(5)). Kernel threads hold no memory of their own. */
export function parseProcessStatus(text: string): ProcessMemory | undefined {
  const name = /^Name:\t(.*)$/m.exec(text)?.[1];
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(text)?.[1];
  return name === undefined || kilobytes === undefined ? undefined : { name, amount: Number(kilobytes) * 1_024 };
}

async function state(os: Os): Promise<MemoryState> {
  const parsed = parseMemInfo(await os.readFile("/proc/meminfo"));
  if (!parsed)
    throw new OsError("COLLECT_UNREADABLE", "/proc/meminfo does not tell MemTotal and MemAvailable.", "does-not-tell: /proc/meminfo");
  return { atMs: performance.now(), ...parsed };
}

/** vm.overcommit_memory: 2 means that the limit is kept (proc_sys_vm(5)). */
const isCommitEnforced = async (os: Os) => (await os.readFile("/proc/sys/vm/overcommit_memory")).trim() === "2";

export const reader: MemoryReader = {
  state: sharedReading(state),
  isCommitEnforced,
  pressureMicroseconds: (os) => readPressure(os, "memory"),
  processes: (os) => readEachProcess(os, "status", parseProcessStatus),
};

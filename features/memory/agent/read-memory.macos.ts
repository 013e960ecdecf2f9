import { macosCalls } from "@hauswart/agent/os/macos/calls.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { sharedReading } from "@hauswart/agent/readers/repeat.ts";
import type { MemoryReader, MemoryState, ProcessMemory } from "./memory-state.ts";

/** Where swap files lie; they grow until this volume is full. */
const swapVolume = "/System/Volumes/VM";

/**
 * Available is what Activity Monitor does not call used: everything but memory of programs that cannot be dropped, wired memory, and
 * what the compressor occupies.
 */
async function state(os: Os): Promise<MemoryState> {
  const calls = await macosCalls(os);
  const totalBytes = calls.sysctlNumber("hw.memsize");
  if (totalBytes === undefined) throw new OsError("COLLECT_UNREADABLE", "hw.memsize is not told", "does-not-tell: hw.memsize");
  const { internalBytes, purgeableBytes, wiredBytes, compressorBytes } = calls.memory();
  const usedBytes = Math.max(0, internalBytes - purgeableBytes) + wiredBytes + compressorBytes;
  return {
    atMs: performance.now(),
    totalBytes,
    availableBytes: Math.max(0, totalBytes - usedBytes),
    swapTotalBytes: await swapTotal(os),
    swapUsedBytes: calls.swapUsedBytes() ?? 0,
    // macOS promises without a limit.
    commitLimitBytes: 0,
    committedBytes: 0,
  };
}

const totals = new WeakMap<Os, number>();

/** The size of the volume that swap files lie on: asked once, it does not change while the system runs. */
async function swapTotal(os: Os): Promise<number> {
  const known = totals.get(os);
  if (known !== undefined) return known;
  const { totalBytes } = await os.fileSystemSize(swapVolume).catch((error: unknown) => {
    if (error instanceof OsError) return { totalBytes: 0 };
    throw error;
  });
  totals.set(os, totalBytes);
  return totalBytes;
}

/** Reads `ps -axo rss=,comm=`: kilobytes and path of the program. */
export function parseProcesses(text: string): ProcessMemory[] {
  return text.split("\n").flatMap((line) => {
    const [, kilobytes, path] = /^\s*(\d+)\s+(.+)$/.exec(line) ?? [];
    return kilobytes && path ? { name: path.slice(path.lastIndexOf("/") + 1), amount: Number(kilobytes) * 1_024 } : [];
  });
}

/** Runs a program, but only while memory is short. */
async function processes(os: Os): Promise<ProcessMemory[]> {
  const { exitCode, stdout, stderr } = await os.run("ps", ["-axo", "rss=,comm="]);
  if (exitCode !== 0) throw new OsError("COLLECT_UNREADABLE", `ps ended with ${exitCode}: ${stderr.trim().slice(0, 200)}`);
  return parseProcesses(stdout);
}

export const reader: MemoryReader = {
  state: sharedReading(state),
  isCommitEnforced: async () => false,
  pressureMicroseconds: async () => undefined,
  processes,
};

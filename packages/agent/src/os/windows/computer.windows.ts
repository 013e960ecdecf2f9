/** Processors, memory, processes, power and sessions: what Windows answers from its own memory at once. */
import type { WindowsMemory, WindowsPower, WindowsProcess, WindowsProcessorTimes } from "./calls.ts";
import { bytesAt, callback, fileTimeMs, lastError, library, wideText, windowsError } from "./library.ts";

/**
 * https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-getsystemtimes, …/sysinfoapi/, …/psapi/, …/tlhelp32/,
 * …/winbase/nf-winbase-getsystempowerstatus, …/nf-winbase-getactiveprocessorcount
 */
const kernel = library("kernel32.dll", {
  GetSystemTimes: ["status", "pointer", "pointer", "pointer"],
  GetActiveProcessorCount: ["u32", "u16"],
  GetTickCount64: ["u64"],
  QueryUnbiasedInterruptTime: ["status", "pointer"],
  GlobalMemoryStatusEx: ["status", "pointer"],
  K32GetPerformanceInfo: ["status", "pointer", "u32"],
  K32EnumPageFilesW: ["status", "address", "pointer"],
  CreateToolhelp32Snapshot: ["handle", "u32", "u32"],
  Process32FirstW: ["status", "handle", "pointer"],
  Process32NextW: ["status", "handle", "pointer"],
  OpenProcess: ["handle", "u32", "status", "u32"],
  GetProcessTimes: ["status", "handle", "pointer", "pointer", "pointer", "pointer"],
  K32GetProcessMemoryInfo: ["status", "handle", "pointer", "u32"],
  CloseHandle: ["status", "handle"],
  GetSystemPowerStatus: ["status", "pointer"],
});

const ticksPerSecond = 10_000_000;
const allProcessorGroups = 0xffff;
const snapshotProcesses = 2;
const queryLimitedInformation = 0x1000;
const invalidHandle = 0xffffffffffffffffn;
/** PROCESSENTRY32W, PROCESS_MEMORY_COUNTERS_EX, MEMORYSTATUSEX and PERFORMANCE_INFORMATION on 64 bits. */
const entryBytes = 568;
const countersBytes = 80;
const statusBytes = 64;
const performanceBytes = 104;

const seconds = (ticks: Buffer, at = 0) => Number(ticks.readBigUInt64LE(at)) / ticksPerSecond;

/** See `WindowsCalls.processorTimes`. Windows counts idle time among the kernel's. */
export function processorTimes(): WindowsProcessorTimes {
  const times = Buffer.alloc(24);
  if (kernel().GetSystemTimes(times.subarray(0, 8), times.subarray(8, 16), times.subarray(16)) === 0)
    throw windowsError("GetSystemTimes", lastError());
  const idleSeconds = seconds(times);
  return {
    processorCount: kernel().GetActiveProcessorCount(allProcessorGroups),
    idleSeconds,
    kernelSeconds: Math.max(0, seconds(times, 8) - idleSeconds),
    userSeconds: seconds(times, 16),
  };
}

/** How long this run of Windows has lasted, sleep included. */
export const uptimeMs = (): number => Number(kernel().GetTickCount64());

/** Sleep since this run of Windows began: what counts on in sleep, less what stands still (…/realtimeapiset/nf-realtimeapiset-queryunbiasedinterrupttime). */
export function asleepMs(): number | undefined {
  const ticks = Buffer.alloc(8);
  if (kernel().QueryUnbiasedInterruptTime(ticks) === 0) return undefined;
  return uptimeMs() - seconds(ticks) * 1_000;
}

/** Pages of all page files, as the callback of EnumPageFiles adds them up. */
const pageFiles = { totalPages: 0, usedPages: 0, callback: 0n };

/** ENUM_PAGE_FILE_INFORMATION: two numbers, then pages in all, in use, in use at most. */
function addPageFile(_context: bigint, information: bigint): number {
  const bytes = bytesAt(BigInt(information), 32);
  pageFiles.totalPages += Number(bytes.readBigUInt64LE(8));
  pageFiles.usedPages += Number(bytes.readBigUInt64LE(16));
  return 1;
}

/** See `WindowsCalls.memory`. */
export function memoryState(): WindowsMemory {
  const status = Buffer.alloc(statusBytes);
  status.writeUInt32LE(statusBytes);
  if (kernel().GlobalMemoryStatusEx(status) === 0) throw windowsError("GlobalMemoryStatusEx", lastError());
  const performance = Buffer.alloc(performanceBytes);
  performance.writeUInt32LE(performanceBytes);
  if (kernel().K32GetPerformanceInfo(performance, performanceBytes) === 0) throw windowsError("GetPerformanceInfo", lastError());
  pageFiles.totalPages = pageFiles.usedPages = 0;
  pageFiles.callback ||= callback(["status", "address", "address", "address"], addPageFile);
  // A computer without page files has none to tell of.
  kernel().K32EnumPageFilesW(pageFiles.callback, null);
  return parseMemory(status, performance, pageFiles);
}

/** Reads MEMORYSTATUSEX (bytes) and PERFORMANCE_INFORMATION (pages). */
export function parseMemory(
  status: Buffer,
  performance: Buffer,
  { totalPages, usedPages }: { readonly totalPages: number; readonly usedPages: number },
): WindowsMemory {
  const pageBytes = Number(performance.readBigUInt64LE(80));
  return {
    totalBytes: Number(status.readBigUInt64LE(8)),
    availableBytes: Number(status.readBigUInt64LE(16)),
    commitLimitBytes: Number(performance.readBigUInt64LE(16)) * pageBytes,
    committedBytes: Number(performance.readBigUInt64LE(8)) * pageBytes,
    pageFileBytes: totalPages * pageBytes,
    pageFileUsedBytes: usedPages * pageBytes,
  };
}

/** When a process began, Unix time in milliseconds, and its processor time; undefined for one that is gone or may not be asked. */
export function processTimes(processId: number): { startedAtMs: number; cpuSeconds: number } | undefined {
  return withProcess(processId, readTimes);
}

function withProcess<Result>(processId: number, work: (process: bigint) => Result): Result | undefined {
  const process = kernel().OpenProcess(queryLimitedInformation, 0, processId);
  if (process === 0n) return undefined;
  try {
    return work(process);
  } finally {
    kernel().CloseHandle(process);
  }
}

function readTimes(process: bigint): { startedAtMs: number; cpuSeconds: number } | undefined {
  const times = Buffer.alloc(32);
  const [created, exited, inKernel, inUser] = [0, 8, 16, 24].map((at) => times.subarray(at, at + 8)) as [Buffer, Buffer, Buffer, Buffer];
  if (kernel().GetProcessTimes(process, created, exited, inKernel, inUser) === 0) return undefined;
  return { startedAtMs: fileTimeMs(created.readBigUInt64LE()), cpuSeconds: seconds(inKernel) + seconds(inUser) };
}

function readMemory(process: bigint): { workingSetBytes: number; privateBytes: number } | undefined {
  const counters = Buffer.alloc(countersBytes);
  counters.writeUInt32LE(countersBytes);
  if (kernel().K32GetProcessMemoryInfo(process, counters, countersBytes) === 0) return undefined;
  return { workingSetBytes: Number(counters.readBigUInt64LE(16)), privateBytes: Number(counters.readBigUInt64LE(72)) };
}

/** Reads PROCESSENTRY32W. */
export function parseProcessEntry(entry: Buffer): Pick<WindowsProcess, "processId" | "parentId" | "name"> {
  return { processId: entry.readUInt32LE(8), parentId: entry.readUInt32LE(32), name: wideText(entry, 44) };
}

/** See `WindowsCalls.processes`. Windows' idle process, number 0, is none. */
export function listProcesses(): WindowsProcess[] {
  const snapshot = kernel().CreateToolhelp32Snapshot(snapshotProcesses, 0);
  if (snapshot === invalidHandle) throw windowsError("CreateToolhelp32Snapshot", lastError());
  const processes: WindowsProcess[] = [];
  try {
    const entry = Buffer.alloc(entryBytes);
    entry.writeUInt32LE(entryBytes);
    for (let more = kernel().Process32FirstW(snapshot, entry); more !== 0; more = kernel().Process32NextW(snapshot, entry)) {
      const named = parseProcessEntry(entry);
      if (named.processId === 0) continue;
      const asked = withProcess(named.processId, (process) => ({ ...readTimes(process), ...readMemory(process) }));
      processes.push({ ...named, startedAtMs: null, cpuSeconds: 0, workingSetBytes: 0, privateBytes: 0, ...asked });
    }
  } finally {
    kernel().CloseHandle(snapshot);
  }
  return processes;
}

/** Reads SYSTEM_POWER_STATUS. */
export function parsePower(status: Buffer): WindowsPower {
  const [line, flags, percent] = [status[0]!, status[1]!, status[2]!];
  const noBattery = 0x80;
  const unknown = 255;
  const battery = flags === unknown ? "not-told" : (flags & noBattery) === 0 ? "present" : "none";
  return {
    isOnline: line === 0 ? false : line === 1 ? true : null,
    battery,
    chargePercent: battery === "present" && percent <= 100 ? percent : null,
  };
}

/** See `WindowsCalls.power`. */
export function powerState(): WindowsPower {
  const status = Buffer.alloc(12);
  if (kernel().GetSystemPowerStatus(status) === 0) throw windowsError("GetSystemPowerStatus", lastError());
  return parsePower(status);
}

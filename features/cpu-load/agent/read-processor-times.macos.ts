import { macosCalls } from "@hauswart/agent/os/macos/calls.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { sharedReading } from "@hauswart/agent/readers/repeat.ts";
import type { ProcessorReader, ProcessorTimes, ProcessTime } from "./processor-times.ts";

/** As host_statistics(HOST_CPU_LOAD_INFO) counts. */
const ticksPerSecond = 100;

async function times(os: Os): Promise<ProcessorTimes> {
  const calls = await macosCalls(os);
  const { user, system, idle, nice } = calls.processorTicks();
  return {
    atMs: performance.now(),
    total: user + system + idle + nice,
    idle,
    // macOS keeps neither.
    inputOutputWait: 0,
    stolen: 0,
    processorCount: calls.sysctlNumber("hw.logicalcpu") ?? 1,
  };
}

/**
 * Reads `ps -axo pid=,lstart=,time=,comm=`: number, start (24 characters), processor time (minutes:seconds with hundredths, hours before
 * them after an hour), path of the program.
 */
export function parseProcesses(text: string): ProcessTime[] {
  return text.split("\n").flatMap((line) => {
    const [, processId, start, time, path] = /^\s*(\d+)\s+(\S.{23})\s+([\d:.-]+)\s+(.+)$/.exec(line) ?? [];
    if (!processId || !start || !time || !path) return [];
    const seconds = secondsOf(time);
    if (seconds === undefined) return [];
    return { key: `${processId} ${start}`, name: path.slice(path.lastIndexOf("/") + 1), used: Math.round(seconds * ticksPerSecond) };
  });
}

function secondsOf(time: string): number | undefined {
  const [, days = "0", rest = ""] = /^(?:(\d+)-)?([\d:.]+)$/.exec(time) ?? [];
  const parts = rest.split(":").map(Number);
  if (rest === "" || parts.length > 3 || parts.some(Number.isNaN)) return undefined;
  return parts.reduce((sum, part) => sum * 60 + part, 0) + Number(days) * 86_400;
}

/** Runs a program, but only while the load is high. */
async function processes(os: Os): Promise<ProcessTime[]> {
  const { exitCode, stdout, stderr } = await os.run("ps", ["-axo", "pid=,lstart=,time=,comm="]);
  if (exitCode !== 0) throw new OsError("COLLECT_UNREADABLE", `ps ended with ${exitCode}: ${stderr.trim().slice(0, 200)}`);
  return parseProcesses(stdout);
}

export const reader: ProcessorReader = { times: sharedReading(times), pressureMicroseconds: async () => undefined, processes };

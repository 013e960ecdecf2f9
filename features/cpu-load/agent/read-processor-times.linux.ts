import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { readPressure } from "@hauswart/agent/readers/pressure.linux.ts";
import { readEachProcess } from "@hauswart/agent/readers/processes/linux-processes.ts";
import { sharedReading } from "@hauswart/agent/readers/repeat.ts";
import type { ProcessorReader, ProcessorTimes, ProcessTime } from "./processor-times.ts";

/** Reads /proc/stat (proc_stat(5)). Undefined when it is not what it should be. */
export function parseStat(text: string): Omit<ProcessorTimes, "atMs"> | undefined {
  // The processors come first; the counters of every interrupt after them are long.
  const [first = "", ...others] = text
    .slice(0, /^(?!cpu)/m.exec(text)?.index)
    .trimEnd()
    .split("\n");
  const line = first.startsWith("cpu ") ? first.slice(3).trimStart() : undefined;
  // user nice system idle iowait irq softirq steal; what follows is contained in user and nice.
  const ticks = line?.split(" ").slice(0, 8).map(Number);
  if (!ticks || ticks.length < 8 || ticks.some((tick) => !Number.isFinite(tick))) return undefined;
  return {
    total: ticks.reduce((sum, tick) => sum + tick, 0),
    idle: ticks[3]!,
    inputOutputWait: ticks[4]!,
    stolen: ticks[7]!,
    processorCount: others.length,
  };
}

/** Reads /proc/PID/stat (proc_pid_stat(5)). The name stands in brackets and may hold brackets and blanks itself. */
export function parseProcessStat(text: string, processId: number): ProcessTime | undefined {
  const nameEnd = text.lastIndexOf(")");
  const name = text.slice(text.indexOf("(") + 1, nameEnd);
  const rest = text.slice(nameEnd + 2).split(" ");
  const used = Number(rest[11]) + Number(rest[12]);
  return nameEnd < 0 || Number.isNaN(used) ? undefined : { key: `${processId} ${rest[19]}`, name, used };
}

async function times(os: Os): Promise<ProcessorTimes> {
  const parsed = parseStat(await os.readFile("/proc/stat"));
  if (!parsed) throw new OsError("COLLECT_UNREADABLE", "/proc/stat does not have the expected form.", "does-not-tell: /proc/stat");
  return { atMs: performance.now(), ...parsed };
}

export const reader: ProcessorReader = {
  times: sharedReading(times),
  pressureMicroseconds: (os) => readPressure(os, "cpu"),
  processes: (os) => readEachProcess(os, "stat", parseProcessStat),
};

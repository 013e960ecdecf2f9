/** The time between two measurements: looks at the counters in between find the peak and the moment to look at processes. */
import { largestPrograms } from "@hauswart/agent/readers/processes/largest-programs.ts";
import type { ProcessorTimes, ProcessTime } from "./processor-times.ts";

/** Shorter windows would be snapshots: those before are added. */
const leastWindowMs = 30_000;
const namedPrograms = 5;

export interface Load {
  readonly averagePercent: number;
  readonly inputOutputWaitPercent: number;
  readonly stolenPercent: number;
  readonly measuredSeconds: number;
}

export interface WholeLoad extends Load {
  readonly peakPercent: number;
  readonly pressurePercent: number | null;
}

/** A tenth of a percent is more than anybody reads, and numbers with few digits pack well. */
const percent = (part: number, whole: number) => (whole > 0 ? Math.min(100, Math.max(0, Math.round((part / whole) * 1_000) / 10)) : 0);

/** What happened between two readings. Stolen time counts as busy: the computer wanted to work and could not. */
export function loadBetween(from: ProcessorTimes, to: ProcessorTimes): Load {
  const total = to.total - from.total;
  const waited = Math.max(0, to.inputOutputWait - from.inputOutputWait);
  const idle = Math.max(0, to.idle - from.idle) + waited;
  return {
    averagePercent: percent(total - idle, total),
    inputOutputWaitPercent: percent(waited, total),
    stolenPercent: percent(to.stolen - from.stolen, total),
    measuredSeconds: Math.max(0, Math.round((to.atMs - from.atMs) / 100) / 10),
  };
}

interface Part {
  readonly start: ProcessorTimes;
  readonly startPressure: number | undefined;
  peakPercent: number;
}

export interface ProcessBaseline {
  readonly times: ProcessorTimes;
  readonly processes: readonly ProcessTime[];
}

export class LoadWindow {
  /** Windows before this one, as far as they are needed to make it long enough. */
  #parts: Part[] = [];
  #current: Part;
  #last: ProcessorTimes;
  /** Processes as they were when the load first became high in this window. */
  baseline: ProcessBaseline | undefined;

  /** @param pressureMicroseconds at that moment; undefined where the system does not tell. */
  constructor(first: ProcessorTimes, pressureMicroseconds: number | undefined) {
    this.#current = { start: first, startPressure: pressureMicroseconds, peakPercent: 0 };
    this.#last = first;
  }

  /** When the time that `close` would speak of began, by the readings' clock. */
  get startMs(): number {
    return (this.#parts[0] ?? this.#current).start.atMs;
  }

  /** Takes a look in. @returns the load since the look before. */
  look(times: ProcessorTimes): Load {
    const load = loadBetween(this.#last, times);
    this.#last = times;
    this.#current.peakPercent = Math.max(this.#current.peakPercent, load.averagePercent);
    return load;
  }

  /** Ends the window with the last look, and begins the next one there. */
  close(pressureMicroseconds: number | undefined): WholeLoad {
    const parts = [...this.#parts, this.#current];
    while (parts[1] && this.#last.atMs - parts[1].start.atMs >= leastWindowMs) parts.shift();
    this.#parts = parts;
    this.#current = { start: this.#last, startPressure: pressureMicroseconds, peakPercent: 0 };
    this.baseline = undefined;
    const { start, startPressure } = parts[0]!;
    const load = loadBetween(start, this.#last);
    const isTold = startPressure !== undefined && pressureMicroseconds !== undefined;
    return {
      ...load,
      peakPercent: Math.max(load.averagePercent, ...parts.map(({ peakPercent }) => peakPercent)),
      pressurePercent: isTold ? percent(pressureMicroseconds - startPressure, (this.#last.atMs - start.atMs) * 1_000) : null,
    };
  }
}

export interface BusyProgram {
  readonly name: string;
  readonly processCount: number;
  readonly percent: number;
}

/** Programs that used most processor time since the baseline. Processes that began since then count with all they used. */
export function busiestPrograms(baseline: ProcessBaseline, now: ProcessBaseline): BusyProgram[] {
  const before = new Map(baseline.processes.map(({ key, used }) => [key, used]));
  const total = now.times.total - baseline.times.total;
  const used = now.processes.map(({ key, name, used }) => ({ name, amount: Math.max(0, used - (before.get(key) ?? 0)) }));
  return largestPrograms(used, namedPrograms)
    .map(({ name, processCount, amount }) => ({ name, processCount, percent: percent(amount, total) }))
    .filter((program) => program.percent > 0);
}

/**
 * What the processors did, as counters since the start of the computer. What each system has to supply: `ProcessorReader`.
 * Differences of two readings are exact averages, however far apart they lie.
 */
import type { Os } from "@hauswart/agent/os/os.ts";

export interface ProcessorTimes {
  /** By a clock that is never set, milliseconds. */
  readonly atMs: number;
  /** Time of all processors together, in any unit that is the same for all four. */
  readonly total: number;
  readonly idle: number;
  readonly inputOutputWait: number;
  readonly stolen: number;
  readonly processorCount: number;
}

/** Processor time of one process, in the unit of ProcessorTimes.total. */
export interface ProcessTime {
  /** Tells the process apart from a later one with the same number. */
  readonly key: string;
  readonly name: string;
  readonly used: number;
}

export interface ProcessorReader {
  times(os: Os): Promise<ProcessorTimes>;
  /** Time in which something waited for a processor, microseconds since the start of the computer; undefined where the system does not tell. */
  pressureMicroseconds(os: Os): Promise<number | undefined>;
  processes(os: Os): Promise<ProcessTime[]>;
}

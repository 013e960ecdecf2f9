/** How much memory there is at one moment. What each system has to supply: `MemoryReader`. */
import type { Os } from "@hauswart/agent/os/os.ts";

export interface MemoryState {
  /** By a clock that is never set, milliseconds. */
  readonly atMs: number;
  readonly totalBytes: number;
  readonly availableBytes: number;
  readonly swapTotalBytes: number;
  readonly swapUsedBytes: number;
  readonly commitLimitBytes: number;
  readonly committedBytes: number;
}

export interface ProcessMemory {
  readonly name: string;
  /** Held by this process alone. */
  readonly amount: number;
}

export interface MemoryReader {
  state(os: Os): Promise<MemoryState>;
  /** Time in which something waited for memory, microseconds since the start of the computer; undefined where the system does not tell. */
  pressureMicroseconds(os: Os): Promise<number | undefined>;
  /** Whether the system refuses to promise more memory than its limit. */
  isCommitEnforced(os: Os): Promise<boolean>;
  processes(os: Os): Promise<ProcessMemory[]>;
}

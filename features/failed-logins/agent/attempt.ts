/** A sign-in, as any system tells of it. */
import type { NoDataCodeOf } from "@hauswart/protocol/check.ts";
import type { Memory } from "@hauswart/agent/collector.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { failedLogins } from "../protocol.ts";

export interface Attempt {
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly outcome: "failed" | "succeeded" | "locked";
  /** Empty when the record names none. */
  readonly account: string;
  /** False when the system says that there is no such account. */
  readonly exists: boolean;
  /** Address or name of the other computer; empty for this one. */
  readonly source: string;
  readonly service: string;
  /** Of how many attempts the record tells. */
  readonly count: number;
}

export interface Successes {
  readonly attempts: readonly Attempt[];
  readonly unreadCount: number;
}

export interface AttemptReading {
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  readonly unreadCount: number;
  readonly bookmark: unknown;
  readonly problem: string;
  /** What this system never tells of; left out where it tells of all. */
  readonly unmeasured?: "screen";
  /** Sign-ins that worked, where they are too many to read them all: of these accounts, since the last reading. */
  readonly successesOf?: (accounts: readonly string[]) => Promise<Successes>;
}

export interface AttemptRequest {
  readonly os: Os;
  readonly bookmark: unknown;
  readonly sinceMs: number;
  readonly nowMs: number;
  readonly memory: Memory;
  readonly signal: AbortSignal;
}

export type ReadAttempts = (request: AttemptRequest) => Promise<Collected<AttemptReading, NoDataCodeOf<typeof failedLogins>>>;

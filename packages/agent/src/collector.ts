/**
 * What a feature's agent part is: it reads, and says what came of it. It never decides whether a value is good.
 */
import type { AnyCheck, NoDataCodeOf, SampleOf, SelectionOf, SystemName } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { Os } from "./os/os.ts";

export interface CollectContext<Check extends AnyCheck> {
  readonly system: SystemName;
  /** What to read; parsed, defaults filled in. */
  readonly selection: SelectionOf<Check>;
  readonly instance: string;
  /** The only door to processes, files of the system, FFI and sockets. */
  readonly os: Os;
  /** Ends when the measurement takes too long. */
  readonly signal: AbortSignal;
  /** A person only wants to see what would be sent: read, and change nothing on the computer. What is kept is not saved then. */
  readonly onlyLook?: boolean;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** Runs between measurements: samples a counter every few seconds, listens for events. Made when the instance is configured. */
export interface Watcher {
  stop(): void;
}

export interface Collector<Check extends AnyCheck = AnyCheck> {
  readonly check: Check["id"];
  readonly version: number;
  /** It makes native calls (bun:ffi) in the agent's own process. On Linux the agent runs without them until such a check is configured. */
  readonly callsNatively?: true;
  /** One measurement. Must not throw for what is to be expected; what it throws all the same becomes COLLECT_BROKEN. */
  collect(context: CollectContext<Check>, memory: Memory): Promise<Collected<SampleOf<Check>, NoDataCodeOf<Check>>>;
  /**
   * Optional: starts what has to run between measurements; `changed` asks the host to measure this instance at once
   * (a service stopped), the host merges bursts.
   */
  watch?(context: Omit<CollectContext<Check>, "signal">, memory: Memory, changed: () => void): Promise<Watcher>;
}

/**
 * A collector's own memory of one instance. `values` lives as long as the process; `kept` survives restarts of the agent
 * (small JSON, saved by the host after each measurement): restart counters, bookmarks.
 */
export interface Memory {
  readonly values: Map<string, unknown>;
  readonly kept: Record<string, unknown>;
}

/** Says what a collector is, with the types of its check. */
export function collector<Check extends AnyCheck>(definition: Collector<Check>): Collector<Check> {
  return definition;
}

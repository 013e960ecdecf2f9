/** The clock of simulated agents that live through hours in seconds: it stands still until it is moved. */
import type { Clock } from "@hauswart/agent/clock.ts";

export interface ManualAgentClock extends Clock {
  /** Moves the clock to this Unix time in milliseconds, and calls what has become due by then, in its order. */
  moveTo(nowMs: number): void;
}

/**
 * A link's patience with its server goes by `monotonic`, which is the real one: the bytes between the two take real time.
 * @param startMs Unix time in milliseconds.
 */
export function manualAgentClock(startMs: number): ManualAgentClock {
  let nowMs = startMs;
  const waiting = new Set<{ readonly atMs: number; readonly work: () => void }>();
  return {
    now: () => nowMs,
    monotonic: () => performance.now(),
    after(delayMs, work) {
      const entry = { atMs: nowMs + delayMs, work };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    moveTo(nextMs) {
      nowMs = nextMs;
      const due = [...waiting].filter(({ atMs }) => atMs <= nextMs).toSorted((one, other) => one.atMs - other.atMs);
      for (const entry of due) if (waiting.delete(entry)) entry.work();
    },
  };
}

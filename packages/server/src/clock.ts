/** Time, as a thing that is handed in, so that tests can hold it still. */
import type { Clock } from "./services.ts";

/** The computer's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still until it is moved. For tests. */
export interface ManualClock extends Clock {
  /** Moves the clock on by so many milliseconds. */
  advance(milliseconds: number): void;
  /** Sets the clock to this Unix time in milliseconds. */
  set(now: number): void;
}

/** @param start Unix time in milliseconds. */
export function manualClock(start: number): ManualClock {
  let now = start;
  return {
    now: () => now,
    advance: (milliseconds) => void (now += milliseconds),
    set: (next) => void (now = next),
  };
}

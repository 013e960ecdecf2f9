/** The time between two measurements: what is looked at in between is averaged, weighted by time. */
import type { MemoryState } from "./memory-state.ts";

/** Shorter windows would be snapshots: those before are added. */
const leastWindowMs = 30_000;

type Averaged = "availableBytes" | "swapUsedBytes" | "committedBytes";
const averaged: readonly Averaged[] = ["availableBytes", "swapUsedBytes", "committedBytes"];

interface Part {
  readonly startMs: number;
  readonly startPressure: number | undefined;
  /** Bytes times milliseconds. */
  readonly sums: Record<Averaged, number>;
  lowestAvailableBytes: number;
}

export interface MemoryAverage extends Readonly<Record<Averaged, number>> {
  readonly lowestAvailableBytes: number;
  readonly pressurePercent: number | null;
  readonly measuredSeconds: number;
}

const newPart = ({ atMs, availableBytes }: MemoryState, startPressure: number | undefined): Part => ({
  startMs: atMs,
  startPressure,
  sums: { availableBytes: 0, swapUsedBytes: 0, committedBytes: 0 },
  lowestAvailableBytes: availableBytes,
});

export class MemoryWindow {
  /** Windows before this one, as far as they are needed to make it long enough. */
  #parts: Part[] = [];
  #current: Part;
  #last: MemoryState;

  constructor(first: MemoryState, pressureMicroseconds: number | undefined) {
    this.#current = newPart(first, pressureMicroseconds);
    this.#last = first;
  }

  /** When the time that `close` would speak of began, by the readings' clock. */
  get startMs(): number {
    return (this.#parts[0] ?? this.#current).startMs;
  }

  /** Takes a look in. Between two looks the amounts count as having changed evenly. */
  look(state: MemoryState): void {
    const passedMs = Math.max(0, state.atMs - this.#last.atMs);
    for (const name of averaged) this.#current.sums[name] += ((this.#last[name] + state[name]) / 2) * passedMs;
    this.#current.lowestAvailableBytes = Math.min(this.#current.lowestAvailableBytes, state.availableBytes);
    this.#last = state;
  }

  /** Ends the window with the last look, and begins the next one there. */
  close(pressureMicroseconds: number | undefined): MemoryAverage {
    const parts = [...this.#parts, this.#current];
    while (parts[1] && this.#last.atMs - parts[1].startMs >= leastWindowMs) parts.shift();
    this.#parts = parts;
    this.#current = newPart(this.#last, pressureMicroseconds);
    const passedMs = this.#last.atMs - parts[0]!.startMs;
    const average = (name: Averaged) =>
      passedMs > 0 ? Math.round(parts.reduce((sum, part) => sum + part.sums[name], 0) / passedMs) : this.#last[name];
    return {
      availableBytes: average("availableBytes"),
      swapUsedBytes: average("swapUsedBytes"),
      committedBytes: average("committedBytes"),
      lowestAvailableBytes: Math.min(...parts.map(({ lowestAvailableBytes }) => lowestAvailableBytes)),
      pressurePercent: pressurePercent(parts[0]!.startPressure, pressureMicroseconds, passedMs),
      measuredSeconds: Math.round(passedMs / 100) / 10,
    };
  }
}

function pressurePercent(from: number | undefined, to: number | undefined, passedMs: number): number | null {
  if (from === undefined || to === undefined || passedMs <= 0) return null;
  return Math.min(100, Math.max(0, Math.round((to - from) / passedMs) / 10));
}

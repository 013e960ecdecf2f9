/** For tests: time that stands still until it is moved. */
import type { Clock } from "../clock.ts";

export class FakeClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  #timers: { atMs: number; work: () => void }[] = [];

  constructor(wallMs = Date.UTC(2026, 0, 5, 12)) {
    this.#wallMs = wallMs;
  }

  now = (): number => this.#wallMs;
  monotonic = (): number => this.#monotonicMs;

  after = (delayMs: number, work: () => void): (() => void) => {
    const timer = { atMs: this.#monotonicMs + delayMs, work };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  };

  /** Sets the computer's clock, as a person or a time service would; timers do not notice. */
  setWall(wallMs: number): void {
    this.#wallMs = wallMs;
  }

  /** Milliseconds until the next timer; undefined when there is none. */
  get nextTimerMs(): number | undefined {
    const next = Math.min(...this.#timers.map((timer) => timer.atMs));
    return Number.isFinite(next) ? Math.max(0, next - this.#monotonicMs) : undefined;
  }

  /** Moves time, works off what falls due, and lets promises settle after each. */
  async advance(milliseconds: number): Promise<void> {
    const endMs = this.#monotonicMs + milliseconds;
    for (;;) {
      await settle();
      const due = this.#timers.filter((timer) => timer.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#move(Math.max(due.atMs, this.#monotonicMs));
      due.work();
    }
    this.#move(endMs);
    await settle();
  }

  #move(toMs: number): void {
    this.#wallMs += toMs - this.#monotonicMs;
    this.#monotonicMs = toMs;
  }
}

/** Lets promises settle that wait for nothing but each other. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) await new Promise((resolve) => setTimeout(resolve, 0));
}

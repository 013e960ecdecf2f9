/** Time, handed in, so that tests and programs that play many agents have their own. */
export interface Clock {
  /** Unix time in milliseconds, as this computer believes it to be. */
  now(): number;
  /** Milliseconds that only ever count up. */
  monotonic(): number;
  /** Calls once after a delay. @returns a function that calls it off. */
  after(delayMs: number, work: () => void): () => void;
}

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, work) => {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  },
};

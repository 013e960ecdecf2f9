/** How long to wait before the next attempt: doubling, with an upper end, and never at the same moment as everybody else. */

export interface Backoff {
  /** Wait after the first failure. */
  readonly firstMs: number;
  /** The wait grows no longer than this. */
  readonly mostMs: number;
}

/**
 * @param failures how often it failed so far, 1 after the first time
 * @param random 0 (inclusive) to 1 (exclusive)
 * @returns milliseconds, between three and five quarters of the doubled wait
 */
export function backoffMs({ firstMs, mostMs }: Backoff, failures: number, random: () => number = Math.random): number {
  const wait = Math.min(mostMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 40));
  return Math.round(wait * (0.75 + random() / 2));
}

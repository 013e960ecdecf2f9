/** When to try again. */

const firstStepMs = 1_000;
/** So that after a server's restart all agents are back within a minute, however long it was gone. */
export const longestWaitMs = 30_000;

/**
 * Exponential with full jitter: anywhere between nothing and a bound that doubles, so that agents that lost the same server at the same
 * moment come back spread out.
 * @param failures attempts that failed in a row; 0 for the first try after a connection that worked.
 * @param random 0 to 1.
 */
export function waitMs(failures: number, random: number): number {
  return random * Math.min(longestWaitMs, firstStepMs * 2 ** Math.min(failures, 10));
}

/** The wait after the server named one: at least that, and spread behind it. */
export function waitAfterRefusalMs(retryAfterSeconds: number, failures: number, random: number): number {
  const namedMs = retryAfterSeconds * 1_000;
  return namedMs + Math.max(waitMs(failures, random), random * Math.min(namedMs / 10, 5 * 60_000));
}

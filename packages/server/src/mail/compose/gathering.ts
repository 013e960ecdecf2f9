/** When mails about a site may leave: the first at once, what follows within a minute together. */

/** ALM-1 wants mails straight after detection; a site that loses power must not send one per device. */
export const gatheringMs = 60_000;

/**
 * @param lastMailAtMs when the last mail about the site was written; undefined = never.
 * @returns Unix time in milliseconds at which what is pending may leave; in the past or now means at once.
 */
export function leavesAtMs(lastMailAtMs: number | undefined, nowMs: number): number {
  if (lastMailAtMs === undefined) return nowMs;
  // A clock that was set back must not hold mails up for longer than a gathering takes.
  return Math.min(lastMailAtMs, nowMs) + gatheringMs;
}

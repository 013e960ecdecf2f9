/** When mails about a site may leave: the first at once, what follows together. */

/** ALM-1 wants mails straight after detection; a site that loses power must not send one per device. */
export const gatheringMs = 60_000;
/** Nothing waits for longer. */
const longestGatheringMs = 15 * 60_000;
/** After so long without a mail the next one is the first again. */
export const rowEndsMs = 30 * 60_000;

/**
 * How long news about a site are gathered after the last mail: failures for a minute, always. Warnings and recoveries, which come
 * in one by one over an hour when signatures are old on all computers, wait twice as long with each mail of a row.
 * @param inRow mails that followed on each other, the last one included
 */
export function gatheringFor(isUrgent: boolean, inRow: number): number {
  return isUrgent ? gatheringMs : Math.min(gatheringMs * 2 ** (inRow - 1), longestGatheringMs);
}

/**
 * @param lastMailAtMs when the last mail was written; undefined = never.
 * @param waitMs how long after it what follows is gathered
 * @returns Unix time in milliseconds at which what is pending may leave; in the past or now means at once.
 */
export function leavesAtMs(lastMailAtMs: number | undefined, nowMs: number, waitMs = gatheringMs): number {
  if (lastMailAtMs === undefined) return nowMs;
  // A clock that was set back must not hold mails up for longer than a gathering takes.
  return Math.min(lastMailAtMs, nowMs) + waitMs;
}

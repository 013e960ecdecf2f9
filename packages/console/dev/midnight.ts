/** The double's day. */

/** Midnight in Berlin, where the double lives. */
export function midnightAfter(nowMs: number): number {
  const hour = Number(new Intl.DateTimeFormat("en", { hour: "numeric", hourCycle: "h23", timeZone: "Europe/Berlin" }).format(nowMs));
  return nowMs - (nowMs % 3_600_000) + (24 - hour) * 3_600_000;
}

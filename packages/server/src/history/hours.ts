/** Hours and days in UTC, and the pace of chores. */
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;
/** Start of the hour around a time. */
export const hourOf = (atMs: number): number => Math.floor(atMs / hourMs) * hourMs;
/** Start of the UTC day around a time. */
export const dayOf = (atMs: number): number => Math.floor(atMs / dayMs) * dayMs;
/** The same day so many months earlier; the first day of the month after where there is none (31 February). */
export function monthsBefore(atMs: number, months: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - months, at.getUTCDate());
}

/** Lets others have a turn: chores compute for long in a process that also answers agents and people. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

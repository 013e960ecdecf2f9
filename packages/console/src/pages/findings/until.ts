/** Until when an acknowledgement holds. */
export const untilChoices = ["none", "4h", "1d", "1w", "1m", "date"] as const;
export type UntilChoice = (typeof untilChoices)[number];

const hours: Partial<Record<UntilChoice, number>> = { "4h": 4, "1d": 24, "1w": 7 * 24, "1m": 30 * 24 };

/**
 * @param day as a date field gives it, 2026-11-21; holds to the end of that day where the reader is.
 * @returns undefined for "until it is closed", null for a choice that is not complete or lies in the past.
 */
export function untilOf(choice: UntilChoice, day: string, nowMs: number): string | undefined | null {
  if (choice === "none") return undefined;
  const ahead = hours[choice];
  if (ahead !== undefined) return new Date(nowMs + ahead * 3_600_000).toISOString();
  const end = new Date(`${day}T23:59:59`);
  return Number.isNaN(end.getTime()) || end.getTime() <= nowMs ? null : end.toISOString();
}

/** A moment on a wall clock. */

/** Of the reader. IANA name. */
export const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const writtenIn = (timeZone: string, parts: Intl.DateTimeFormatOptions, atMs: number) =>
  new Intl.DateTimeFormat("sv-SE", { ...parts, timeZone }).format(atMs);

/** YYYY-MM-DD there. */
export const dayIn = (timeZone: string, atMs: number): string => writtenIn(timeZone, { dateStyle: "short" }, atMs);

/** As a field for date and time takes it: 2026-11-24T22:00. */
export const localText = (timeZone: string, atMs: number): string =>
  `${dayIn(timeZone, atMs)}T${writtenIn(timeZone, { timeStyle: "short" }, atMs)}`;

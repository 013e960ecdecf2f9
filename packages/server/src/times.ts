/** Moments as the API shows them and as the database takes them: ISO 8601, UTC, milliseconds. */

/** @param moment a database's timestamp, or Unix time in milliseconds. */
export function isoTime(moment: Date | number): string {
  return new Date(moment).toISOString();
}

/** The same for what may be missing. */
export function isoTimeOrNull(moment: Date | number | null): string | null {
  return moment === null ? null : isoTime(moment);
}

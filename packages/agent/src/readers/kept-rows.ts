/** What a collector wrote down for itself and reads again after a restart: it is on a disk, so it is looked at before it is believed. */

/** A moment in Unix time, milliseconds, or a count; null for anything else. */
export const moment = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? Math.round(value) : null;

/** The later of two moments, of which one or both may not be known. */
export const latest = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.max(one, other);

export const keptText = (value: unknown): string => (typeof value === "string" ? value : "");

/** Rows by name; what `read` does not recognise as one is left out. */
export function keptRows<Row>(kept: unknown, read: (value: Readonly<Record<string, unknown>>) => Row | undefined): Record<string, Row> {
  const rows: Record<string, Row> = {};
  if (typeof kept !== "object" || kept === null) return rows;
  for (const [name, value] of Object.entries(kept)) {
    const row = typeof value === "object" && value !== null ? read(value as Record<string, unknown>) : undefined;
    if (row !== undefined) rows[name] = row;
  }
  return rows;
}

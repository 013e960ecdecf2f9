/** What a table's columns say about themselves. */
import type { ReactNode } from "react";

/** Widths of the table, in CSS pixels, from which a column is shown. */
export const widths = { always: 0, sm: 520, md: 760, lg: 1_200, xl: 1_600 } as const;

export interface Column<Row> {
  readonly id: string;
  /** Empty for a mark or a tick box; then `hiddenHeader` says what it is. */
  readonly header: string;
  readonly hiddenHeader?: string;
  /** Left out where the value itself is what is to be read. */
  readonly cell?: (row: Row) => ReactNode;
  /** For sorting and CSV. A column without it cannot be sorted and stays out of the CSV. */
  readonly value?: (row: Row) => string | number | null;
  /** CSS pixels that it needs. */
  readonly width: number;
  /** Its part of the room that is left over. */
  readonly grow?: number;
  /** The column that says what the row is. */
  readonly main?: boolean;
  readonly from?: keyof typeof widths;
  readonly align?: "end";
  /** Not shown until somebody chooses it. */
  readonly optional?: boolean;
}

/** Sorting as it stands in the URL: a column's id, with a minus for descending. */
export interface Sorting {
  readonly id: string;
  readonly desc: boolean;
}

export function sortingOf(text: string | undefined): Sorting | null {
  if (!text) return null;
  return text.startsWith("-") ? { id: text.slice(1), desc: true } : { id: text, desc: false };
}

/** What a click on a column's head asks for: ascending, descending, then the list's own order again. */
export function nextSorting(current: Sorting | null, id: string): string | undefined {
  if (current?.id !== id) return id;
  return current.desc ? undefined : `-${id}`;
}

/** Numbers by size, texts as people sort them: PC-2 before PC-10, Ö beside O. */
export function compareValues(one: string | number, other: string | number, locale: string): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), locale, { numeric: true, sensitivity: "accent" });
}

/** Widths in CSS pixels that fill the table. Where there is too little room the growing columns give way, down to a third. */
export function widthsOf(columns: readonly Pick<Column<never>, "width" | "grow">[], room: number): number[] {
  const needed = columns.reduce((sum, { width }) => sum + width, 0);
  const rest = room - needed;
  const growing = columns.reduce((sum, { grow = 0 }) => sum + grow, 0);
  if (rest >= 0 || growing === 0)
    return columns.map(({ width, grow = 0 }) => width + (growing === 0 ? rest / columns.length : (rest * grow) / growing));
  const flexible = columns.reduce((sum, { width, grow = 0 }) => sum + (grow > 0 ? width : 0), 0);
  const share = Math.max(1 / 3, (flexible + rest) / flexible);
  return columns.map(({ width, grow = 0 }) => (grow > 0 ? width * share : width));
}

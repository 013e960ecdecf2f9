/**
 * Cursor paging by keyset: a cursor holds the sort key of the last row shown, so a page costs the same wherever it lies, and
 * rows that come or go meanwhile neither repeat nor hide others.
 */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { z } from "zod";

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  /** Opaque; null on the last page. */
  next: string | null;
}

/** Writes a sort key as an opaque cursor. */
export function encodeCursor(key: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** Reads a cursor. It comes from outside, so it is parsed like everything else. Errors: INVALID_REQUEST. */
export function decodeCursor<Key extends z.ZodType>(cursor: string | undefined, key: Key): z.output<Key> | undefined {
  if (cursor === undefined) return undefined;
  const parsed = key.safeParse(jsonOf(cursor));
  if (parsed.success) return parsed.data;
  throw new HauswartError("INVALID_REQUEST", undefined, {
    issues: [{ path: "query.cursor", message: "This is not the `next` of a page of this list." }],
  });
}

/** Cuts a page out of rows that were fetched with one more than `limit`. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly unknown[],
  present: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  return { items: shown.map(present), next: rows.length > limit ? encodeCursor(keyOf(shown.at(-1)!)) : null };
}

/** Cursor of lists sorted by a name and then an id. */
export const nameKey = z.tuple([z.string().max(1_000), z.uuid()]);
/** Cursor of lists sorted by id, which is by time. */
export const idKey = z.tuple([z.uuid()]);
/** A moment as the database writes it, with microseconds. */
export const moment = z.string().regex(/^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}$/);
/** Cursor of lists sorted by a moment and then an id. */
export const momentKey = z.tuple([moment, z.uuid()]);

/** The smallest id that can be given out at a moment or later: ids begin with the time in milliseconds (UUID version 7). */
export function firstIdAt(moment: string): string {
  const hex = Math.min(Math.max(0, Math.ceil(Date.parse(moment))), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

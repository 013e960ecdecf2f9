/** What every list and every lookup of the double has in common. */
import { HauswartError } from "@hauswart/protocol/errors.ts";

/** Cuts a page out of a list; the cursor is the place where the next one starts. */
export function pageOf<Item>(
  items: readonly Item[],
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): { items: Item[]; next: string | null } {
  const start = Number(cursor ?? 0);
  return { items: items.slice(start, start + limit), next: start + limit < items.length ? String(start + limit) : null };
}

export function found<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new HauswartError("NOT_FOUND");
  return item;
}

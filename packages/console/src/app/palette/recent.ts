/** What was opened last from the palette, remembered in this browser per account. Only names and addresses within the console. */
import type { Entry, Place } from "./entry.ts";

export interface Remembered {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly group: Entry["group"];
  readonly place: Place;
}

export const mostRecent = 6;

/** Reads what a browser has remembered; nonsense is nothing. */
export function parseRecent(text: string | null): Remembered[] {
  let found: unknown;
  try {
    found = JSON.parse(text ?? "[]");
  } catch {
    return [];
  }
  return Array.isArray(found) ? found.filter(isRemembered).slice(0, mostRecent) : [];
}

function isRemembered(one: unknown): one is Remembered {
  const { id, label, group, place } = (one ?? {}) as Partial<Record<keyof Remembered, unknown>>;
  const { to } = (place ?? {}) as Partial<Place>;
  // Only paths of the console itself: nobody can write an address here that leads elsewhere.
  return [id, label, group].every((text) => typeof text === "string") && typeof to === "string" && /^\/(?![/\\])/.test(to);
}

/** The newest first, each once. */
export function remember(before: readonly Remembered[], entry: Entry): Remembered[] {
  const { id, label, description, group, place } = entry;
  if (!place) return [...before];
  const kind = group === "recent" ? (before.find((one) => one.id === id)?.group ?? "pages") : group;
  return [{ id, label, ...(description ? { description } : {}), group: kind, place }, ...before.filter((one) => one.id !== id)].slice(
    0,
    mostRecent,
  );
}

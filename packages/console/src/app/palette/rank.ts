/** Which entries fit what was typed, best first. Pure. */
import fuzzysort from "fuzzysort";
import { groups, type Entry, type Group } from "./entry.ts";

/** Rows of one group. */
export const mostOfGroup = 8;
/** What was opened lately is what is wanted, unless something else fits far better. */
const recentBonus = 0.3;
/** Below this the letters are only scattered over the words. */
const least = 0.2;

export interface Found {
  readonly group: Group;
  readonly entries: readonly Entry[];
}

/**
 * @param entries everything that there is; what the server has searched for already is among them and stays.
 * @param recent ids of what was opened last, newest first. They come first unless something else fits far better.
 * @returns groups, the one with the best entry first.
 */
export function rank(entries: readonly Entry[], typed: string, recent: readonly string[]): Found[] {
  const wanted = typed.trim();
  if (wanted === "") return grouped(entries.map((entry) => ({ entry, score: 0 })));
  const scored = entries.flatMap((entry) => {
    const score = Math.max(
      scoreOf(wanted, entry.label),
      0.9 * scoreOf(wanted, `${entry.label} ${entry.description ?? ""} ${entry.words ?? ""}`),
      // The server looks at names that the entry does not show.
      entry.group === "devices" ? least : 0,
    );
    const place = recent.indexOf(entry.id);
    return score >= least ? [{ entry, score: score + (place < 0 ? 0 : recentBonus - place / 1_000) }] : [];
  });
  const sorted = scored.toSorted((one, other) => other.score - one.score);
  return grouped(sorted).toSorted((one, other) => bestOf(other, sorted) - bestOf(one, sorted));
}

const scoreOf = (wanted: string, text: string): number => fuzzysort.single(wanted, text)?.score ?? 0;

const bestOf = ({ entries }: Found, scored: readonly { entry: Entry; score: number }[]) =>
  scored.find(({ entry }) => entry === entries[0])?.score ?? 0;

function grouped(scored: readonly { entry: Entry; score: number }[]): Found[] {
  return groups.flatMap((group) => {
    const entries = scored.filter(({ entry }) => entry.group === group).map(({ entry }) => entry);
    return entries.length > 0 ? [{ group, entries: entries.slice(0, mostOfGroup) }] : [];
  });
}

/** What is said of a finding whose subject goes bad and good all the time: one finding that stays open until there is calm. */
import type { Evidence } from "./check.ts";
import type { Format, Language } from "./format.ts";

/** What the engine adds to the evidence of such a finding: how often it was bad anew by then, and since when. */
export interface FlapEvidence {
  readonly flapCount: number;
  /** Unix milliseconds. */
  readonly flapsSinceAtMs: number;
}

/** undefined: it does not flap. */
export function flapsOf(evidence: Readonly<Record<string, unknown>>): FlapEvidence | undefined {
  const { flapCount, flapsSinceAtMs } = evidence;
  const isTold = typeof flapCount === "number" && typeof flapsSinceAtMs === "number" && Math.abs(flapsSinceAtMs) <= 8.64e15;
  return isTold ? { flapCount, flapsSinceAtMs } : undefined;
}

/** Evidence as the check has given it. */
export function withoutFlaps({ flapCount: _count, flapsSinceAtMs: _since, ...own }: Evidence): Evidence {
  return own;
}

interface FlapWords {
  /** The count is the one of when it was told; it goes on meanwhile. The word stands first, because lists cut what is long. */
  readonly title: (title: string, count: string, since: string) => string;
  readonly meaning: string;
}

const words: Readonly<Record<Language, FlapWords>> = {
  de: {
    title: (title, count, since) => `Flattert: ${title} – mindestens ${count}-mal seit ${since}`,
    meaning:
      "Das kommt und geht in kurzer Folge. Gemeldet wird es deshalb einmal, und vorbei ist es erst, wenn es ohne Unterbrechung gut bleibt.",
  },
  en: {
    title: (title, count, since) => `Flaps: ${title} – at least ${count} times since ${since}`,
    meaning: "This comes and goes in quick succession. So it is told once, and it is over only when it stays good without a break.",
  },
};

/** The title of a finding, with how often it was bad since when where it flaps. */
export function titleWithFlaps(title: string, evidence: Evidence, format: Format): string {
  const flaps = flapsOf(evidence);
  return flaps ? words[format.language].title(title, format.number(flaps.flapCount), format.dateTime(flaps.flapsSinceAtMs)) : title;
}

/** What a finding means, with what follows from its flapping. */
export function meaningWithFlaps(meaning: string, evidence: Evidence, { language }: Pick<Format, "language">): string {
  return flapsOf(evidence) ? [words[language].meaning, meaning].filter(Boolean).join("\n") : meaning;
}

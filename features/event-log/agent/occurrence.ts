/** An entry of any system's log, as rules look at it. */
import type { Level } from "../protocol/own-rule.ts";

export interface Occurrence {
  /** Unix time in milliseconds. */
  readonly at: number;
  /** Channel, transport or subsystem. */
  readonly log: string;
  /** Provider, identifier or process. */
  readonly source: string;
  /** Event id, message id, or empty. */
  readonly eventId: string;
  readonly level: Level;
  /** Empty where it was not read; `withText` reads it. */
  readonly text: string;
}

/** One of the curated rules on one system. */
export interface CuratedFit<Rule extends string> {
  readonly rule: Rule;
  readonly fits: (occurrence: Occurrence) => boolean;
}

/** What a system's log has taken up since the last reading. */
export interface EventReading {
  /** Oldest first. */
  readonly occurrences: readonly Occurrence[];
  /** Counted and not read, because too many came at once. */
  readonly unreadCount: number;
  readonly bookmark: unknown;
  /** What could not be read; empty when everything could. */
  readonly problem: string;
  /** Reads the texts of the few entries that are shown; left out where the texts were read already. */
  readonly textOf?: (occurrence: Occurrence) => Promise<string>;
}

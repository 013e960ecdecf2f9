/** What each system's reader answers, and how it becomes a sample. Pure: what is remembered goes in and comes out. */
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { NoDataCodeOf, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { patchStatus } from "../protocol.ts";

export type Sample = SampleOf<typeof patchStatus>;
type Row = Sample["updates"][number];

/** An update before it is known since when it has been missing. */
export type FoundUpdate = Omit<Row, "missingSince">;

export interface Reading extends Pick<
  Sample,
  | "method"
  | "listsState"
  | "listsRefreshedBy"
  | "securitySource"
  | "automaticUpdates"
  | "systemId"
  | "systemVersion"
  | "systemEdition"
  | "sources"
> {
  /** Unix time in milliseconds; null when it is not known. */
  readonly listsRefreshedAt: number | null;
  readonly updates: readonly FoundUpdate[];
  /**
   * The system's own state, which rises with what is installed. Only of systems that offer an update anew each month by a title of
   * that month, and no longer offer the one before.
   */
  readonly level?: string;
}

/** Reads what is missing. May take minutes. Throws OsError. */
export type ReadUpdates = (os: Os, nowMs: number) => Promise<Collected<Reading, NoDataCodeOf<typeof patchStatus>>>;

/** What changes when updates were installed or lists were fetched; cheap, asked every hour. Empty where there is nothing to ask. */
export type ReadTraces = (os: Os) => Promise<string>;

export interface UpdateReader {
  readonly read: ReadUpdates;
  readonly traces: ReadTraces;
  /** So long an answer is told again while the traces stay the same: asking costs seconds of the processor. */
  readonly reuseForMs: number;
}

/** What the agent keeps between measurements. */
export interface Remembered {
  /** Since when updates have been missing, by name; Unix time in milliseconds. */
  readonly missingSince: Readonly<Record<string, number>>;
  /** The system's state of then; undefined where it has none. */
  readonly level?: string | undefined;
}

const rowLimit = 500;
const hourMs = 3_600_000;
const toTheHour = (atMs: number) => Math.floor(atMs / hourMs) * hourMs;

/** What the host kept over a restart; anything that is not what was put there counts as nothing. */
export function rememberedFrom({ missingSince, level }: Readonly<Record<string, unknown>>): Remembered {
  const entries = typeof missingSince === "object" && missingSince !== null ? Object.entries(missingSince) : [];
  return {
    missingSince: Object.fromEntries(
      entries.filter((entry): entry is [string, number] => Number.isInteger(entry[1]) && (entry[1] as number) >= 0),
    ),
    ...(typeof level === "string" && { level }),
  };
}

/**
 * What stays the same in the titles of updates of which each replaces the one before:
 * "2026-11 Cumulative Update for Windows 11 (KB5099999) (26200.7171)" without its month, its number and its version.
 */
const lineOf = (title: string): string =>
  title
    .replace(/\b20\d\d-\d\d\b/g, "")
    .replace(/\bKB\d+\b/gi, "")
    .replace(/\(\s*[\d.]*\s*\)/g, "")
    .replace(/\b(\d+\.\d+)(?:\.\d+)+\b/g, "$1")
    .replace(/\s+/g, " ")
    .trim();

/**
 * Since when an update has been missing that is offered for the first time. One that replaces another that was never installed has been
 * missing as long as that one: whoever installs nothing would otherwise be well for some days each month.
 */
function inheritedFrom(reading: Reading, before: Remembered): ReadonlyMap<string, number> {
  const inherited = new Map<string, number>();
  if (reading.level === undefined || reading.level !== before.level) return inherited;
  const offered = new Set(reading.updates.map(({ name }) => clip(name, subjectLimit)));
  for (const [name, sinceMs] of Object.entries(before.missingSince)) {
    const line = lineOf(name);
    if (!offered.has(name)) inherited.set(line, Math.min(sinceMs, inherited.get(line) ?? sinceMs));
  }
  return inherited;
}

/** What is not offered by an answer with gaps may be missing all the same. */
function stillRemembered({ level, listsState }: Reading, before: Remembered): Remembered["missingSince"] {
  const isInDoubt = level !== undefined && level === before.level && listsState !== "usable";
  return isInDoubt ? Object.fromEntries(Object.entries(before.missingSince).slice(0, rowLimit)) : {};
}

export interface Told {
  readonly sample: Sample;
  readonly remembered: Remembered;
}

/** Turns a reading into the sample: what is excluded left out, rows sorted and limited, counts of all. */
export function tell(reading: Reading, before: Remembered, exclude: readonly string[], nowMs: number): Told {
  const rows = new Map<string, Row>();
  const inherited = inheritedFrom(reading, before);
  for (const update of reading.updates) {
    if (fitsAny(exclude, update.name)) continue;
    const name = clip(update.name, subjectLimit);
    rows.set(name, {
      ...update,
      name,
      installedVersion: clip(update.installedVersion, textLimit),
      availableVersion: clip(update.availableVersion, textLimit),
      source: clip(update.source, textLimit),
      missingSince: toTheHour(before.missingSince[name] ?? inherited.get(lineOf(name)) ?? nowMs),
    });
  }
  const all = [...rows.values()];
  const kept = [...all].sort(moreUrgent).slice(0, rowLimit).sort(byName);
  return {
    sample: {
      missingCount: all.length,
      securityCount: all.filter(({ isSecurity }) => isSecurity === true).length,
      unclassifiedCount: all.filter(({ isSecurity }) => isSecurity === null).length,
      heldCount: all.filter(({ state }) => state !== "available").length,
      method: reading.method,
      listsState: reading.listsState,
      listsAgeSeconds: reading.listsRefreshedAt === null ? null : Math.max(0, Math.round((nowMs - reading.listsRefreshedAt) / 1_000)),
      listsRefreshedBy: reading.listsRefreshedBy,
      securitySource: reading.securitySource,
      automaticUpdates: reading.automaticUpdates,
      systemId: clip(reading.systemId, textLimit),
      systemVersion: clip(reading.systemVersion, textLimit),
      systemEdition: clip(reading.systemEdition, textLimit),
      updates: kept,
      sources: uniqueSources(reading.sources),
    },
    remembered: {
      missingSince: {
        ...stillRemembered(reading, before),
        ...Object.fromEntries(kept.map(({ name, missingSince }) => [name, missingSince])),
      },
      level: reading.level,
    },
  };
}

const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);
const rank = ({ isSecurity }: Row) => (isSecurity === true ? 0 : isSecurity === null ? 1 : 2);
const moreUrgent = (one: Row, other: Row) => rank(one) - rank(other) || one.missingSince - other.missingSince || byName(one, other);

function uniqueSources(sources: Sample["sources"]): Sample["sources"] {
  const byTheirName = new Map(
    sources.map((source) => [
      clip(source.name, subjectLimit),
      { ...source, name: clip(source.name, subjectLimit), problem: clip(source.problem, textLimit) },
    ]),
  );
  return [...byTheirName.values()].sort(byName).slice(0, rowLimit);
}

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
export interface FoundUpdate extends Omit<Row, "missingSince"> {
  /** When it came out, where the source says so, Unix time in milliseconds. */
  readonly publishedAtMs?: number | null;
}

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

/** Since when updates have been missing, by name; Unix time in milliseconds. */
export type MissingSince = Readonly<Record<string, number>>;

const rowLimit = 500;
const hourMs = 3_600_000;
const toTheHour = (atMs: number) => Math.floor(atMs / hourMs) * hourMs;

/** What the host kept over a restart; anything that is not what was put there counts as nothing. */
export function missingSinceFrom(kept: unknown): MissingSince {
  if (typeof kept !== "object" || kept === null) return {};
  return Object.fromEntries(
    Object.entries(kept).filter((entry): entry is [string, number] => Number.isInteger(entry[1]) && (entry[1] as number) >= 0),
  );
}

export interface Told {
  readonly sample: Sample;
  readonly missingSince: MissingSince;
}

/** Turns a reading into the sample: what is excluded left out, rows sorted and limited, counts of all. */
export function tell(reading: Reading, before: MissingSince, exclude: readonly string[], nowMs: number): Told {
  const rows = new Map<string, Row>();
  for (const { publishedAtMs, ...update } of reading.updates) {
    if (fitsAny(exclude, update.name)) continue;
    const name = clip(update.name, subjectLimit);
    const firstSeenMs = before[name] ?? nowMs;
    const missingSince = toTheHour(
      Math.max(0, publishedAtMs === undefined || publishedAtMs === null ? firstSeenMs : Math.min(nowMs, publishedAtMs)),
    );
    rows.set(name, {
      ...update,
      name,
      installedVersion: clip(update.installedVersion, textLimit),
      availableVersion: clip(update.availableVersion, textLimit),
      source: clip(update.source, textLimit),
      missingSince,
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
    missingSince: Object.fromEntries(kept.map(({ name, missingSince }) => [name, missingSince])),
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

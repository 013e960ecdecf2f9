/**
 * Values over time, for graphs. Short spans show single samples; long ones, and times of which the samples are gone, show
 * hours. Where nothing was measured there is a null, so that a graph has a gap and not a line over it.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Unit } from "@hauswart/protocol/fields.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { dayMs, hourMs, hourOf } from "./hours.ts";
import type { PackedDay } from "./packed-day.ts";
import { HourGatherer, seriesKey, splitSeriesKey, type HourSummary } from "./rollup-day.ts";
import { readRollups } from "./rollup-store.ts";
import { readStoredSamples } from "./stored-samples.ts";
import { codecOf, wholeCheck } from "./value-places.ts";

/** Spans up to this show single samples: some 5,800 of a check that measures every minute. */
export const singleSamplesMs = 4 * dayMs;
/** Two samples further apart than so many cycles have a gap between them. */
const gapCycles = 2.5;

export interface SeriesQuery {
  readonly providerId: Id;
  readonly deviceId: Id;
  readonly checkNumber: number;
  /** Check id. */
  readonly checkId: string;
  readonly everySeconds: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Only this field; all, when left out. */
  readonly field?: string;
  readonly subject?: string;
  /** Samples before this time are gone. */
  readonly samplesFromMs: number;
  /** Hours before this time are rolled up. */
  readonly rolledUpMs: number;
}

export interface SeriesLine {
  readonly field: string;
  readonly unit: Unit;
  readonly subject: string;
  /** Unix seconds, ascending. */
  readonly at: number[];
  /** Value, or mean of an hour; null is a gap. */
  readonly value: (number | null)[];
  readonly min?: (number | null)[];
  readonly max?: (number | null)[];
}

export interface SeriesAnswer {
  /** 0: single samples; 3600: hours. */
  readonly stepSeconds: 0 | 3600;
  readonly series: SeriesLine[];
}

/** Reads the series of a check instance. */
export async function readSeries(tx: Tx, services: Pick<Services, "checks" | "clock">, query: SeriesQuery): Promise<SeriesAnswer> {
  const definition = services.checks.get(query.checkId)?.definition;
  const units = new Map(definition ? codecOf(definition).series.map(({ field, unit }) => [field, unit]) : []);
  const isShort = query.toMs - query.fromMs <= singleSamplesMs && query.fromMs >= query.samplesFromMs;
  const lines = isShort ? await singleLines(tx, services, query) : await hourLines(tx, services, query);
  const named = lines.map((line) => ({ ...line, unit: units.get(line.field.replace(/#\d+$/, "")) ?? "number" }));
  const wanted = named.filter((line) => query.field === undefined || line.field === query.field);
  return { stepSeconds: isShort ? 0 : 3600, series: wanted.sort((a, b) => compare(a.subject, b.subject) || compare(a.field, b.field)) };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

type Line = Omit<SeriesLine, "unit">;

async function singleLines(tx: Tx, { checks }: Pick<Services, "checks">, query: SeriesQuery): Promise<Line[]> {
  const subjects = await readStoredSamples(tx, checks, query);
  const failedAt = failures(subjects.get(wholeCheck));
  return [...subjects].flatMap(([subject, day]) =>
    query.subject === undefined || query.subject === subject
      ? [...day.fields.keys()].map((field) => singleLine(subject, field, day, failedAt, query))
      : [],
  );
}

/** Times of attempts that yielded nothing. */
const failures = (day: PackedDay | undefined): number[] => (day ? [...day.timesMs].filter((_, index) => day.facts[index]! < 0) : []);

function singleLine(
  subject: string,
  field: string,
  { timesMs, facts, fields }: PackedDay,
  failedAt: readonly number[],
  { everySeconds }: SeriesQuery,
): Line {
  const column = fields.get(field)!;
  const longestMs = everySeconds * 1_000 * gapCycles;
  const line: Line = { field, subject, at: [], value: [] };
  const put = (timeMs: number, value: number | null) => {
    line.at.push(timeMs / 1_000);
    line.value.push(value);
  };
  let lastMs: number | undefined;
  let nextFailure = 0;
  timesMs.forEach((timeMs, index) => {
    if (facts[index]! < 0) return;
    let failedMs: number | undefined;
    while (nextFailure < failedAt.length && failedAt[nextFailure]! < timeMs) failedMs = failedAt[nextFailure++];
    if (lastMs !== undefined && failedMs !== undefined && failedMs > lastMs) put(failedMs, null);
    else if (lastMs !== undefined && timeMs - lastMs > longestMs) put(lastMs + everySeconds * 1_000, null);
    const value = column[index]!;
    put(timeMs, Number.isFinite(value) ? value : null);
    lastMs = timeMs;
  });
  const after = failedAt.find((failedMs) => lastMs !== undefined && failedMs > lastMs);
  if (after !== undefined) put(after, null);
  return line;
}

async function hourLines(tx: Tx, services: Pick<Services, "checks" | "clock">, query: SeriesQuery): Promise<Line[]> {
  const firstMs = hourOf(query.fromMs);
  const lastMs = Math.min(query.toMs, services.clock.now());
  const summaries = new Map<string, Map<number, HourSummary>>();
  const put = (key: string, startMs: number, summary: HourSummary) => {
    if (startMs < firstMs || startMs > lastMs) return;
    const hours = summaries.get(key) ?? new Map<number, HourSummary>();
    summaries.set(key, hours.set(startMs, summary));
  };
  for (const { dayMs: startOfDayMs, day } of await readRollups(tx, { ...query, fromMs: firstMs, toMs: lastMs })) {
    for (const [key, hours] of day.series) for (const [hour, summary] of hours) put(key, startOfDayMs + hour * hourMs, summary);
  }
  // What is not rolled up yet is gathered on the spot; that is the last hour or two.
  const openMs = Math.max(firstMs, hourOf(query.rolledUpMs));
  if (openMs <= lastMs)
    for (const [startMs, hour] of await gatherHours(tx, services, query, openMs, lastMs))
      for (const [key, summary] of hour) put(key, startMs, summary);
  return [...summaries].flatMap(([key, hours]) => {
    const [subject, field] = splitSeriesKey(key);
    return field === "" || (query.subject !== undefined && subject !== query.subject)
      ? []
      : [hourLine(subject, field, hours, firstMs, lastMs)];
  });
}

async function gatherHours(
  tx: Tx,
  { checks }: Pick<Services, "checks">,
  query: SeriesQuery,
  fromMs: number,
  toMs: number,
): Promise<Map<number, ReadonlyMap<string, HourSummary>>> {
  const gatherers = new Map<number, HourGatherer>();
  for (const [subject, { timesMs, fields }] of await readStoredSamples(tx, checks, { ...query, fromMs, toMs: toMs + 1 })) {
    timesMs.forEach((timeMs, index) => {
      const startMs = hourOf(timeMs);
      let gatherer = gatherers.get(startMs);
      if (!gatherer) gatherers.set(startMs, (gatherer = new HourGatherer()));
      for (const [field, column] of fields) gatherer.addValue(seriesKey(subject, field), column[index]!);
    });
  }
  return new Map([...gatherers].map(([startMs, gatherer]) => [startMs, gatherer.summaries(() => "ok")]));
}

/** One point per hour, at its middle; nulls where nothing was measured. */
function hourLine(subject: string, field: string, hours: ReadonlyMap<number, HourSummary>, firstMs: number, lastMs: number): Line {
  const line = {
    field,
    subject,
    at: [] as number[],
    value: [] as (number | null)[],
    min: [] as (number | null)[],
    max: [] as (number | null)[],
  };
  const starts = [...hours].filter(([, { count }]) => count > 0).map(([startMs]) => startMs);
  const fromMs = Math.max(firstMs, Math.min(...starts));
  const toMs = Math.min(lastMs, Math.max(...starts));
  for (let startMs = fromMs; startMs <= toMs; startMs += hourMs) {
    const summary = hours.get(startMs);
    const known = summary && summary.count > 0 ? summary : undefined;
    line.at.push((startMs + hourMs / 2) / 1_000);
    line.value.push(known?.mean ?? null);
    line.min.push(known?.minimum ?? null);
    line.max.push(known?.maximum ?? null);
  }
  return line;
}

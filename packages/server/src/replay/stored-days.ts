/**
 * The stored samples of a check instance, day by day, as columns: nothing is made of a sample before it is judged. Pure; what is
 * read is in read-stored.ts.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Fact } from "@hauswart/protocol/sample-codec.ts";
import { dayOf } from "../history/hours.ts";
import { decodeDay, type PackedDay } from "../history/packed-day.ts";
import { SubjectBuilders } from "../history/stored-samples.ts";
import { placesOfFact, type ValuePlace } from "../history/value-places.ts";
import type { CompiledCheck } from "../ingest/compiled-checks.ts";
import type { StoredSample } from "./instance-replay.ts";

/** All that is stored of an instance in some days, as the database gives it. */
export interface StoredInstance {
  readonly deviceId: Id;
  readonly facts: readonly (readonly [number: number, fact: Fact])[];
  /** In order of the days; one for each day and subject. */
  readonly packed: readonly { readonly dayMs: number; readonly subject: string; readonly body: Uint8Array }[];
  /** Not packed yet, one line a sample: Unix milliseconds, fact number, and {values} as PostgreSQL prints them. Empty = none. */
  readonly raw: string;
}

/** Unix milliseconds; until just before `toMs`. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

interface StoredDay {
  readonly dayMs: number;
  readonly subjects: readonly (readonly [subject: string, day: () => PackedDay])[];
}

/** Days in order. Those with raw samples are put together from them and from what is packed already. */
function daysOf(check: CompiledCheck, { packed, raw }: StoredInstance, facts: ReadonlyMap<number, Fact>): StoredDay[] {
  const days = new Map<number, StoredDay>();
  for (const [dayMs, rows] of Map.groupBy(packed, (row) => row.dayMs))
    days.set(dayMs, { dayMs, subjects: rows.map(({ subject, body }) => [subject, () => decodeDay(body)] as const) });
  if (raw === "") return [...days.values()];
  const places = placesOnce(check, facts);
  for (const [dayMs, samples] of Map.groupBy(raw.split("\n").map(rawSample), ({ atMs }) => dayOf(atMs))) {
    const builders = new SubjectBuilders();
    for (const [subject, day] of days.get(dayMs)?.subjects ?? []) builders.of(subject).addPacked(day());
    for (const sample of samples) builders.addRaw(sample, places(sample.fact, sample.values.length));
    days.set(dayMs, { dayMs, subjects: [...builders.builders].map(([subject, builder]) => [subject, () => builder.build()] as const) });
  }
  return [...days.values()].sort((one, other) => one.dayMs - other.dayMs);
}

function rawSample(line: string): { atMs: number; fact: number; values: number[] } {
  const [at, fact, values = "{}"] = line.split(" ");
  return { atMs: Number(at), fact: Number(fact), values: values.length <= 2 ? [] : values.slice(1, -1).split(",").map(Number) };
}

function placesOnce({ definition }: CompiledCheck, facts: ReadonlyMap<number, Fact>) {
  const known = new Map<number, readonly ValuePlace[]>();
  return (fact: number, valueCount: number): readonly ValuePlace[] => {
    const body = facts.get(fact);
    if (!body) return Array.from({ length: valueCount }, (_, index) => ({ field: `#${index}`, subject: "" }));
    let places = known.get(fact);
    if (!places) known.set(fact, (places = placesOfFact(definition, body)));
    return places;
  };
}

/**
 * Tells the samples of an instance one after the other, by the time they were measured. The sample handed over is the same
 * object each time, with other contents. Attempts without a sample are told too.
 */
export function eachSample(
  check: CompiledCheck,
  stored: StoredInstance,
  { fromMs, toMs }: TimeRange,
  tell: (sample: StoredSample) => void,
  tellUnmeasured: (atMs: number) => void = () => undefined,
): void {
  const facts = new Map(stored.facts);
  const places = new Map<Fact, readonly ValuePlace[]>();
  for (const { subjects } of daysOf(check, stored, facts)) {
    const { timesMs, facts: numbers, columns } = alignDay(subjects.map(([subject, day]) => [subject, day()]));
    const readers = new Map<number, { fact: Fact; from: (Float64Array | undefined)[]; values: (number | null)[] } | undefined>();
    for (let index = 0; index < timesMs.length; index++) {
      const atMs = timesMs[index]!;
      if (atMs < fromMs || atMs >= toMs) continue;
      const number = numbers[index]!;
      if (!readers.has(number)) {
        const fact = facts.get(number);
        if (fact && !places.has(fact)) places.set(fact, placesOfFact(check.definition, fact));
        const from = fact && places.get(fact)!.map(({ subject, field }) => columns.get(columnKey(subject, field)));
        readers.set(number, fact && from ? { fact, from, values: new Array<number | null>(from.length).fill(null) } : undefined);
      }
      const reader = readers.get(number);
      if (!reader) {
        tellUnmeasured(atMs);
        continue;
      }
      const { from, values, fact } = reader;
      for (let place = 0; place < from.length; place++) {
        const value = from[place]?.[index] ?? Number.NaN;
        values[place] = Number.isNaN(value) ? null : value;
      }
      tell({ atMs, fact, values });
    }
  }
}

const columnKey = (subject: string, field: string) => `${subject}\n${field}`;

interface AlignedDay {
  readonly timesMs: Float64Array;
  readonly facts: Float64Array;
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** The rows of all subjects on common times. They mostly have the same already. */
function alignDay(subjects: readonly (readonly [string, PackedDay])[]): AlignedDay {
  const first = subjects[0]?.[1];
  if (!first) return { timesMs: new Float64Array(), facts: new Float64Array(), columns: new Map() };
  if (!subjects.every(([, day]) => isEqual(day.timesMs, first.timesMs))) return mergeDay(subjects);
  const columns = new Map<string, Float64Array>();
  for (const [subject, { fields }] of subjects) for (const [field, column] of fields) columns.set(columnKey(subject, field), column);
  return { timesMs: first.timesMs, facts: first.facts, columns };
}

function isEqual(one: Float64Array, other: Float64Array): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}

function mergeDay(subjects: readonly (readonly [string, PackedDay])[]): AlignedDay {
  const factAt = new Map<number, number>();
  for (const [, { timesMs, facts }] of subjects) timesMs.forEach((timeMs, index) => factAt.set(timeMs, facts[index]!));
  const timesMs = Float64Array.from(factAt.keys()).sort();
  const placeOf = new Map<number, number>();
  timesMs.forEach((timeMs, place) => placeOf.set(timeMs, place));
  const columns = new Map<string, Float64Array>();
  for (const [subject, day] of subjects) {
    for (const [field, column] of day.fields) {
      const spread = new Float64Array(timesMs.length).fill(Number.NaN);
      column.forEach((value, index) => (spread[placeOf.get(day.timesMs[index]!)!] = value));
      columns.set(columnKey(subject, field), spread);
    }
  }
  return { timesMs, facts: Float64Array.from(timesMs, (timeMs) => factAt.get(timeMs)!), columns };
}

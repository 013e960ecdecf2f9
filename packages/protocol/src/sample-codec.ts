/**
 * How a sample is taken apart for storage and put together again. A check's declaration says of each field how it is kept;
 * `compileCodec` turns that into accessors once, because `split` runs for every sample that the server takes in.
 *
 *     sample = fact (kept when it changes) + values (one row of numbers per sample) + entries (kept one by one)
 *
 * Values stand in the order of the declaration; the values of a list follow row by row. A series inside a list is named
 * `list.field` wherever series are named: history needs, graphs, roll-ups, labels.
 */
import type { z } from "zod";
import type { AnyCheck, SampleOf } from "./check.ts";
import { metaOf, type Unit } from "./fields.ts";

/** A sample without its series fields and entries. Keys stand in the order of the declaration, so equal facts are equal as JSON text. */
export type Fact = Readonly<Record<string, unknown>>;

/** One thing that happened, with the Unix time in milliseconds. */
export type EntryRow = Readonly<Record<string, unknown>> & { readonly at: number };

export interface SplitSample {
  readonly fact: Fact;
  /** One element per series, in the fact's order; null where the sample has no number. */
  readonly values: (number | null)[];
  /** Rows by entries field; fields without rows are left out. */
  readonly entries: Readonly<Record<string, readonly EntryRow[]>>;
}

/** What the value at one position is. */
export interface SeriesPosition {
  /** `field`, or `list.field` inside a list. */
  readonly field: string;
  readonly unit: Unit;
  /** The list row's name; empty outside lists. */
  readonly subject: string;
}

export interface SampleCodec<Sample = Record<string, unknown>> {
  /** @param sample parsed by the check's schema. */
  split(sample: Sample): SplitSample;
  /** Undoes `split`. */
  join(fact: Fact, values: readonly (number | null)[], entries?: SplitSample["entries"]): Sample;
  /**
   * `join` for many samples of one fact, one after the other: each call gives the same object with other values in it. Only for
   * those who are done with a sample before they ask for the next.
   */
  joiner(fact: Fact): (values: readonly (number | null)[]) => Sample;
  /** Names the values of samples with this fact, position by position. */
  describe(fact: Fact): SeriesPosition[];
  /** All series that the check declares, whatever a sample holds. */
  readonly series: readonly { readonly field: string; readonly unit: Unit }[];
}

type Row = Record<string, unknown>;

/** `absent` says what stands for a missing number: null where the field is nullable, nothing where it is optional. */
type Field =
  | { readonly kind: "series"; readonly key: string; readonly unit: Unit; readonly absent: "null" | "nothing" }
  | { readonly kind: "fact"; readonly key: string };
type Part =
  | Field
  | { readonly kind: "entries"; readonly key: string }
  | { readonly kind: "list"; readonly key: string; readonly subject: string; readonly fields: readonly Field[] };

interface ZodDef {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}
export const defOf = (schema: z.ZodType): ZodDef => (schema as unknown as { def: ZodDef }).def;

/** The types of wrappers around a schema, outermost first, and what they wrap. */
export function unwrap(schema: z.ZodType): { wrappers: string[]; core: z.ZodType } {
  const wrappers: string[] = [];
  let core = schema;
  for (let inner = defOf(core).innerType; inner; inner = defOf(core).innerType) {
    wrappers.push(defOf(core).type);
    core = inner;
  }
  return { wrappers, core };
}

function compileField(key: string, schema: z.ZodType, where: string): Field {
  const meta = metaOf(schema);
  if (meta?.store === "series") {
    const { wrappers } = unwrap(schema);
    if (wrappers.includes("nullable") && wrappers.includes("optional")) {
      throw new Error(`${where}.${key}: a series is nullable or optional, not both; a missing number could not be told apart`);
    }
    return { kind: "series", key, unit: meta.unit ?? "number", absent: wrappers.includes("optional") ? "nothing" : "null" };
  }
  if (meta?.store === "fact" || meta?.store === "subject") return { kind: "fact", key };
  throw new Error(`${where}.${key}: not declared as series, fact or subject`);
}

function compilePart(key: string, schema: z.ZodType, check: string): Part {
  if (metaOf(schema)?.store === "entries") return { kind: "entries", key };
  const { core } = unwrap(schema);
  const row = defOf(core).type === "array" ? defOf(core).element : undefined;
  if (!row || metaOf(schema)) return compileField(key, schema, check);
  const shape = defOf(row).shape;
  if (!shape) throw new Error(`${check}.${key}: a list holds objects`);
  const subjects = Object.keys(shape).filter((name) => metaOf(shape[name]!)?.store === "subject");
  if (subjects.length !== 1)
    throw new Error(`${check}.${key}: exactly one field of a list's row is its subject, here: ${subjects.join(", ") || "none"}`);
  return {
    kind: "list",
    key,
    subject: subjects[0]!,
    fields: Object.entries(shape).map(([name, field]) => compileField(name, field, `${check}.${key}`)),
  };
}

/** Takes facts of one row or of the sample's top apart into `fact` and `values`. */
function splitField(field: Field, from: Row, fact: Row, values: (number | null)[]): void {
  const value = from[field.key];
  if (field.kind === "series") values.push(value === undefined ? null : (value as number | null));
  else if (value !== undefined) fact[field.key] = value;
}

/** Puts one field back. @returns the next position in `values`. */
function joinField(field: Field, fact: Row, values: readonly (number | null)[], position: number, to: Row): number {
  if (field.kind === "fact") {
    const value = fact[field.key];
    if (value !== undefined) to[field.key] = value;
    return position;
  }
  const value = values[position] ?? null;
  if (value !== null || field.absent === "null") to[field.key] = value;
  return position + 1;
}

const noEntries: SplitSample["entries"] = Object.freeze({});

function split(parts: readonly Part[], sample: Row): SplitSample {
  const fact: Row = {};
  const values: (number | null)[] = [];
  let entries: Record<string, readonly EntryRow[]> | undefined;
  for (const part of parts) {
    if (part.kind === "list") {
      const rows = sample[part.key] as readonly Row[] | undefined;
      if (!rows) continue;
      const rowFacts: Row[] = [];
      for (const row of rows) {
        const rowFact: Row = {};
        for (const field of part.fields) splitField(field, row, rowFact, values);
        rowFacts.push(rowFact);
      }
      fact[part.key] = rowFacts;
    } else if (part.kind === "entries") {
      const rows = sample[part.key] as readonly EntryRow[] | undefined;
      if (rows && rows.length > 0) (entries ??= {})[part.key] = rows;
    } else splitField(part, sample, fact, values);
  }
  return { fact, values, entries: entries ?? noEntries };
}

function join(parts: readonly Part[], fact: Fact, values: readonly (number | null)[], entries: SplitSample["entries"]): Row {
  const sample: Row = {};
  let position = 0;
  for (const part of parts) {
    if (part.kind === "list") {
      const rows = fact[part.key] as readonly Row[] | undefined;
      if (!rows) continue;
      sample[part.key] = rows.map((rowFact) => {
        const row: Row = {};
        for (const field of part.fields) position = joinField(field, rowFact, values, position, row);
        return row;
      });
    } else if (part.kind === "entries") sample[part.key] = entries[part.key] ?? [];
    else position = joinField(part, fact, values, position, sample);
  }
  return sample;
}

/** Where the value at a position goes. */
interface Slot {
  readonly row: Row;
  readonly key: string;
  readonly absent: "null" | "nothing";
}

function joiner(parts: readonly Part[], fact: Fact): (values: readonly (number | null)[]) => Row {
  const sample = join(parts, fact, [], {});
  const slots: Slot[] = [];
  const addSlots = (fields: readonly Field[], row: Row) => {
    for (const field of fields) if (field.kind === "series") slots.push({ row, key: field.key, absent: field.absent });
  };
  for (const part of parts) {
    if (part.kind === "list") for (const row of (sample[part.key] as readonly Row[] | undefined) ?? []) addSlots(part.fields, row);
    else if (part.kind !== "entries") addSlots([part], sample);
  }
  return (values) => {
    for (let position = 0; position < slots.length; position++) {
      const { row, key, absent } = slots[position]!;
      const value = values[position] ?? null;
      if (value !== null || absent === "null") row[key] = value;
      else if (key in row) delete row[key];
    }
    return sample;
  };
}

function describe(parts: readonly Part[], fact: Fact): SeriesPosition[] {
  const positions: SeriesPosition[] = [];
  for (const part of parts) {
    if (part.kind === "series") positions.push({ field: part.key, unit: part.unit, subject: "" });
    if (part.kind !== "list") continue;
    for (const row of (fact[part.key] as readonly Row[] | undefined) ?? []) {
      for (const field of part.fields) {
        if (field.kind === "series")
          positions.push({ field: `${part.key}.${field.key}`, unit: field.unit, subject: String(row[part.subject]) });
      }
    }
  }
  return positions;
}

function seriesOf(part: Part): { field: string; unit: Unit }[] {
  if (part.kind === "series") return [{ field: part.key, unit: part.unit }];
  if (part.kind !== "list") return [];
  return part.fields.flatMap((field) => (field.kind === "series" ? [{ field: `${part.key}.${field.key}`, unit: field.unit }] : []));
}

/**
 * Compiles the declaration of a check's sample. Throws when a field is not declared with a kind, or when a list has no
 * subject: both are mistakes of the declaration, not of data.
 */
export function compileCodec<Check extends AnyCheck>(definition: Check): SampleCodec<SampleOf<Check>> {
  const shape = (definition.sample as z.ZodObject).shape as Readonly<Record<string, z.ZodType>>;
  const parts = Object.entries(shape).map(([key, schema]) => compilePart(key, schema, definition.id));
  return {
    split: (sample) => split(parts, sample),
    join: (fact, values, entries = {}) => join(parts, fact, values, entries) as SampleOf<Check>,
    joiner: (fact) => joiner(parts, fact) as (values: readonly (number | null)[]) => SampleOf<Check>,
    describe: (fact) => describe(parts, fact),
    series: parts.flatMap(seriesOf),
  };
}

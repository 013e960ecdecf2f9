/**
 * The field kinds of a sample. A check declares each field once, with a sentence and (in its name) its unit; storage,
 * graphs, forms and documentation all read this declaration.
 *
 * - `series`: a number over time. Kept for every sample, rolled up hourly, drawn as a graph.
 * - `fact`: describes the thing measured. Kept when it changes.
 * - `subject`: names the thing within a list (a volume, a service). The list's rows are told apart by it.
 * - `entries`: things that happened, each with its own time. Kept one by one.
 */
import { z } from "zod";

/** How a field is stored, and the unit that its number carries. */
export interface FieldMeta {
  readonly store: "series" | "fact" | "subject" | "entries";
  readonly unit?: Unit;
  /** `device`: a moment that the device's clock gave; ingest puts it on the server's. */
  readonly clock?: "device";
}

/** Units a number can carry; the field's name ends with the unit as well (`availableBytes`). */
export type Unit = "bytes" | "percent" | "count" | "seconds" | "number";

const fieldMeta = new WeakMap<z.core.$ZodType, FieldMeta>();

function declare<T extends z.ZodType>(schema: T, meta: FieldMeta, description: string): T {
  const described = schema.describe(description);
  fieldMeta.set(described, meta);
  return described;
}

/** The declaration of a field, seen through `.nullable()` and `.optional()`; undefined for a field that was not declared with a kind. */
export function metaOf(schema: z.core.$ZodType): FieldMeta | undefined {
  const found = fieldMeta.get(schema);
  if (found) return found;
  const inner = (schema as { def?: { innerType?: z.core.$ZodType } }).def?.innerType;
  return inner ? metaOf(inner) : undefined;
}

const finite = () => z.number();

/** Numbers over time. */
export const series = {
  bytes: (description: string) => declare(finite().min(0), { store: "series", unit: "bytes" }, description),
  percent: (description: string) => declare(finite().min(0).max(100), { store: "series", unit: "percent" }, description),
  count: (description: string) => declare(z.int().min(0), { store: "series", unit: "count" }, description),
  seconds: (description: string) => declare(finite().min(0), { store: "series", unit: "seconds" }, description),
  number: (description: string) => declare(finite(), { store: "series", unit: "number" }, description),
};

/** Properties that seldom change. */
export const fact = {
  text: (description: string) => declare(z.string().max(1_000), { store: "fact" }, description),
  bytes: (description: string) => declare(finite().min(0), { store: "fact", unit: "bytes" }, description),
  count: (description: string) => declare(z.int().min(0), { store: "fact", unit: "count" }, description),
  percent: (description: string) => declare(finite().min(0).max(100), { store: "fact", unit: "percent" }, description),
  number: (description: string) => declare(finite(), { store: "fact", unit: "number" }, description),
  flag: (description: string) => declare(z.boolean(), { store: "fact" }, description),
  /**
   * A moment by the device's clock, as Unix time in milliseconds: when something happened there, or was seen there. Judges, evidence and
   * what is stored have it on the server's clock; see ingest/sample-time.ts.
   */
  moment: (description: string) => declare(z.int().min(0), { store: "fact", clock: "device" }, description),
  /** A moment that somebody else has stated, whatever the device's clock says: the end of a certificate. Unix time in milliseconds. */
  statedMoment: (description: string) => declare(z.int().min(0), { store: "fact" }, description),
  oneOf: <const Values extends readonly [string, ...string[]]>(values: Values, description: string) =>
    declare(z.enum(values), { store: "fact" }, description),
  /** A table that describes the thing as a whole, at most 500 rows: its rows are no things that are judged one by one. */
  rows: <Shape extends z.ZodRawShape>(shape: Shape, description: string) =>
    declare(z.array(z.object(shape)).max(500), { store: "fact" }, description),
};

/** The name that tells the rows of a list apart. */
export const subject = (description: string) => declare(z.string().min(1).max(512), { store: "subject" }, description);

/** Things that happened since the last sample, at most 200 a sample; each row carries `at`, by the device's clock, Unix time in milliseconds. */
export const entries = <Shape extends z.ZodRawShape>(shape: Shape, description: string) =>
  declare(
    z.array(z.object({ at: fact.moment("When it happened, Unix time in milliseconds."), ...shape })).max(200),
    { store: "entries" },
    description,
  );

/** A list of things that the check looks at, at most 500; exactly one field of a row is its `subject`. */
export const list = <Shape extends z.ZodRawShape>(shape: Shape) => z.array(z.object(shape)).max(500);

/**
 * Settings, with their default. `describe` texts are for the reference; what a person reads in a form comes from the
 * feature's message catalogue under the same name.
 */
export const setting = {
  percent: (value: number, description: string) =>
    z.number().min(0).max(100).default(value).describe(description).meta({ unit: "percent" }),
  bytes: (value: number, description: string) => z.number().min(0).default(value).describe(description).meta({ unit: "bytes" }),
  count: (value: number, description: string, max = 1_000) =>
    z.int().min(0).max(max).default(value).describe(description).meta({ unit: "count" }),
  days: (value: number, description: string) => z.number().min(0).max(3_650).default(value).describe(description).meta({ unit: "days" }),
  hours: (value: number, description: string) => z.number().min(0).max(8_760).default(value).describe(description).meta({ unit: "hours" }),
  minutes: (value: number, description: string) =>
    z.number().min(0).max(10_080).default(value).describe(description).meta({ unit: "minutes" }),
  seconds: (value: number, description: string, max = 86_400) =>
    z.number().min(0).max(max).default(value).describe(description).meta({ unit: "seconds" }),
  milliseconds: (value: number, description: string, max = 60_000) =>
    z.int().min(0).max(max).default(value).describe(description).meta({ unit: "milliseconds" }),
  text: (value: string, description: string, longest = 512) => z.string().max(longest).default(value).describe(description),
  /** A password or the like; see secret-settings.ts. Only in a selection. The agent gets it as text, empty when none is set. */
  secret: (description: string) => z.string().max(512).default("").describe(description).meta({ secret: true }),
  flag: (value: boolean, description: string) => z.boolean().default(value).describe(description),
  names: (value: readonly string[], description: string) =>
    z
      .array(z.string().min(1).max(512))
      .max(200)
      .default([...value])
      .describe(description),
  oneOf: <const Values extends readonly [string, ...string[]]>(values: Values, value: Values[number], description: string) =>
    z
      .enum(values)
      .default(value as never)
      .describe(description),
  /** Lines of a table, at most 100, none by default. @param columns made by `column`; the first tells what a line is about */
  lines: <Columns extends z.ZodRawShape>(columns: Columns, description: string) =>
    z.array(z.object(columns)).max(100).default([]).describe(description),
};

/** Columns of `setting.lines`. What is no name may be left empty: then the line says nothing of it. */
export const column = {
  name: (description: string) => z.string().min(1).max(512).describe(description),
  count: (description: string, max = 1_000, min = 0) => z.int().min(min).max(max).optional().describe(description).meta({ unit: "count" }),
  minutes: (description: string) => z.number().min(0).max(10_080).optional().describe(description).meta({ unit: "minutes" }),
};

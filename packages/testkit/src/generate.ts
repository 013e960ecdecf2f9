/**
 * Values that fit a zod schema, made from a seed: the same seed gives the same value, so that a failing one can be had again.
 * Edges come often: nothing, zero, the smallest, the largest, strange text.
 */
import type { z } from "zod";

export interface Generator {
  /** A whole number from 0 up to and without the limit. */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Mulberry32 by Tommy Ettinger, public domain. */
export function generatorOf(seed: number): Generator {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { below, pick: (from) => from[below(from.length)]! };
}

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly entries?: Readonly<Record<string, string>>;
}

const definitionOf = (schema: z.ZodType): Definition => (schema as unknown as { def: Definition }).def;

/** @param name of the field, so that the rows of a list can be told apart. Throws for a kind of schema that checks do not use. */
export function generate(schema: z.ZodType, random: Generator, name = "value"): unknown {
  const definition = definitionOf(schema);
  switch (definition.type) {
    case "object":
      return Object.fromEntries(
        Object.entries(definition.shape!)
          .map(([key, field]) => [key, generate(field, random, key)] as const)
          .filter(([, value]) => value !== undefined),
      );
    case "array":
      return Array.from({ length: random.pick([0, 1, 1, 2, 5]) }, (_, index) => generate(definition.element!, random, `${name}-${index}`));
    case "nullable":
      return random.below(3) === 0 ? null : generate(definition.innerType!, random, name);
    case "optional":
      return random.below(3) === 0 ? undefined : generate(definition.innerType!, random, name);
    case "default":
      return generate(definition.innerType!, random, name);
    case "boolean":
      return random.below(2) === 0;
    case "enum":
      return random.pick(Object.values(definition.entries!));
    case "string":
      return generateText(schema as z.ZodString, random, name);
    case "number":
      return generateNumber(schema as z.ZodNumber, random);
    default:
      throw new Error(`The generator does not know schemas of type "${definition.type}".`);
  }
}

function generateText(schema: z.ZodString, random: Generator, name: string): string {
  const longest = schema.maxLength ?? 1_000;
  const texts = ["", "/", name, `${name} "quoted" \\ back`, "C:", "größer ∅ 漢字 🖴", "line\nbreak", "x".repeat(longest)];
  const fitting = texts.filter(({ length }) => length >= (schema.minLength ?? 0) && length <= longest);
  return random.pick(fitting);
}

function generateNumber(schema: z.ZodNumber, random: Generator): number {
  const smallest = Math.max(schema.minValue ?? -1e15, -1e15);
  const largest = Math.min(schema.maxValue ?? 1e15, 1e15);
  const between =
    smallest + (random.below(1_000_000) / 1_000_000) * (Math.min(largest, random.pick([10, 1_000, 1e9, 1e13, 1e15])) - smallest);
  const numbers = [smallest, largest, 0, 1, 99.5, between, between, between].filter((value) => value >= smallest && value <= largest);
  const value = random.pick(numbers);
  return schema.format === "safeint" ? Math.floor(value) : value;
}

/** Makes the subjects of each list of a sample different from each other, as the protocol promises. */
export function withDifferentSubjects(
  sample: Record<string, unknown>,
  subjects: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(sample).map(([field, value]) => {
      const subject = subjects[field];
      if (subject === undefined || !Array.isArray(value)) return [field, value];
      return [
        field,
        value.map((row: Record<string, unknown>, index) => ({ ...row, [subject]: `${String(row[subject]).slice(0, 500)}#${index}` })),
      ];
    }),
  );
}

import { expect, test } from "bun:test";
import { z } from "zod";
import { generate, generatorOf } from "./generate.ts";

const schema = z.object({
  text: z.string().min(1).max(20),
  count: z.int().min(0),
  share: z.number().min(0).max(100),
  any: z.number(),
  maybe: z.number().nullable(),
  optional: z.boolean().optional(),
  kind: z.enum(["one", "two"]),
  rows: z.array(z.object({ at: z.int().min(0) })).max(500),
  defaulted: z.number().min(1).max(2).default(1),
});
const made = Array.from({ length: 500 }, (_, seed) => generate(schema, generatorOf(seed)) as z.infer<typeof schema>);

test("what is made fits the schema", () => {
  expect(made.filter((value) => !schema.safeParse(value).success)).toEqual([]);
});

test("the same seed makes the same", () => {
  expect(generate(schema, generatorOf(7))).toEqual(made[7]);
});

test("the edges come", () => {
  expect(new Set(made.map(({ kind }) => kind))).toEqual(new Set(["one", "two"]));
  for (const share of [0, 100]) expect(made.some((value) => value.share === share)).toBe(true);
  expect(made.some(({ maybe }) => maybe === null)).toBe(true);
  expect(made.some((value) => !("optional" in value))).toBe(true);
  expect(made.some(({ rows }) => rows.length === 0)).toBe(true);
  expect(made.some(({ any }) => any < 0)).toBe(true);
});

test("a schema that it does not know is refused", () => {
  expect(() => generate(z.date(), generatorOf(1))).toThrow("date");
});

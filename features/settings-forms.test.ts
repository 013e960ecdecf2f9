/** Every setting of every check can be set by a person: a fitting field, with unit, range, label and help in both languages. */
import { describe, expect, test } from "bun:test";
import { fieldsOf, type Field } from "@hauswart/console/forms/schema.ts";
import { languages } from "@hauswart/protocol/format.ts";
import { z } from "zod";
import judgedChecks from "./registry/server.ts";

const fields = judgedChecks.flatMap(({ definition, messages }) => {
  const { selection, judgement } = definition as unknown as { selection: z.ZodObject; judgement: z.ZodObject };
  const schema = z.toJSONSchema(z.object({ ...selection.shape, ...judgement.shape }), { io: "input" });
  return fieldsOf(schema).map((field) => [`${definition.id} ${field.name}`, field, messages] as const);
});

test("there are settings", () => expect(fields.length).toBeGreaterThan(30));

const isNumber = ({ kind }: Field) => kind === "number" || kind === "integer";

describe.each(fields)("%s", (_, field, messages) => {
  test("has a field of its kind, with unit, range and default", () => {
    expect(field.kind).not.toBe("json");
    expect(field.fallback).toBeDefined();
    if (!isNumber(field)) return;
    expect(field.unit).not.toBe("");
    expect(field.minimum).toBeDefined();
    if (field.unit !== "bytes") expect(field.maximum).toBeDefined();
  });

  test("says in both languages what it is and what it does", () => {
    for (const language of languages) {
      const {
        label,
        help,
        choices = {},
        columns = {},
      } = (messages[language].settings as Record<string, { label: string; help: string; choices?: object; columns?: object }>)[field.name]!;
      expect([language, label.length > 3, help.length > 3]).toEqual([language, true, true]);
      expect(Object.keys(choices)).toEqual(field.kind === "choice" ? [...field.options] : []);
      expect(Object.keys(columns)).toEqual((field.columns ?? []).map(({ name }) => name));
    }
  });
});

/** Looks into zod schemas, as far as declarations of checks use them. */
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import { metaOf } from "@hauswart/protocol/fields.ts";
import type { z } from "zod";

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

const definitionOf = (schema: z.ZodType): Definition => (schema as unknown as { def: Definition }).def;

/** The schema within nullable, optional and default. */
export function coreOf(schema: z.ZodType): z.ZodType {
  const { innerType } = definitionOf(schema);
  return innerType ? coreOf(innerType) : schema;
}

export const shapeOf = (schema: z.ZodObject): Readonly<Record<string, z.ZodType>> => schema.shape;

/** The schemas of a check, which the platform's type of any check leaves open. */
export const schemasOf = (
  check: AnyCheck,
): { readonly sample: z.ZodObject; readonly selection: z.ZodObject; readonly judgement: z.ZodObject } => check;

/** The fields of a list's rows; undefined for what is no list of objects. */
export function rowShapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  const { type, element } = definitionOf(coreOf(schema));
  return type === "array" && element ? definitionOf(element).shape : undefined;
}

/** The nearest description, from the outside inwards. */
export function descriptionOf(schema: z.ZodType): string | undefined {
  const { innerType } = definitionOf(schema);
  return schema.description ?? (innerType ? descriptionOf(innerType) : undefined);
}

/** The name of each list's subject. */
export function subjectsOf(check: AnyCheck): Record<string, string> {
  return Object.fromEntries(
    Object.entries(shapeOf(schemasOf(check).sample)).flatMap(([field, schema]) => {
      const subject = Object.entries(rowShapeOf(schema) ?? {}).find(([, inner]) => metaOf(inner)?.store === "subject")?.[0];
      return subject === undefined ? [] : [[field, subject] as const];
    }),
  );
}

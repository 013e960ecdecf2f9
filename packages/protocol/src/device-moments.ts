/** Moments in a sample that the device's clock gave, and how they are put on another clock. */
import type { z } from "zod";
import { metaOf } from "./fields.ts";
import { defOf, unwrap } from "./sample-codec.ts";

type Row = Readonly<Record<string, unknown>>;
type Move = (value: unknown, byMs: number) => unknown;

/**
 * Compiles what moves the moments of a check's samples: those declared by `fact.moment`, wherever they stand, and the `at` of entries.
 * @returns undefined where no moment is declared. The sample that is handed in is left as it is; no moment comes to lie before 1970.
 */
export function compileMomentMove(sample: z.ZodType): ((sample: Row, byMs: number) => Record<string, unknown>) | undefined {
  return moveOf(sample) as ((sample: Row, byMs: number) => Record<string, unknown>) | undefined;
}

function moveOf(schema: z.ZodType): Move | undefined {
  if (metaOf(schema)?.clock === "device") return (value, byMs) => (typeof value === "number" ? Math.max(0, value + byMs) : value);
  const { element, shape } = defOf(unwrap(schema).core);
  const each = element && moveOf(element);
  if (each) return (value, byMs) => (Array.isArray(value) ? value.map((item) => each(item, byMs)) : value);
  const fields = Object.entries(shape ?? {}).flatMap(([key, field]) => {
    const move = moveOf(field);
    return move ? [{ key, move }] : [];
  });
  if (fields.length === 0) return undefined;
  return (value, byMs) => {
    const moved: Record<string, unknown> = { ...(value as Row) };
    for (const { key, move } of fields) if (moved[key] !== undefined) moved[key] = move(moved[key], byMs);
    return moved;
  };
}

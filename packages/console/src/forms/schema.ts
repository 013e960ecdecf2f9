/** Reads the JSON Schema of a check's settings into fields that a form can draw. */
export interface Field {
  readonly name: string;
  /** `json` is for a shape that the console does not know; it is edited as text. */
  readonly kind: "number" | "integer" | "flag" | "choice" | "names" | "text" | "secret" | "lines" | "json";
  /** percent, bytes, count, days, minutes …; empty for none. */
  readonly unit: string;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** Characters that a text may have. */
  readonly longest?: number | undefined;
  readonly options: readonly string[];
  readonly fallback: unknown;
  readonly description: string;
  /** Of a table: the fields of a line. */
  readonly columns?: readonly Field[];
}

type Schema = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);
/** Integers get the bounds of a double in their schema; they are no bounds that a person needs to know. */
const bound = (value: unknown) => (typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined);

function kindOf(schema: Schema): Field["kind"] {
  if (schema["type"] === "boolean") return "flag";
  if (schema["type"] === "integer") return "integer";
  if (schema["type"] === "number") return "number";
  if (schema["type"] === "string") return Array.isArray(schema["enum"]) ? "choice" : schema["secret"] === true ? "secret" : "text";
  const items = schema["type"] === "array" && isObject(schema["items"]) ? schema["items"] : {};
  if (items["type"] === "string") return "names";
  return columnsOf(items).length > 0 ? "lines" : "json";
}

/** What a line of a table is made of; none where a column is of a kind that a line has no room for. */
function columnsOf(items: Schema): readonly Field[] {
  const columns = fieldsOf(items);
  return columns.every(({ kind }) => kind === "text" || kind === "number" || kind === "integer") ? columns : [];
}

/** The fields of a settings schema, in its order; none for something that is no object schema. */
export function fieldsOf(schema: Schema): Field[] {
  const properties = schema["properties"];
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isObject(property)) return [];
    const kind = kindOf(property);
    return {
      name,
      kind,
      unit: typeof property["unit"] === "string" ? property["unit"] : "",
      minimum: bound(property["minimum"]),
      maximum: bound(property["maximum"]),
      ...(typeof property["maxLength"] === "number" ? { longest: property["maxLength"] } : {}),
      options: Array.isArray(property["enum"]) ? property["enum"].map(String) : [],
      fallback: property["default"],
      description: typeof property["description"] === "string" ? property["description"] : "",
      ...(kind === "lines" ? { columns: columnsOf(property["items"] as Schema) } : {}),
    };
  });
}

/** Units in which people enter amounts of data, largest first. */
export const byteUnits = [
  ["TB", 1e12],
  ["GB", 1e9],
  ["MB", 1e6],
] as const;
export type ByteUnit = (typeof byteUnits)[number][0];

/** The largest unit in which an amount is a whole number of hundredths. */
export function byteUnitOf(bytes: number): ByteUnit {
  return byteUnits.find(([, size]) => bytes >= size && Number.isInteger(Math.round((bytes / size) * 1e6) / 1e4))?.[0] ?? "GB";
}

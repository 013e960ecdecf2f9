/**
 * Writes packages/server/src/database/schema.gen.ts from a migrated database: one interface per table, as Kysely wants it.
 * Run it after a new migration: `bun tools/database-types.ts`. A test proves that the file is current.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Tx } from "../packages/server/src/database/database.ts";
import { testDatabase } from "../packages/testkit/src/database.ts";

export const schemaTypesPath = fileURLToPath(new URL("../packages/server/src/database/schema.gen.ts", import.meta.url));

interface Column {
  table: string;
  column: string;
  type: string;
  isNullable: boolean;
  hasDefault: boolean;
  /** Values of a check constraint like `kind in ('a', 'b')`. */
  constraint: string | null;
}

/** Types by PostgreSQL's names; what is not here stops the tool. */
const plainTypes: Record<string, string> = {
  uuid: "string",
  text: "string",
  boolean: "boolean",
  smallint: "number",
  integer: "number",
  bigint: "Bigint",
  "double precision": "number",
  numeric: "string",
  "timestamp with time zone": "Timestamp",
  date: "string",
  jsonb: "Json",
  bytea: "Buffer",
  xid8: "string",
  inet: "string",
};

const columnsQuery = `
  select c.relname as "table", a.attname as "column", format_type(a.atttypid, null) as type, not a.attnotnull as "isNullable",
    a.atthasdef or a.attidentity <> '' as "hasDefault",
    (select pg_get_constraintdef(k.oid) from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum] order by k.oid limit 1) as "constraint"
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'hauswart'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition and a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attnum`;

/** The text of schema.gen.ts for the database behind this transaction. */
export async function schemaTypes(tx: Tx): Promise<string> {
  const columns = await tx.sql<Column>(columnsQuery);
  const tables = Map.groupBy(columns, ({ table }) => table);
  return [
    "/** Tables as Kysely knows them. Made by tools/database-types.ts from the migrations; do not edit. */",
    'import type { ColumnType, Generated } from "kysely";',
    "",
    "/** Read as a Date; written as a Date or an ISO text. */",
    "type Timestamp = ColumnType<Date, Date | string, Date | string>;",
    "/** Read as a number (a BigInt beyond 2^53, which no column here reaches). */",
    "type Bigint = ColumnType<number, number | bigint, number | bigint>;",
    "/** Read as what it holds; written as JSON text, see `json` in query.ts. */",
    "type Json = ColumnType<unknown, string, string>;",
    "",
    ...[...tables].flatMap(([table, ofTable]) => [`export interface ${typeName(table)} {`, ...ofTable.map(columnLine), "}", ""]),
    "export interface Schema {",
    ...[...tables.keys()].map((table) => `  ${table}: ${typeName(table)};`),
    "}",
    "",
  ].join("\n");
}

function columnLine(column: Column): string {
  const type = columnType(column);
  const nullable = column.isNullable ? `${type} | null` : type;
  return `  ${column.column}: ${column.hasDefault ? `Generated<${nullable}>` : nullable};`;
}

function columnType({ table, column, type, constraint }: Column): string {
  const isArray = type.endsWith("[]");
  const plain = plainTypes[isArray ? type.slice(0, -2) : type];
  if (plain === undefined) throw new Error(`${table}.${column} has the type ${type}; add it to tools/database-types.ts`);
  if (isArray) return plain === "Timestamp" ? "Date[]" : plain === "Bigint" ? "number[]" : `${plain}[]`;
  const values =
    constraint !== null && /= (ANY|')/.test(constraint)
      ? [...constraint.matchAll(/'([^']*)'::text/g)].map(([, value]) => JSON.stringify(value))
      : [];
  return plain === "string" && values.length > 0 ? values.join(" | ") : plain;
}

function typeName(table: string): string {
  return `${table.replaceAll(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}Table`;
}

if (import.meta.main) {
  await using database = await testDatabase();
  writeFileSync(schemaTypesPath, await database.unwalled("types of the schema", schemaTypes));
}

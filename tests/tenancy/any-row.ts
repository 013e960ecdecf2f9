/**
 * Makes a row for any table, from what the catalogue says of its columns, so that a table that is added later is tested
 * without anybody thinking of it. Foreign keys are switched off meanwhile; checks hold.
 */
import { newId } from "@hauswart/protocol/ids.ts";
import type { Client } from "pg";

/** A table in the schema hauswart, partitions not counted. */
export interface Table {
  readonly name: string;
  /** From its comment: provider, provider-secret, customer, customer-or-provider, none; undefined without one. */
  readonly owner: string | undefined;
  readonly isWalled: boolean;
  readonly columns: readonly Column[];
  /** Columns of the primary key, or of the first index where there is none. */
  readonly key: readonly string[];
}

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly hasDefault: boolean;
  /** Texts that a check allows. */
  readonly choices: readonly string[];
}

/** Every table, by name. */
export async function allTables(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { comment: string | null }>(`
    select c.relname as name, obj_description(c.oid, 'pg_class') as comment, c.relrowsecurity and c.relforcerowsecurity as "isWalled",
      (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, null), 'isRequired', a.attnotnull, 'hasDefault', a.atthasdef,
         'choices', coalesce((select jsonb_agg(m[1]) from pg_constraint k, regexp_matches(pg_get_constraintdef(k.oid), '''([^'']+)''::text', 'g') m
           where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]), '[]')) order by a.attnum)
       from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      coalesce((select (select jsonb_agg(a.attname order by k.place) from unnest(i.indkey::int2[]) with ordinality k(attnum, place) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum)
        from pg_index i where i.indrelid = c.oid order by i.indisprimary desc, i.indexrelid limit 1), '[]') as key
    from pg_class c where c.relnamespace = 'hauswart'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by c.relname`);
  return rows.map(({ comment, ...table }) => ({ ...table, owner: /^owner: ([a-z-]+)$/.exec(comment ?? "")?.[1] }));
}

/** Values of a row that fits the table; `given` wins. Every text that is free carries the mark. */
export function anyRow(table: Table, given: Readonly<Record<string, unknown>>, mark: string): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const column of table.columns) {
    if (column.name in given) row[column.name] = given[column.name];
    else if (column.isRequired && !column.hasDefault) row[column.name] = anyValue(column, mark);
  }
  return row;
}

let counter = 0;
/** Counted apart: columns have bounds, such as the minutes of a day, which the count of all values outgrows. */
let numbers = 0;

function anyValue({ type, choices, name }: Column, mark: string): unknown {
  if (choices.length > 0) return choices[0];
  counter++;
  if (type.endsWith("[]")) return "{}";
  switch (type) {
    case "uuid":
      return newId();
    case "text":
      return `${mark} ${name} ${counter}`;
    case "smallint":
    case "integer":
    case "bigint":
    case "double precision":
      return ++numbers;
    case "boolean":
      return true;
    case "timestamp with time zone":
    case "date":
      return new Date();
    case "jsonb":
      return JSON.stringify({ note: mark });
    case "bytea":
      return Buffer.from(`${mark} ${counter}`);
    default:
      throw new Error(`No value is known for the type ${type} of the column ${name}; add one here.`);
  }
}

/** Writes a row as the superuser, around the wall and without asking for what it refers to. */
export async function plant(client: Client, table: Table, row: Readonly<Record<string, unknown>>): Promise<void> {
  const names = Object.keys(row);
  await client.query("set session_replication_role = replica");
  await client.query(
    `insert into hauswart.${table.name} (${names.join(", ")}) values (${names.map((_, index) => `$${index + 1}`).join(", ")})`,
    Object.values(row),
  );
  await client.query("set session_replication_role = origin");
}

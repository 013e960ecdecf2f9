/** The tables of the schema `hauswart` as the catalogue lists them: what a backup takes, and in which order it can be put back. */
import type { Client } from "pg";
import { BackupError } from "./backup-error.ts";

export interface SourceTable {
  readonly name: string;
  /** Without generated ones. */
  readonly columns: readonly string[];
  readonly partitions: readonly string[];
}

/** Which migrations have run is told by the manifest; the table is written again when they run. */
const leftOut = ["migration"];

const tablesQuery = `
  select c.relname::text as name,
    (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
    coalesce((select array_agg(p.relname::text order by p.relname) from pg_inherits i join pg_class p on p.oid = i.inhrelid where i.inhparent = c.oid), '{}') as partitions
  from pg_class c
  where c.relnamespace = 'hauswart'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> all ($1::text[])
  order by c.relname`;

const referencesQuery = `
  select distinct child.relname::text as child, parent.relname::text as parent
  from pg_constraint k join pg_class child on child.oid = k.conrelid join pg_class parent on parent.oid = k.confrelid
  where k.contype = 'f' and child.relnamespace = 'hauswart'::regnamespace and child.oid <> parent.oid`;

/** All tables with rows to keep, those that are referred to before those that refer. */
export async function listTables(client: Client): Promise<SourceTable[]> {
  const { rows: tables } = await client.query<SourceTable>(tablesQuery, [leftOut]);
  const { rows: references } = await client.query<{ child: string; parent: string }>(referencesQuery);
  return parentsFirst(tables, references);
}

/** Pure. Throws BackupError when tables refer to each other in a circle, because then neither can be filled first. */
export function parentsFirst(tables: readonly SourceTable[], references: readonly { child: string; parent: string }[]): SourceTable[] {
  const sorted: SourceTable[] = [];
  let waiting = [...tables];
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ name }) => name));
    const isFree = ({ name }: SourceTable) => !references.some(({ child, parent }) => child === name && names.has(parent));
    const free = waiting.filter(isFree);
    if (free.length === 0)
      throw new BackupError(`The tables ${[...names].join(", ")} refer to each other in a circle; they cannot be put back.`);
    sorted.push(...free);
    waiting = waiting.filter((table) => !free.includes(table));
  }
  return sorted;
}

/** Columns as SQL takes them. */
export const columnList = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(", ");

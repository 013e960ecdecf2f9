/**
 * Typed statements: `tx.all(query.selectFrom("device").select("name").where(…))`. Kysely only writes the SQL here; it has no
 * connection. Tables and columns come from schema.gen.ts.
 */
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { Schema } from "./schema.gen.ts";

export const query = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** A value for a jsonb column. The driver would take an array for a PostgreSQL array, so JSON always goes in as text. */
export function json(value: unknown): string {
  return JSON.stringify(value);
}

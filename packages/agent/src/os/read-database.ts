/** SQLite files of other programs: opened for reading, asked once, closed. Loaded when first used. */
import { Database } from "bun:sqlite";
import { osError } from "./read-files.ts";

/** Throws OsError. */
export function readDatabase(path: string, query: string): readonly Readonly<Record<string, unknown>>[] {
  let database: Database | undefined;
  try {
    database = new Database(path, { readonly: true, create: false });
    // The program that it belongs to may be writing.
    database.run("PRAGMA busy_timeout = 2000");
    return database.query(query).all() as Readonly<Record<string, unknown>>[];
  } catch (error) {
    throw osError(path, error);
  } finally {
    database?.close();
  }
}

/** Where the embedded PostgreSQL of a data folder answers, without starting it or touching anything. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chooseAccount } from "./account.ts";
import { findPostmaster } from "./postmaster.ts";
import { chooseSocketDirectory } from "./places.ts";

/** @returns the folder of its socket; undefined when it does not run */
export function findRunningPostgres(dataDirectory: string, postgresUser: string | undefined): string | undefined {
  const pointer = join(dataDirectory, "postgresql-is-in");
  const home = existsSync(pointer) ? readFileSync(pointer, "utf8").trim() : dataDirectory;
  if (findPostmaster(join(home, "postgresql")) === undefined) return undefined;
  return chooseSocketDirectory(home, chooseAccount(postgresUser));
}

/** Whether a cluster has been made for this data folder. */
export function hasCluster(dataDirectory: string): boolean {
  const pointer = join(dataDirectory, "postgresql-is-in");
  const home = existsSync(pointer) ? readFileSync(pointer, "utf8").trim() : dataDirectory;
  return existsSync(join(home, "postgresql", "PG_VERSION"));
}

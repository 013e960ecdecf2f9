/** Where the embedded PostgreSQL of a data folder lies and answers, without starting it or touching anything. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chooseAccount } from "./account.ts";
import { findPostmaster } from "./postmaster.ts";
import { chooseSocketDirectory, homePointer } from "./places.ts";

/** The folder with the cluster: the data folder itself, unless PostgreSQL's account may not enter it. */
export function clusterHome(dataDirectory: string): string {
  const pointer = homePointer(dataDirectory);
  return existsSync(pointer) ? readFileSync(pointer, "utf8").trim() : dataDirectory;
}

/** @returns the folder of its socket; undefined when it does not run */
export function findRunningPostgres(dataDirectory: string, postgresUser: string | undefined): string | undefined {
  const home = clusterHome(dataDirectory);
  if (findPostmaster(join(home, "postgresql")) === undefined) return undefined;
  return chooseSocketDirectory(home, chooseAccount(postgresUser));
}

/** Whether a cluster has been made for this data folder. */
export function hasCluster(dataDirectory: string): boolean {
  return existsSync(join(clusterHome(dataDirectory), "postgresql", "PG_VERSION"));
}

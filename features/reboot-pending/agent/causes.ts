/** Why a computer needs a restart. What each system has to supply: `ReadCauses`. */
import { OsError, type Os } from "@hauswart/agent/os/os.ts";

export interface Cause {
  readonly cause:
    | "packages"
    | "kernel"
    | "system-version"
    | "windows-update"
    | "servicing"
    | "file-replacement"
    | "computer-name"
    | "domain";
  /** What the system says about it: names of packages, the version; empty when it says no more. */
  readonly detail: string;
}

/** Sorted by cause, each once; empty when nothing waits for a restart. Throws OsError. */
export type ReadCauses = (os: Os) => Promise<readonly Cause[]>;

/** A file's text; undefined where there is no such file. */
export async function readIfThere(os: Os, path: string): Promise<string | undefined> {
  return orUndefined(os.readFile(path));
}

/** Names in a folder; undefined where there is no such folder. */
export async function listIfThere(os: Os, path: string): Promise<readonly string[] | undefined> {
  return orUndefined(os.listDirectory(path));
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof OsError && error.code === "COLLECT_UNREADABLE") return undefined;
    throw error;
  }
}

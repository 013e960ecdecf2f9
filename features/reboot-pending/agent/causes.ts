/** Why a computer needs a restart. What each system has to supply: `ReadCauses`. */
import type { Os } from "@hauswart/agent/os/os.ts";

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

/** Sorted by cause, each once; empty when nothing waits for a restart, undefined where the system does not tell. Throws OsError. */
export type ReadCauses = (os: Os) => Promise<readonly Cause[] | undefined>;

/** A computer's firewall. What each system has to supply: `ReadProfiles`. */
import type { Os } from "@hauswart/agent/os/os.ts";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import type { firewall } from "../protocol.ts";

export type Profile = SampleOf<typeof firewall>["profiles"][number];

/** Sorted by name, at least one. Throws OsError. */
export type ReadProfiles = (os: Os) => Promise<readonly Profile[]>;

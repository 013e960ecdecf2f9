/** Which volumes are encrypted. What each system has to supply: `ReadEncryption`. */
import type { Os } from "@hauswart/agent/os/os.ts";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import type { diskEncryption } from "../protocol.ts";

export type EncryptedVolume = SampleOf<typeof diskEncryption>["volumes"][number];

/** The computer's own volumes, each name once. Throws OsError. */
export type ReadEncryption = (os: Os) => Promise<readonly EncryptedVolume[]>;

/** What a system says of who is signed in at its computer. */
import type { SignedInPerson } from "@hauswart/protocol/wire/messages.ts";

export interface SignedInAtSystem {
  /** By session. null where it cannot be told. Throws OsError. */
  read(): Promise<readonly SignedInPerson[] | null>;
  /** How often it is looked where no change is heard of, milliseconds. */
  readonly everyMs: number;
  /** Hears that somebody came, went, or locked the screen. Throws where the system does not say so. @param lost nothing is heard any more @returns ends it */
  follow?(changed: () => void, lost: () => void): Promise<() => void>;
}

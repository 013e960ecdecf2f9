/** What the double does when two people edit the same thing. */
import { HauswartError } from "@hauswart/protocol/errors.ts";

/** Counts the revision of what is changed up. */
export function raise(stored: { revision: number }, given: number): void {
  if (stored.revision !== given) throw new HauswartError("CONFLICT");
  stored.revision += 1;
}

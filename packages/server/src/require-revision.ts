/** What two people edit at once is saved by the first of them; the second is shown what changed. */
import { HauswartError } from "@hauswart/protocol/errors.ts";

/**
 * @param stored of the row, which the transaction has locked
 * @param given the revision from which somebody began to edit
 * Errors: CONFLICT.
 */
export function requireRevision(stored: number, given: number): void {
  if (stored !== given) throw new HauswartError("CONFLICT", `This is at revision ${stored} by now; the change began at ${given}.`);
}

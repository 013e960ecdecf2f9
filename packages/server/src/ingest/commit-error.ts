/** What a failed commit means. Pure. */
import { isConflict, isRefusedData } from "../database/errors.ts";

/**
 * - data: PostgreSQL refuses something that is in the messages; without it the others can be stored.
 * - transient: nothing is wrong with anything; the same commit may succeed at once.
 * - away: the database is gone, full, or broken in a way that is nobody's data.
 */
export type CommitError = "data" | "transient" | "away";

/** Raised with a class of data errors when the partition for today is missing; that is no fault of a message. */
const missingPartition = "ExecFindPartition";
/** Limits of one statement that a message's content can hit, such as the size of a row (PostgreSQL manual, appendix A, class 54). */
const programLimit = /^54/;

export function kindOfCommitError(error: unknown): CommitError {
  const { code, routine } = (typeof error === "object" && error !== null ? error : {}) as { code?: unknown; routine?: unknown };
  if (routine === missingPartition) return "away";
  if (isRefusedData(error) || (typeof code === "string" && code.length === 5 && programLimit.test(code))) return "data";
  return isConflict(error) ? "transient" : "away";
}

/** What two people change in one form, field by field. Pure, tested beside. */
import { changedOf } from "../../api/changed.ts";

/**
 * Brings what somebody else saved together with a draft: what only they changed comes in, what the draft changed stays.
 * @returns `both`: fields that both changed, to different values
 */
export function mergeSaved<Draft extends object>(base: Draft, draft: Draft, saved: Draft): { draft: Draft; both: (keyof Draft)[] } {
  const mine = changedOf(base, draft);
  const theirs = changedOf(base, saved);
  const both = (Object.keys(changedOf(theirs, mine)) as (keyof Draft)[]).filter((field) => field in theirs);
  return { draft: { ...saved, ...mine }, both };
}

/** What somebody who was called hears when it is over or taken on, and who now. Pure. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { LetterItem } from "../../mail/compose/decide.ts";

/** A finding for which somebody was called, and that needs nobody any more. */
export interface SettledFinding {
  readonly findingId: Id;
  readonly isOver: boolean;
  /** Who has taken it on; null: nobody, it ended by itself. */
  readonly takenBy: { readonly accountId: string; readonly name: string } | null;
}

/** So long after a call somebody is still at it, and hears at once that they can stop. */
const awakeMs = 60 * 60_000;

/**
 * Whom all-clears leave to: at once to everybody, but in quiet hours they wake nobody whose last call is longer ago than an hour.
 * @param quietUntilMs when the quiet hours of the house end; now or earlier when there are none
 * @returns since when somebody must have been called to hear it now, Unix milliseconds
 */
export const calledSinceMs = (quietUntilMs: number, nowMs: number): number => (quietUntilMs > nowMs ? nowMs - awakeMs : 0);

/** What is told of: not what the person has taken on alone, because whoever acknowledges knows, and follows it from then on. */
export const itemsFor = (accountId: Id, findings: readonly SettledFinding[]): LetterItem[] =>
  findings
    .filter(({ takenBy }) => takenBy?.accountId !== accountId)
    .map(({ findingId, isOver }) => ({ findingId, told: isOver ? "recovery" : "alarm", severityBefore: undefined }));

/** When a mail that waits is stuck. */

/** Long enough for one refusal for the time being (greylisting, RFC 6647 section 2) and the attempt after it. */
export const stuckAfterMs = 10 * 60_000;

/** Condition that a mail has waited too long, whatever keeps it. @param before a parameter's place: the moment `stuckAfterMs` ago */
export const isStuck = (before: string): string => `state = 'queued' and queued_since < ${before}::timestamptz`;

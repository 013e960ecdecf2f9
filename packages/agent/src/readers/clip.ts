/** Text that the system hands out may be longer than a sample may hold (packages/protocol/src/fields.ts). */

/** Of a fact. */
export const textLimit = 1_000;
/** Of a subject. */
export const subjectLimit = 512;

/** Shortens a text to the limit, and shows that it did. Never splits a character in two. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

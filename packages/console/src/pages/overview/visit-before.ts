/**
 * What the server said last, remembered in this browser: the first answer of the overview needs no wait for it.
 * @returns Unix milliseconds; null for nothing and for nonsense
 */
export function parseBefore(text: string | null): number | null {
  const beforeMs = text === null || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(beforeMs) ? beforeMs : null;
}

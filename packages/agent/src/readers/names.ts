import { fitsPattern } from "@hauswart/protocol/name-pattern.ts";

/** Whether one of the patterns of the settings fits the whole name. No pattern, no fit. */
export function fitsAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => fitsPattern(pattern, name));
}

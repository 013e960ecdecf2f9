/**
 * Reads evidence for texts. Evidence is stored with the finding and may be older than the text that shows it, so a value that
 * is not there shows as a dash and never as a false number.
 */
import type { Evidence } from "./check.ts";
import type { Format } from "./format.ts";

/** Stands for a value that the evidence does not hold. */
export const missingValue = "–";

export interface EvidenceText {
  bytes(name: string): string;
  percent(name: string): string;
  number(name: string, digits?: number): string;
  /** Of a value in seconds. */
  duration(name: string): string;
  /** Of a Unix time in milliseconds. */
  dateTime(name: string): string;
  text(name: string): string;
  /** The number itself, for choosing between texts; undefined when it is not there. */
  value(name: string): number | undefined;
  is(name: string, expected: string | boolean): boolean;
}

/** @returns readers that answer in the reader's language. */
export function evidenceText(evidence: Evidence, format: Format): EvidenceText {
  const value = (name: string) => {
    const found = evidence[name];
    return typeof found === "number" && Number.isFinite(found) ? found : undefined;
  };
  const written = (name: string, write: (found: number) => string) => {
    const found = value(name);
    return found === undefined ? missingValue : write(found);
  };
  return {
    value,
    bytes: (name) => written(name, (found) => format.bytes(found)),
    percent: (name) => written(name, (found) => format.percent(found)),
    number: (name, digits) => written(name, (found) => format.number(found, digits)),
    duration: (name) => written(name, (found) => format.duration(found)),
    dateTime: (name) => written(name, (found) => (found >= 0 && found <= 8.64e15 ? format.dateTime(found) : missingValue)),
    text: (name) => (typeof evidence[name] === "string" && evidence[name] !== "" ? evidence[name] : missingValue),
    is: (name, expected) => evidence[name] === expected,
  };
}

/** Evidence and settings as people read them: the unit at the end of the name says how to write the number. */
import type { Format } from "@hauswart/protocol/format.ts";
import { secretIdOf } from "@hauswart/protocol/secret-settings.ts";

/** In the place of what is shown to nobody. */
const secretWords = { de: "gesetzt, nicht sichtbar", en: "set, not shown" } as const;
const words = { de: ["ja", "nein"], en: ["yes", "no"] } as const;

/** Endings of names, longest first, and how their numbers are written. */
const writers: readonly [ending: RegExp, write: (value: number, format: Format) => string][] = [
  [/(AtMs|^atMs)$/, (value, format) => format.dateTime(value)],
  [/(OffsetMs|Ms)$/, (value, format) => `${format.number(value)} ms`],
  [/(bytesPerDay|BytesPerDay)$/, (value, format) => `${format.bytes(value)}/d`],
  [/([bB]ytes)$/, (value, format) => format.bytes(value)],
  [/([pP]ercent)$/, (value, format) => format.percent(value)],
  [/([sS]econds)$/, (value, format) => format.duration(value)],
  [/([mM]inutes)$/, (value, format) => format.duration(value * 60)],
  [/([hH]ours)$/, (value, format) => format.duration(value * 3_600)],
  [/([dD]ays|daysUntil\w+)$/, (value, format) => format.duration(value * 86_400)],
];

/** One value with its unit. `unit` overrules the name's ending. */
export function writeValue(name: string, value: unknown, format: Format, unit?: string): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return words[format.language][value ? 0 : 1];
  if (typeof value === "number") {
    if (unit === "bytes") return format.bytes(value);
    if (unit === "percent") return format.percent(value);
    if (unit === "seconds") return format.duration(value);
    if (unit === "days") return format.duration(value * 86_400);
    const writer = writers.find(([ending]) => ending.test(name));
    return writer ? writer[1](value, format) : format.number(value, Number.isInteger(value) ? 0 : 2);
  }
  if (Array.isArray(value)) return value.length === 0 ? "–" : value.map((one) => writeValue(name, one, format)).join(", ");
  if (secretIdOf(value) !== undefined) return secretWords[format.language];
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Rows for a table of evidence, in the order in which the judge gave it. */
export function evidenceRows(evidence: Readonly<Record<string, unknown>>, format: Format): { name: string; value: string }[] {
  return Object.entries(evidence).map(([name, value]) => ({ name, value: writeValue(name, value, format) }));
}

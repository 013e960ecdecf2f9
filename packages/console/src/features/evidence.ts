/** Evidence and settings as people read them: the unit at the end of the name says how to write the number. */
import { locales, type Format } from "@hauswart/protocol/format.ts";
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

/** The rule that sums up what comes and goes; the one setting that is several numbers. */
type Flapping = Record<"openings" | "withinMinutes" | "calmMinutes", number>;
const isFlapping = (value: unknown): value is Flapping =>
  typeof value === "object" && value !== null && "openings" in value && "withinMinutes" in value && "calmMinutes" in value;
const minutes = (value: number, format: Format) => format.duration(value * 60);
const flappingWords: Readonly<Record<Format["language"], (rule: Flapping, format: Format) => string>> = {
  de: ({ openings, withinMinutes, calmMinutes }, format) =>
    `ab mehr als ${openings} Befunden in ${minutes(withinMinutes, format)}, bis ${minutes(calmMinutes, format)} Ruhe ist`,
  en: ({ openings, withinMinutes, calmMinutes }, format) =>
    `from more than ${openings} findings in ${minutes(withinMinutes, format)} until ${minutes(calmMinutes, format)} of calm`,
};

/** One value with its unit. `unit` overrules the name's ending. */
export function writeValue(name: string, value: unknown, format: Format, unit?: string): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return words[format.language][value ? 0 : 1];
  if (typeof value === "number") {
    if (unit === "bytes") return format.bytes(value);
    if (unit === "percent") return format.percent(value);
    if (unit === "seconds") return format.duration(value);
    if (unit === "count") return format.number(value, 0);
    if (unit === "days") return format.duration(value * 86_400);
    const writer = writers.find(([ending]) => ending.test(name));
    return writer ? writer[1](value, format) : format.number(value, Number.isInteger(value) ? 0 : 2);
  }
  if (Array.isArray(value)) return value.length === 0 ? "–" : value.map((one) => writeValue(name, one, format)).join(", ");
  if (secretIdOf(value) !== undefined) return secretWords[format.language];
  if (isFlapping(value)) return flappingWords[format.language](value, format);
  return typeof value === "string" ? value : JSON.stringify(value);
}

const spanUnits = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** A value that somebody has set: 90 minutes are not 2 hours, as they may be where something was measured. */
export function writeSetting(name: string, value: unknown, format: Format, unit?: string): string {
  const duration = (seconds: number) => {
    const whole = spanUnits.find(([, size]) => seconds % size === 0);
    if (!whole || seconds === 0) return format.duration(seconds);
    const writer = new Intl.NumberFormat(locales[format.language], { style: "unit", unit: whole[0], unitDisplay: "long" });
    return writer.format(seconds / whole[1]);
  };
  return writeValue(name, value, { ...format, duration }, unit);
}

type Line = Readonly<Record<string, unknown>>;

/** Whether a value is the lines of a table. */
export const isLines = (value: unknown): value is readonly Line[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "object" && one !== null && !Array.isArray(one));

/** "MSSQL* (In a row 5, In 24 hours 10); nginx": what a line is about, and what it sets. */
export function writeLines(lines: readonly Line[], columnLabel: (column: string) => string, format: Format): string {
  return lines
    .map((line) => {
      const [about, ...others] = Object.entries(line).filter(([, value]) => value !== undefined);
      const set = others.map(([column, value]) => `${columnLabel(column)} ${writeValue("", value, format)}`).join(", ");
      return `${writeValue("", about?.[1], format)}${set && ` (${set})`}`;
    })
    .join("; ");
}

/** Rows for a table of evidence, in the order in which the judge gave it. */
export function evidenceRows(evidence: Readonly<Record<string, unknown>>, format: Format): { name: string; value: string }[] {
  return Object.entries(evidence).map(([name, value]) => ({ name, value: writeValue(name, value, format) }));
}

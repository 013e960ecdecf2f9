/**
 * A rule that a person writes, as one line: `Name: key=value; key=value`, such as
 * `Veeam failed: source=Veeam*; id=190,191; level=error; text=*failed*; count=2; minutes=120; severity=failure`.
 * Read by the server, which refuses what is not understood, and by the agent.
 */
import type { RuleTraits } from "./curated.ts";

/** From bad to harmless. */
export const levels = ["critical", "error", "warning", "information"] as const;
export type Level = (typeof levels)[number];

export interface OwnRule extends RuleTraits {
  readonly name: string;
  /** Patterns with *; empty = any. On Windows the channel, on Linux the transport (kernel, syslog, journal …), on macOS the subsystem. */
  readonly logs: readonly string[];
  readonly sources: readonly string[];
  readonly ids: readonly string[];
  readonly texts: readonly string[];
  /** This bad or worse. */
  readonly level: Level;
}

const listKeys = { log: "logs", source: "sources", id: "ids", text: "texts" } as const;
const longestWindowMinutes = 1_440;

/** @returns the rule, or what is wrong with it in an English sentence */
export function parseOwnRule(line: string): OwnRule | string {
  const colon = line.indexOf(":");
  const name = line.slice(0, Math.max(0, colon)).trim();
  if (name === "" || name.length > 80) return "A rule begins with a name of at most 80 characters and a colon.";
  const rule = {
    name,
    logs: [] as string[],
    sources: [] as string[],
    ids: [] as string[],
    texts: [] as string[],
    level: "information" as Level,
    severity: "warning" as RuleTraits["severity"],
    fromCount: 1,
    withinMinutes: 60,
  };
  for (const part of line
    .slice(colon + 1)
    .split(";")
    .map((one) => one.trim())
    .filter(Boolean)) {
    const problem = takePart(rule, part);
    if (problem !== undefined) return problem;
  }
  const isNarrow = rule.sources.length + rule.ids.length + rule.texts.length > 0 || rule.level === "critical" || rule.level === "error";
  return isNarrow ? rule : "A rule names a source, an id or a text, or a level of error or critical.";
}

function takePart(rule: { -readonly [Key in keyof OwnRule]: OwnRule[Key] }, part: string): string | undefined {
  const equals = part.indexOf("=");
  const key = part.slice(0, Math.max(0, equals)).trim().toLowerCase();
  const value = part.slice(equals + 1).trim();
  if (equals < 1 || value === "") return `"${part}" is no part of the form key=value.`;
  if (key in listKeys) {
    const values = value
      .split(key === "text" ? "|" : ",")
      .map((one) => one.trim())
      .filter(Boolean);
    rule[listKeys[key as keyof typeof listKeys]] = values;
    return undefined;
  }
  if (key === "level") {
    if (!levels.includes(value as Level)) return `level is one of ${levels.join(", ")}.`;
    rule.level = value as Level;
    return undefined;
  }
  if (key === "severity") {
    if (value !== "warning" && value !== "failure") return "severity is warning or failure.";
    rule.severity = value;
    return undefined;
  }
  if (key !== "count" && key !== "minutes")
    return `"${key}" is not known; known are log, source, id, level, text, count, minutes, severity.`;
  const number = Number(value);
  const limit = key === "count" ? 1_000_000 : longestWindowMinutes;
  if (!Number.isInteger(number) || number < 1 || number > limit) return `${key} is a whole number from 1 to ${limit}.`;
  rule[key === "count" ? "fromCount" : "withinMinutes"] = number;
  return undefined;
}

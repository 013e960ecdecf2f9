/**
 * What a finding says in words. The texts belong to the check's message catalogue, or to the device findings; this file only
 * finds them, and survives a feature that was removed or a text that cannot cope with old evidence.
 */
import type { Evidence } from "@hauswart/protocol/check.ts";
import { deviceCheckId, deviceFindingMessages } from "@hauswart/protocol/device-findings.ts";
import { titleWithFlaps } from "@hauswart/protocol/flapping.ts";
import type { Format, Language } from "@hauswart/protocol/format.ts";
import type { FindingMessages, FindingText } from "@hauswart/protocol/messages.ts";
import { serverCheckId, serverFindingMessages } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId, siteFindingMessages } from "@hauswart/protocol/site-findings.ts";
import type { CheckRegistry } from "../../services.ts";
import { withoutMarks } from "../access-link.ts";

/** What is needed to put a finding into words. */
export interface SpokenFinding {
  readonly checkId: string;
  readonly code: string;
  readonly subject: string;
}

export interface FindingWords {
  /** One line, without device and customer. */
  readonly title: string;
  readonly meaning: string;
  readonly advice: string;
  /** State of the subject in a few words; empty where the check has none. */
  readonly summary: string;
  /** Values behind the verdict that have a label. */
  readonly values: readonly { readonly label: string; readonly value: string }[];
}

/** Puts a finding with this evidence into words. Never throws. */
export function findingWords(checks: CheckRegistry, finding: SpokenFinding, evidence: Evidence, format: Format): FindingWords {
  const messages = messagesOf(checks, finding, format.language);
  const about = { subject: finding.subject, evidence, format };
  const check = checks.get(finding.checkId)?.messages[format.language];
  return {
    title: oneLine(titleWithFlaps(say(messages?.title, about) || bareTitle(finding), evidence, format)),
    meaning: tidy(say(messages?.meaning, about)),
    advice: tidy(say(messages?.advice, about)),
    summary: oneLine(say(check?.summary, about)),
    values: labelledValues(check?.fields ?? {}, evidence, format),
  };
}

function messagesOf(checks: CheckRegistry, { checkId, code }: SpokenFinding, language: Language): FindingMessages | undefined {
  const catalogue: Readonly<Record<string, FindingMessages>> | undefined =
    checkId === deviceCheckId
      ? deviceFindingMessages[language]
      : checkId === serverCheckId
        ? serverFindingMessages[language]
        : checkId === siteCheckId
          ? siteFindingMessages[language]
          : checks.get(checkId)?.messages[language].findings;
  return catalogue && Object.hasOwn(catalogue, code) ? catalogue[code] : undefined;
}

/** An alarm without its fine words is better than none. */
function say(text: FindingText | undefined, about: Parameters<FindingText>[0]): string {
  try {
    return text?.(about) ?? "";
  } catch {
    return "";
  }
}

const bareTitle = ({ checkId, code, subject }: SpokenFinding) => [`${checkId}: ${code}`, subject].filter(Boolean).join(" ");

/** Labels go by `field` or `list.field`; evidence is about one row of a list and says `field` alone. */
function labelledValues(fields: Readonly<Record<string, string>>, evidence: Evidence, format: Format): FindingWords["values"] {
  const labels = new Map(Object.entries(fields).map(([name, label]) => [name.slice(name.lastIndexOf(".") + 1), label]));
  return Object.entries(evidence).flatMap(([name, value]) => {
    const label = labels.get(name);
    const text = value === null ? "" : oneLine(formatted(name, value, format));
    return label && text ? [{ label: oneLine(label), value: text }] : [];
  });
}

/** Units stand at the end of a field's name. */
function formatted(name: string, value: string | number | boolean, format: Format): string {
  if (typeof value !== "number") return String(value);
  if (!Number.isFinite(value)) return "";
  if (name.endsWith("Bytes")) return format.bytes(value);
  if (name.endsWith("Percent")) return format.percent(value);
  if (name.endsWith("Seconds")) return format.duration(value);
  if (name.endsWith("AtMs")) return Math.abs(value) <= 8.64e15 ? format.dateTime(value) : "";
  return format.number(value, Number.isInteger(value) ? 0 : 2);
}

/** Control characters, and those that turn the reading direction: neither belongs into a mail's words. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Text from outside (device, volume, service) as it may stand in a subject line or a table cell. */
export function oneLine(text: string, limit = 300): string {
  const clean = withoutMarks(text.replace(/\s+/g, " ").replace(unprintable, "")).trim();
  return clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean;
}

/** Running text; line breaks stay. */
export const tidy = (text: string) =>
  text
    .split("\n")
    .map((line) => oneLine(line, 4_000))
    .join("\n")
    .trim();

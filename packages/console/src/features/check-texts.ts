/**
 * The texts of a check in one language: from its feature's card, from the findings about device and server, or, for a check that this
 * console does not know (the server is newer), made from what is there.
 */
import { deviceCheckId, deviceFindingMessages } from "@hauswart/protocol/device-findings.ts";
import { serverCheckId, serverFindingMessages } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId, siteFindingMessages } from "@hauswart/protocol/site-findings.ts";
import type { Evidence } from "@hauswart/protocol/check.ts";
import { meaningWithFlaps, titleWithFlaps } from "@hauswart/protocol/flapping.ts";
import type { Format, Language } from "@hauswart/protocol/format.ts";
import type { FindingMessages, FindingText } from "@hauswart/protocol/messages.ts";
import { parseNoData } from "@hauswart/protocol/no-data.ts";
import { evidenceRows, isLines, writeLines, writeSetting } from "./evidence.ts";
import type { FeatureCard, Limit } from "./feature.ts";

/** What a finding or a state is about. */
export interface About {
  readonly code: string;
  readonly subject: string;
  readonly evidence: Evidence;
}

export interface CheckTexts {
  readonly known: boolean;
  readonly name: string;
  readonly description: string;
  /** Series field of the sparkline; empty when there is none. */
  readonly headline: string;
  /** Lines for the graph of the headline series. */
  limits(settings: Readonly<Record<string, unknown>>, evidence: Evidence): readonly Limit[];
  /** The state of one subject in a few words. */
  summary(about: About): string;
  title(about: About): string;
  meaning(about: About): string;
  advice(about: About): string;
  fieldLabel(field: string): string;
  /** Label of a value in the evidence: of a series, or of the limit that it was compared with. undefined where nobody wrote one. */
  evidenceLabel(name: string, value: unknown): string | undefined;
  settingLabel(setting: string): string;
  settingHelp(setting: string): string;
  /** Why there is nothing to measure; as it came, when it is a sentence of an older agent or a reason of a newer one. */
  noDataText(reason: string): string;
  /** What a value of a setting is called that is one of several. */
  choiceLabel(setting: string, choice: string): string;
  /** What a column of a setting is called that is a table. */
  columnLabel(setting: string, column: string): string;
  /** A setting's value in words. */
  settingValue(setting: string, value: unknown): string;
}

interface OwnTexts {
  readonly name: string;
  readonly description: string;
  readonly findings: Readonly<Record<string, FindingMessages>>;
}

/** What is found without a check: about a device as such, and about the server. */
const ownTexts: Readonly<Record<string, Readonly<Record<Language, OwnTexts>>>> = {
  [deviceCheckId]: {
    de: {
      name: "Gerät",
      description: "Das Gerät selbst: ob sein Agent sich meldet und seine Daten stimmig sind.",
      findings: deviceFindingMessages.de,
    },
    en: {
      name: "Device",
      description: "The device itself: whether its agent is heard of and its data make sense.",
      findings: deviceFindingMessages.en,
    },
  },
  [siteCheckId]: {
    de: {
      name: "Standort",
      description: "Der Standort selbst: ob die meisten seiner Geräte auf einmal die Verbindung verlieren.",
      findings: siteFindingMessages.de,
    },
    en: {
      name: "Site",
      description: "The site itself: whether most of its devices lose their connection at once.",
      findings: siteFindingMessages.en,
    },
  },
  [serverCheckId]: {
    de: {
      name: "Hauswart-Server",
      description: "Der Server selbst: ob Mails hinausgehen, Platz da ist, gesichert wird und seine Aufgaben laufen.",
      findings: serverFindingMessages.de,
    },
    en: {
      name: "Hauswart server",
      description: "The server itself: whether mails leave, there is room, backups are made and its chores run.",
      findings: serverFindingMessages.en,
    },
  },
};

/** "availableBytes" → "available bytes": readable until somebody writes a text for it. */
export function wordsOf(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .replaceAll(/[-_]/g, " ");
}

/**
 * Makes the lookup for one language. A text is a function of evidence that may have been stored by an older version; where
 * it fails, the raw evidence is shown and the failure goes to the browser's log.
 */
export function checkTextsFor(cards: readonly FeatureCard[], language: Language, format: Format): (check: string) => CheckTexts {
  const byCheck = new Map(cards.map((card) => [card.check, card]));
  const made = new Map<string, CheckTexts>();
  const raw = (about: About) =>
    [about.subject, ...evidenceRows(about.evidence, format).map(({ name, value }) => `${wordsOf(name)} ${value}`)]
      .filter(Boolean)
      .join(", ");
  const write = (check: string, text: FindingText | undefined, about: About, otherwise: (about: About) => string) => {
    if (!text) return otherwise(about);
    try {
      return text({ subject: about.subject, evidence: about.evidence, format });
    } catch (error) {
      console.error(`text of ${check}/${about.code} failed`, error);
      return otherwise(about);
    }
  };
  const make = (check: string): CheckTexts => {
    const card = byCheck.get(check);
    const messages = card?.messages[language];
    const own = Object.hasOwn(ownTexts, check) ? ownTexts[check]?.[language] : undefined;
    const findings: Readonly<Record<string, FindingMessages>> = own?.findings ?? messages?.findings ?? {};
    // Labels go by `field` or `list.field`; evidence is about one row of a list and says `field` alone.
    const evidenceLabels = new Map(
      Object.entries(messages?.fields ?? {}).map(([name, label]) => [name.slice(name.lastIndexOf(".") + 1), label]),
    );
    const settingLabel = (setting: string) => messages?.settings[setting]?.label ?? wordsOf(setting);
    const choiceLabel = (setting: string, choice: string) => messages?.settings[setting]?.choices?.[choice] ?? wordsOf(choice);
    const columnLabel = (setting: string, column: string) => messages?.settings[setting]?.columns?.[column] ?? wordsOf(column);
    const titleOtherwise = (about: About) => [`${check}/${about.code}`, raw(about)].filter(Boolean).join(": ");
    return {
      known: messages !== undefined || own !== undefined,
      name: messages?.name ?? own?.name ?? check,
      description: messages?.description ?? own?.description ?? "",
      headline: card?.headline ?? "",
      limits: (settings, evidence) => card?.limits?.({ settings, evidence }) ?? [],
      summary: (about) => write(check, messages?.summary, about, raw),
      title: (about) => titleWithFlaps(write(check, findings[about.code]?.title, about, titleOtherwise), about.evidence, format),
      meaning: (about) =>
        meaningWithFlaps(
          write(check, findings[about.code]?.meaning, about, () => ""),
          about.evidence,
          format,
        ),
      advice: (about) => write(check, findings[about.code]?.advice, about, () => ""),
      fieldLabel: (field) => messages?.fields[field] ?? wordsOf(field),
      evidenceLabel: (name, value) => evidenceLabels.get(name) ?? (typeof value === "number" ? messages?.settings[name]?.label : undefined),
      settingLabel,
      settingHelp: (setting) => messages?.settings[setting]?.help ?? "",
      noDataText: (reason) => {
        const { code = "", about = "" } = parseNoData(reason) ?? {};
        const text = messages?.noData?.[code];
        return text === undefined ? reason : typeof text === "string" ? text : text(about);
      },
      choiceLabel,
      columnLabel,
      settingValue: (setting, value) => {
        if (isLines(value)) return writeLines(value, (column) => columnLabel(setting, column), format);
        if (setting === "recoverAt" && value !== null && typeof value === "object")
          return Object.entries(value)
            .map(([name, limit]) => `${settingLabel(name)}: ${writeSetting(name, limit, format)}`)
            .join("; ");
        const isChoice = typeof value === "string" && messages?.settings[setting]?.choices !== undefined;
        return isChoice ? choiceLabel(setting, value) : writeSetting(setting, value, format);
      },
    };
  };
  return (check) => {
    const found = made.get(check) ?? make(check);
    made.set(check, found);
    return found;
  };
}

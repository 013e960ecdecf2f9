/** The words of the daily mail of critical events. */
import type { Language } from "@hauswart/protocol/format.ts";

export interface DailyCounts {
  /** Failures that began in the time told of, and those of them that are over. */
  readonly begun: number;
  readonly over: number;
  /** Failures that are open at its end, begun then or before. */
  readonly open: number;
  readonly devices: number;
  readonly measured: number;
  readonly total: number;
}

export interface DailyTexts {
  readonly subject: (counts: DailyCounts, day: string) => string;
  readonly title: (day: string) => string;
  readonly window: (from: string, to: string) => string;
  readonly happened: (counts: DailyCounts) => string;
  readonly measured: (counts: DailyCounts) => string;
  readonly notMeasured: (names: readonly string[], more: number) => string;
  readonly warnings: (count: number) => string;
  readonly devices: (count: number) => string;
  readonly line: (about: { device: string; title: string; from: string; until: string | undefined }) => string;
  readonly more: (count: number) => string;
  readonly reason: (about: { customer: string; provider: string; at: string }) => string;
}

const failuresDe = (count: number) => (count === 1 ? "eine Störung" : `${count} Störungen`);
const failuresEn = (count: number) => (count === 1 ? "one failure" : `${count} failures`);

const german: DailyTexts = {
  subject: ({ begun, open, measured, total }, day) =>
    begun + open === 0
      ? `Tagesbericht ${day}: nichts Kritisches, ${measured} von ${total} Geräten gemessen`
      : `Tagesbericht ${day}: ${begun === 1 ? "eine neue Störung" : `${begun} neue Störungen`}, ${open} offen`,
  title: (day) => `Kritische Ereignisse, ${day}`,
  window: (from, to) => `Zeitraum: ${from} bis ${to}.`,
  happened: ({ begun, over, open, devices }) => {
    if (begun + open === 0) return "Es gab nichts Kritisches.";
    const news = begun === 0 ? "Neu hinzugekommen ist nichts" : `Neu: ${failuresDe(begun)}, davon ${over} schon behoben`;
    return `${news}. Offen ${open === 1 ? "ist" : "sind"} ${open === 0 ? "keine" : failuresDe(open)}. Betroffen: ${devices === 1 ? "ein Gerät" : `${devices} Geräte`}.`;
  },
  measured: ({ measured, total }) => `Gemessen wurden ${measured} von ${total} Geräten.`,
  notMeasured: (names, more) => `Nicht gemessen, also nicht bekannt: ${names.join(", ")}${more > 0 ? ` und ${more} weitere` : ""}.`,
  warnings: (count) =>
    count === 0 ? "" : `Außerdem ${count === 1 ? "ist eine Warnung" : `sind ${count} Warnungen`} offen, die hier nicht einzeln stehen.`,
  devices: (count) => (count === 1 ? "ein Gerät" : `${count} Geräte`),
  line: ({ device, title, from, until }) =>
    `${[device, title].filter(Boolean).join(": ")} (seit ${from}${until === undefined ? ", besteht noch" : `, vorbei ${until}`})`,
  more: (count) => `… und ${count} weitere`,
  reason: ({ customer, provider, at }) =>
    `Diese Adresse ist bei ${provider} für den täglichen Bericht über ${customer} eingetragen (jeden Tag um ${at} Uhr).`,
};

const english: DailyTexts = {
  subject: ({ begun, open, measured, total }, day) =>
    begun + open === 0
      ? `Daily report ${day}: nothing critical, ${measured} of ${total} devices measured`
      : `Daily report ${day}: ${begun === 1 ? "one new failure" : `${begun} new failures`}, ${open} open`,
  title: (day) => `Critical events, ${day}`,
  window: (from, to) => `From ${from} to ${to}.`,
  happened: ({ begun, over, open, devices }) => {
    if (begun + open === 0) return "There was nothing critical.";
    const news = begun === 0 ? "Nothing new" : `New: ${failuresEn(begun)}, ${over} of them over already`;
    return `${news}. Open: ${open === 0 ? "none" : failuresEn(open)}. Affected: ${devices === 1 ? "one device" : `${devices} devices`}.`;
  },
  measured: ({ measured, total }) => `${measured} of ${total} devices were measured.`,
  notMeasured: (names, more) => `Not measured, so not known: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`,
  warnings: (count) => (count === 0 ? "" : `${count === 1 ? "One warning is" : `${count} warnings are`} open besides, not listed here.`),
  devices: (count) => (count === 1 ? "one device" : `${count} devices`),
  line: ({ device, title, from, until }) =>
    `${[device, title].filter(Boolean).join(": ")} (since ${from}${until === undefined ? ", still there" : `, over ${until}`})`,
  more: (count) => `… and ${count} more`,
  reason: ({ customer, provider, at }) =>
    `${provider} has this address on record for the daily report about ${customer} (every day at ${at}).`,
};

export const dailyTexts: Readonly<Record<Language, DailyTexts>> = { de: german, en: english };

/** The day as the reader writes it. @param atMs a moment of that day */
export function dayOf(language: Language, timeZone: string, atMs: number): string {
  return new Intl.DateTimeFormat(language === "de" ? "de-DE" : "en-GB", { dateStyle: "medium", timeZone }).format(atMs);
}

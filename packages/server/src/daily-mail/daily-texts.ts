/** The words of the daily mail of critical events. */
import type { Language } from "@hauswart/protocol/format.ts";

export interface DailyCounts {
  /** Findings that were failures at some moment of the time told of. */
  readonly told: number;
  /** Those that became failures within it, and those of them that are over. */
  readonly begun: number;
  readonly over: number;
  /** Those that are failures at its end. */
  readonly open: number;
  /** Those that are only warnings by then. */
  readonly eased: number;
  /** Devices among them; a site without connection is none. */
  readonly devices: number;
  readonly measured: number;
  readonly total: number;
}

/** Failures that nobody was told of, by the reason. */
export interface UntoldFailures {
  /** Within a maintenance window. */
  readonly planned: number;
  /** A failure that is listed explains them. */
  readonly explained: number;
  /** Agents did not reach us. */
  readonly ours: number;
  /** Something explains them that is not listed: it is a warning, or it was planned. */
  readonly otherwise: number;
}

/** When one finding was a failure: `times` times, the last time from and until; until undefined while it is one. */
interface DailyLine {
  readonly device: string;
  readonly title: string;
  readonly times: number;
  readonly from: string;
  readonly until: string | undefined;
  /** From `until` on it is a warning. */
  readonly isEased: boolean;
}

export interface DailyTexts {
  readonly subject: (counts: DailyCounts, day: string) => string;
  readonly title: (day: string) => string;
  readonly window: (from: string, to: string) => string;
  /** Times without monitoring, from and until; empty without any. */
  readonly away: (times: readonly (readonly [from: string, until: string])[]) => string;
  readonly happened: (counts: DailyCounts) => string;
  readonly notCounted: (about: UntoldFailures) => string;
  readonly measured: (counts: DailyCounts) => string;
  readonly notMeasured: (names: readonly string[], more: number) => string;
  readonly warnings: (count: number) => string;
  readonly devices: (count: number) => string;
  /** Heads what no check has measured: devices and sites that do not answer. */
  readonly presence: string;
  readonly line: (about: DailyLine) => string;
  readonly more: (count: number) => string;
  readonly reason: (about: { customer: string; provider: string; at: string }) => string;
}

const notCounted = (label: string, parts: readonly string[]) => {
  const said = parts.filter(Boolean);
  return said.length === 0 ? "" : `${label}${said.join("; ")}.`;
};

const failuresDe = (count: number) => (count === 1 ? "eine Störung" : `${count} Störungen`);
const failuresEn = (count: number) => (count === 1 ? "one failure" : `${count} failures`);

const german: DailyTexts = {
  subject: ({ told, begun, open, measured, total }, day) =>
    told === 0
      ? `Tagesbericht ${day}: nichts Kritisches, ${measured} von ${total} Geräten gemessen`
      : `Tagesbericht ${day}: ${begun === 0 ? "keine neue Störung" : begun === 1 ? "eine neue Störung" : `${begun} neue Störungen`}, ${open === 0 ? "keine" : open} offen`,
  title: (day) => `Kritische Ereignisse, ${day}`,
  window: (from, to) => `Zeitraum: ${from} bis ${to}.`,
  away: (times) =>
    times.length === 0
      ? ""
      : `Unsere Überwachung war nicht in Betrieb oder nicht erreichbar: ${times.map(([from, until]) => `${from} bis ${until}`).join("; ")}. Störungen der Geräte konnten in dieser Zeit nicht gemeldet werden. Was die Geräte währenddessen gemessen haben, reichen sie nach.`,
  happened: ({ told, begun, over, open, eased, devices }) => {
    if (told === 0) return "Es gab nichts Kritisches.";
    const ended =
      over === 0 ? "" : over < begun ? `, davon ${over} schon behoben` : begun === 1 ? ", schon behoben" : ", alle schon behoben";
    const news = begun === 0 ? "Neu hinzugekommen ist nichts." : `Neu: ${failuresDe(begun)}${ended}.`;
    const left = open === 0 ? "Offen ist keine mehr" : `Offen ${open === 1 ? "ist" : "sind"} ${failuresDe(open)}`;
    const milder = eased === 0 ? "" : `; ${eased === 1 ? "eine besteht" : `${eased} bestehen`} als Warnung fort`;
    return [news, `${left}${milder}.`, devices === 0 ? "" : `Betroffen: ${devices === 1 ? "ein Gerät" : `${devices} Geräte`}.`]
      .filter(Boolean)
      .join(" ");
  },
  notCounted: ({ planned, explained, ours, otherwise }) =>
    notCounted("Nicht mitgezählt: ", [
      planned > 0 ? `${failuresDe(planned)} während geplanter Wartung` : "",
      explained > 0 ? `${failuresDe(explained)} aus derselben Ursache wie eine, die hier steht` : "",
      ours > 0 ? `${failuresDe(ours)}, weil unsere Überwachung nicht erreichbar war` : "",
      otherwise > 0 ? `${failuresDe(otherwise)} aus einer Ursache, die hier nicht einzeln steht` : "",
    ]),
  measured: ({ measured, total }) => `Gemessen wurden ${measured} von ${total} Geräten.`,
  notMeasured: (names, more) => `Nicht gemessen, also nicht bekannt: ${names.join(", ")}${more > 0 ? ` und ${more} weitere` : ""}.`,
  warnings: (count) =>
    count === 0
      ? ""
      : `Außerdem ${count === 1 ? "ist eine Warnung offen, die hier nicht einzeln steht" : `sind ${count} Warnungen offen, die hier nicht einzeln stehen`}.`,
  devices: (count) => (count === 1 ? "ein Gerät" : `${count} Geräte`),
  presence: "Erreichbarkeit",
  line: ({ device, title, times, from, until, isEased }) => {
    const ended = until === undefined ? "besteht noch" : isEased ? `ab ${until} nur noch Warnung` : `vorbei ${until}`;
    return `${[device, title].filter(Boolean).join(": ")} (${times > 1 ? `${times}-mal, zuletzt ` : ""}seit ${from}, ${ended})`;
  },
  more: (count) => `… und ${count} weitere`,
  reason: ({ customer, provider, at }) =>
    `Diese Adresse ist bei ${provider} für den täglichen Bericht über ${customer} eingetragen (jeden Tag um ${at} Uhr).`,
};

const english: DailyTexts = {
  subject: ({ told, begun, open, measured, total }, day) =>
    told === 0
      ? `Daily report ${day}: nothing critical, ${measured} of ${total} devices measured`
      : `Daily report ${day}: ${begun === 0 ? "no new failure" : begun === 1 ? "one new failure" : `${begun} new failures`}, ${open === 0 ? "none" : open} open`,
  title: (day) => `Critical events, ${day}`,
  window: (from, to) => `From ${from} to ${to}.`,
  away: (times) =>
    times.length === 0
      ? ""
      : `Our monitoring did not run or was out of reach: ${times.map(([from, until]) => `${from} to ${until}`).join("; ")}. Failures of devices could not be reported in that time. Devices hand in later what they measured meanwhile.`,
  happened: ({ told, begun, over, open, eased, devices }) => {
    if (told === 0) return "There was nothing critical.";
    const ended =
      over === 0 ? "" : over < begun ? `, ${over} of them over already` : begun === 1 ? ", over already" : ", all of them over already";
    const news = begun === 0 ? "Nothing new." : `New: ${failuresEn(begun)}${ended}.`;
    const left = open === 0 ? "None is open any more" : `Open: ${failuresEn(open)}`;
    const milder = eased === 0 ? "" : `; ${eased === 1 ? "one goes on as a warning" : `${eased} go on as warnings`}`;
    return [news, `${left}${milder}.`, devices === 0 ? "" : `Affected: ${devices === 1 ? "one device" : `${devices} devices`}.`]
      .filter(Boolean)
      .join(" ");
  },
  notCounted: ({ planned, explained, ours, otherwise }) =>
    notCounted("Not counted: ", [
      planned > 0 ? `${failuresEn(planned)} during planned maintenance` : "",
      explained > 0 ? `${failuresEn(explained)} with the same cause as one that is listed` : "",
      ours > 0 ? `${failuresEn(ours)} because our monitoring was out of reach` : "",
      otherwise > 0 ? `${failuresEn(otherwise)} with a cause that is not listed here` : "",
    ]),
  measured: ({ measured, total }) => `${measured} of ${total} devices were measured.`,
  notMeasured: (names, more) => `Not measured, so not known: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`,
  warnings: (count) => (count === 0 ? "" : `${count === 1 ? "One warning is" : `${count} warnings are`} open besides, not listed here.`),
  devices: (count) => (count === 1 ? "one device" : `${count} devices`),
  presence: "Presence",
  line: ({ device, title, times, from, until, isEased }) => {
    const ended = until === undefined ? "still there" : isEased ? `only a warning since ${until}` : `over ${until}`;
    return `${[device, title].filter(Boolean).join(": ")} (${times > 1 ? `${times} times, the last time ` : ""}since ${from}, ${ended})`;
  },
  more: (count) => `… and ${count} more`,
  reason: ({ customer, provider, at }) =>
    `${provider} has this address on record for the daily report about ${customer} (every day at ${at}).`,
};

export const dailyTexts: Readonly<Record<Language, DailyTexts>> = { de: german, en: english };

/** The day as the reader writes it. @param atMs a moment of that day */
export function dayOf(language: Language, timeZone: string, atMs: number): string {
  return new Intl.DateTimeFormat(language === "de" ? "de-DE" : "en-GB", { dateStyle: "medium", timeZone }).format(atMs);
}

/**
 * The words around the findings of a mail. What a finding itself says comes from its feature's message catalogue.
 */
import type { Channel } from "@hauswart/protocol/api/routing.ts";
import type { Language } from "@hauswart/protocol/format.ts";

/** How bad a finding is. */
export type Severity = "warning" | "failure";

/** Why a finding stands in a mail: new, its severity changed, over, still there after its acknowledgement ran out, or already over again. */
export type Told = "alarm" | "change" | "recovery" | "reminder" | "brief";

/** How a finding ended: the problem is gone, what had it is gone, or nobody looks any more. */
export type Ending = "recovered" | "subject-gone" | "not-watched";

export interface MailTexts {
  readonly severity: Readonly<Record<Severity, string>>;
  /** Word before the title, for all but a plain alarm. */
  readonly told: Readonly<Record<Told, string>>;
  /** Subject of a mail about several findings, without device and customer. `isResolved`: all that are over are resolved. */
  readonly several: (counts: { readonly open: number; readonly over: number; readonly isResolved: boolean }) => string;
  /** A list of devices in a subject: names the first and counts the rest. */
  readonly andOthers: (name: string, others: number) => string;
  readonly since: string;
  readonly evidence: string;
  readonly values: string;
  readonly before: string;
  readonly now: string;
  readonly flapping: string;
  /** It comes and goes: so many times since then. */
  readonly flaps: (count: number, since: string) => string;
  /** The same, now that it has stopped. */
  readonly flapped: (count: number, since: string) => string;
  readonly maintenance: string;
  readonly outlived: (window: string) => string;
  readonly measured: (time: string, ago: string) => string;
  readonly noticed: (time: string, ago: string) => string;
  readonly lasted: (duration: string) => string;
  readonly changedFrom: (before: string, now: string) => string;
  readonly reminded: string;
  readonly meaning: string;
  readonly advice: string;
  /** The state of a finding that is over, and what that means. */
  readonly endings: Readonly<Record<Ending, { readonly word: string; readonly text: string }>>;
  readonly device: string;
  readonly place: string;
  readonly openFinding: string;
  readonly openFindings: string;
  readonly repair: string;
  readonly orderRepair: string;
  readonly drill: string;
  readonly drillHelp: string;
  readonly confirmDrill: string;
  readonly wasUseful: string;
  readonly judge: string;
  readonly moreFindings: (count: number) => string;
  readonly headings: Readonly<Record<Told, string>>;
  /** Why this address got the mail. */
  readonly reason: (about: { customer: string; site: string | undefined; provider: string; from: Severity }) => string;
  readonly automatic: string;
  readonly nobodyTold: string;
  readonly overBeforeMail: string;
  /** In the finding's history: what did not arrive, and what delivery reports said. */
  readonly wasRefused: (address: string, words: string) => string;
  readonly notDelivered: (reader: string, words: string) => string;
  readonly noBrowser: (person: string) => string;
  /** @param reader was taken off the list, or with their account, before the message left */
  readonly readerRemoved: (reader: string) => string;
  readonly cameBack: (address: string, words: string) => string;
  readonly isDelayed: (address: string, words: string) => string;
  readonly nobodyElseTold: string;
  /** Somebody knows of a warning that is a failure now. */
  readonly nobodyElseToldWorse: string;
  /** In the finding's history. */
  readonly toldBy: Readonly<Record<Channel, (readers: number) => string>>;
  readonly heldFor: (readers: number) => string;
}

const countedDe = (count: number, one: string, many: string) => (count === 1 ? `ein ${one}` : `${count} ${many}`);
const countedEn = (count: number, one: string, many: string) => (count === 1 ? `one ${one}` : `${count} ${many}`);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const mailTexts: Readonly<Record<Language, MailTexts>> = {
  de: {
    severity: { warning: "Warnung", failure: "Störung" },
    told: { alarm: "", change: "Geändert", recovery: "Behoben", reminder: "Weiterhin offen", brief: "Schon vorüber" },
    several: ({ open, over, isResolved }) => {
      const done = isResolved ? "behoben" : "vorüber";
      const overs = over === 0 ? [] : open > 0 ? [`${over} ${done}`] : [`${countedDe(over, "Befund", "Befunde")} ${done}`];
      return capital([...(open > 0 ? [countedDe(open, "offener Befund", "offene Befunde")] : []), ...overs].join(", "));
    },
    andOthers: (name, others) => `${name} und ${others === 1 ? "ein weiteres Gerät" : `${others} weitere Geräte`}`,
    since: "Seit",
    evidence: "Woher wir es wissen",
    values: "Messwerte",
    before: "Gemeldet war",
    now: "Jetzt",
    flapping: "Kommt und geht",
    flaps: (count, since) => `${count}-mal seit ${since}. Gemeldet wird es erst wieder, wenn Ruhe ist oder wenn es schlimmer wird.`,
    flapped: (count, since) => `${count}-mal seit ${since}; jetzt ist Ruhe`,
    maintenance: "Wartung",
    outlived: (window) => `Im Wartungsfenster „${window}“ zurückgehalten und noch da.`,
    measured: (time, ago) => `gemessen ${time}, ${ago}`,
    noticed: (time, ago) => `festgestellt ${time}, ${ago}`,
    lasted: (duration) => `Dauer ${duration}`,
    changedFrom: (before, now) => `Bisher ${before}, jetzt ${now}`,
    reminded: "Die Frist der Bestätigung ist abgelaufen, und der Befund besteht noch.",
    meaning: "Was das bedeutet",
    advice: "Was zu tun ist",
    endings: {
      recovered: { word: "Behoben", text: "Es ist nichts mehr zu tun." },
      "subject-gone": { word: "Nicht mehr vorhanden", text: "Was gemeldet war (Laufwerk, Dienst …), gibt es auf diesem Gerät nicht mehr." },
      "not-watched": {
        word: "Nicht mehr überwacht",
        text: "Die Prüfung wurde für dieses Gerät abgeschaltet, oder das Gerät wird nicht mehr überwacht. Ob das Problem noch besteht, ist nicht bekannt.",
      },
    },
    device: "Gerät",
    place: "Kunde und Standort",
    openFinding: "Befund öffnen",
    openFindings: "Befunde öffnen",
    repair: "Reparatur",
    orderRepair: "Reparatur beauftragen",
    drill: "Empfang bestätigen",
    drillHelp: "Einer der Empfänger genügt. Die Übung endet damit.",
    confirmDrill: "Empfang bestätigen",
    wasUseful: "War dieser Alarm nützlich?",
    judge: "Nützlich, Rauschen oder bekannt: jetzt beurteilen",
    moreFindings: (count) => `… und ${count === 1 ? "ein weiterer Befund" : `${count} weitere Befunde`} in Hauswart`,
    headings: {
      alarm: "Neu",
      change: "Geändert",
      reminder: "Weiterhin offen",
      recovery: "Nicht mehr offen",
      brief: "Aufgetreten und schon vorüber",
    },
    reason: ({ customer, site, provider, from }) =>
      `Diese Adresse ist bei ${provider} als Empfänger von Meldungen für ${customer}${site ? `, ${site},` : ""} eingetragen (${from === "warning" ? "Warnungen und Störungen" : "nur Störungen"}).`,
    automatic: "Automatisch gesendet von Hauswart.",
    nobodyTold: "Kein Empfänger ist für diesen Befund eingetragen; niemand wurde benachrichtigt.",
    overBeforeMail: "Keine Mail: Der Befund war schon vorüber, bevor eine hinausging.",
    wasRefused: (address, words) => `Die Mail an ${address} wurde abgelehnt: ${words || "ohne Begründung"}`,
    notDelivered: (reader, words) => `Die Nachricht an ${reader} ist nicht angekommen: ${words || "ohne Begründung"}`,
    noBrowser: (person) => `Keine Nachricht im Browser von ${person}: Es ist kein Browser angemeldet.`,
    readerRemoved: (reader) => `Keine Nachricht an ${reader}: Der Empfänger wurde vorher entfernt.`,
    cameBack: (address, words) => `Die Mail an ${address} kam als unzustellbar zurück: ${words || "ohne Begründung"}`,
    isDelayed: (address, words) => `Die Mail an ${address} ist verzögert und noch nicht zugestellt: ${words || "ohne Begründung"}`,
    nobodyElseTold: "Sonst wurde niemand benachrichtigt: Von diesem Befund weiß niemand.",
    nobodyElseToldWorse: "Sonst wurde niemand benachrichtigt: Dass es schlimmer wurde, weiß niemand.",
    toldBy: {
      mail: (readers) => (readers === 1 ? "Mail an einen Empfänger." : `Mail an ${readers} Empfänger.`),
      teams: (readers) => (readers === 1 ? "Nachricht in Teams." : `Nachricht in ${readers} Teams-Kanälen.`),
      ntfy: (readers) => (readers === 1 ? "Nachricht über ntfy." : `Nachricht über ${readers} ntfy-Themen.`),
      push: (readers) => (readers === 1 ? "Nachricht im Browser einer Person." : `Nachricht in den Browsern von ${readers} Personen.`),
    },
    heldFor: (readers) =>
      readers === 1
        ? "Ein Empfänger hat Ruhezeit und erfährt es danach in einer Zusammenfassung."
        : `${readers} Empfänger haben Ruhezeit und erfahren es danach in einer Zusammenfassung.`,
  },
  en: {
    severity: { warning: "Warning", failure: "Failure" },
    told: { alarm: "", change: "Changed", recovery: "Resolved", reminder: "Still open", brief: "Over already" },
    several: ({ open, over, isResolved }) => {
      const done = isResolved ? "resolved" : "over";
      const overs = over === 0 ? [] : open > 0 ? [`${over} ${done}`] : [`${countedEn(over, "finding", "findings")} ${done}`];
      return capital([...(open > 0 ? [countedEn(open, "open finding", "open findings")] : []), ...overs].join(", "));
    },
    andOthers: (name, others) => `${name} and ${others === 1 ? "one more device" : `${others} more devices`}`,
    since: "Since",
    evidence: "How we know",
    values: "Values",
    before: "Reported was",
    now: "Now",
    flapping: "Comes and goes",
    flaps: (count, since) => `${count} times since ${since}. The next message comes when it is calm again, or gets worse.`,
    flapped: (count, since) => `${count} times since ${since}; it is calm now`,
    maintenance: "Maintenance",
    outlived: (window) => `Held back by the maintenance window “${window}” and still there.`,
    measured: (time, ago) => `measured ${time}, ${ago}`,
    noticed: (time, ago) => `noticed ${time}, ${ago}`,
    lasted: (duration) => `lasted ${duration}`,
    changedFrom: (before, now) => `Was ${before}, is now ${now}`,
    reminded: "The acknowledgement has run out and the finding is still there.",
    meaning: "What it means",
    advice: "What to do",
    endings: {
      recovered: { word: "Resolved", text: "There is nothing left to do." },
      "subject-gone": { word: "No longer there", text: "What was reported (a volume, a service …) is no longer on this device." },
      "not-watched": {
        word: "No longer watched",
        text: "The check was switched off for this device, or the device is no longer watched. Whether the problem is still there is not known.",
      },
    },
    device: "Device",
    place: "Customer and site",
    openFinding: "Open finding",
    openFindings: "Open findings",
    repair: "Repair",
    orderRepair: "Order the repair",
    drill: "Confirm receipt",
    drillHelp: "One of the readers is enough. It ends the drill.",
    confirmDrill: "Confirm receipt",
    wasUseful: "Was this alarm useful?",
    judge: "Useful, noise or known: judge it now",
    moreFindings: (count) => `… and ${count === 1 ? "one more finding" : `${count} more findings`} in Hauswart`,
    headings: {
      alarm: "New",
      change: "Changed",
      reminder: "Still open",
      recovery: "No longer open",
      brief: "Occurred and over already",
    },
    reason: ({ customer, site, provider, from }) =>
      `${provider} has this address on record as a recipient of notices about ${customer}${site ? `, ${site}` : ""} (${from === "warning" ? "warnings and failures" : "failures only"}).`,
    automatic: "Sent automatically by Hauswart.",
    nobodyTold: "No recipient is set for this finding; nobody was told.",
    overBeforeMail: "No mail: the finding was over before one left.",
    wasRefused: (address, words) => `The mail to ${address} was refused: ${words || "no reason given"}`,
    notDelivered: (reader, words) => `The message to ${reader} did not arrive: ${words || "no reason given"}`,
    noBrowser: (person) => `No message in ${person}'s browser: none takes messages.`,
    readerRemoved: (reader) => `No message to ${reader}: the recipient was removed before it left.`,
    cameBack: (address, words) => `The mail to ${address} came back: ${words || "no reason given"}`,
    isDelayed: (address, words) => `The mail to ${address} is delayed and not delivered yet: ${words || "no reason given"}`,
    nobodyElseTold: "Nobody else was told: nobody knows of this finding.",
    nobodyElseToldWorse: "Nobody else was told: nobody knows that it got worse.",
    toldBy: {
      mail: (readers) => (readers === 1 ? "Mailed to one recipient." : `Mailed to ${readers} recipients.`),
      teams: (readers) => (readers === 1 ? "Message in Teams." : `Message in ${readers} Teams channels.`),
      ntfy: (readers) => (readers === 1 ? "Message by ntfy." : `Message on ${readers} ntfy topics.`),
      push: (readers) => (readers === 1 ? "Message in one person's browser." : `Message in ${readers} people's browsers.`),
    },
    heldFor: (readers) =>
      readers === 1
        ? "One recipient has quiet hours and is told afterwards in a digest."
        : `${readers} recipients have quiet hours and are told afterwards in a digest.`,
  },
};

import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { Format } from "@hauswart/protocol/format.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";
import { german, type Explained } from "./protocol/explained-de.ts";
import { english } from "./protocol/explained-en.ts";
import type { eventLog } from "./protocol.ts";

/** The explanation of a curated rule; undefined for one's own, and for one that a later version knows. */
const explained = (texts: Readonly<Record<string, Explained>>, subject: string, evidence: Evidence) =>
  evidence["isOwn"] !== true && Object.hasOwn(texts, subject) ? texts[subject] : undefined;

/** kernel, disk 153; nothing where it is not known. */
const sourceOf = (evidence: Evidence) =>
  [evidence["source"], evidence["eventId"]].filter((part) => typeof part === "string" && part !== "" && part.length <= 64).join(" ");
const isText = (evidence: Evidence, name: string) => typeof evidence[name] === "string" && evidence[name] !== "";

function germanFacts(evidence: Evidence, format: Format): string {
  const read = evidenceText(evidence, format);
  const source = sourceOf(evidence);
  return ` Einträge in ${read.number("windowMinutes")} Minuten: ${read.number("count")}; zuletzt am ${read.dateTime("lastAtMs")}${source ? ` (${source})` : ""}.${isText(evidence, "texts") ? `\n${read.text("texts")}` : ""}`;
}

function englishFacts(evidence: Evidence, format: Format): string {
  const read = evidenceText(evidence, format);
  const source = sourceOf(evidence);
  return ` Entries in ${read.number("windowMinutes")} minutes: ${read.number("count")}; the last on ${read.dateTime("lastAtMs")}${source ? ` (${source})` : ""}.${isText(evidence, "texts") ? `\n${read.text("texts")}` : ""}`;
}

export const messages: CheckMessageCatalogue<typeof eventLog> = {
  de: {
    name: "Ereignisprotokolle",
    description:
      "Einträge in den Protokollen des Systems, die auf Störungen hinweisen: fehlerhafte Datenträger, Abstürze, gescheiterte Sicherungen.",
    summary: ({ evidence, format }) => {
      const read = evidenceText(evidence, format);
      if (isText(evidence, "problem")) return `nicht alles lesbar: ${read.text("problem")}`;
      if (evidence["unreadCount"] !== undefined)
        return `${read.number("readCount")} Einträge verglichen, ${read.number("matchedCount")} passen auf eine Regel${(read.value("unreadCount") ?? 0) > 0 ? `, ${read.number("unreadCount")} nur gezählt` : ""}`;
      return `${read.number("count")} in ${read.number("windowMinutes")} Minuten, zuletzt am ${read.dateTime("lastAtMs")}${read.is("isReported", true) ? ", wird nur aufgeführt" : ""}`;
    },
    findings: {
      event: {
        title: ({ subject, evidence }) => explained(german, subject, evidence)?.[0] ?? `Protokolleinträge zur Regel „${subject}“`,
        meaning: ({ subject, evidence, format }) =>
          `${explained(german, subject, evidence)?.[1] ?? `Einträge passen auf die Regel „${subject}“.`}${germanFacts(evidence, format)}`,
        advice: ({ subject, evidence }) =>
          explained(german, subject, evidence)?.[2] ?? "Lesen Sie die Einträge und was kurz davor geschah.",
      },
      flood: {
        title: ({ evidence, format }) =>
          `Flut von Protokolleinträgen (mindestens ${evidenceText(evidence, format).number("unreadCount")} nicht verglichen)`,
        meaning: ({ evidence, format }) =>
          `Seit der letzten Messung kamen so viele Einträge, dass mindestens ${evidenceText(evidence, format).number("unreadCount")} nur gezählt wurden. Ernste Einträge darunter können unbemerkt geblieben sein, und das Protokoll verdrängt ältere.`,
        advice: () => "Finden Sie das Programm, das so viel schreibt, und stellen Sie es ab.",
      },
    },
    settings: {
      curated: {
        label: "Mitgelieferte Regeln",
        help: "Wendet die mitgelieferten Regeln an: Datenträger, Abstürze, Sicherungen, Dienste und mehr.",
      },
      without: { label: "Diese mitgelieferten Regeln nicht", help: "Namen wie program-crash, * steht für beliebige Zeichen." },
      exclude: {
        label: "Ausgenommene Quellen",
        help: "Als QUELLE oder QUELLE/NUMMER, * steht für beliebige Zeichen: DCOM, Service Control Manager/7000.",
      },
      ownRules: {
        label: "Eigene Regeln",
        help: "Eine je Zeile: Name: log=Application; source=Veeam*; id=190,191; level=error; text=*failed*; count=2; minutes=120; severity=failure. Stufen: critical, error, warning, information. Mehrere Texte trennt |. Heißt sie wie eine mitgelieferte, ersetzt sie diese.",
      },
      lookBackHours: { label: "Rückblick der ersten Messung (Stunden)", help: "So weit zurück liest die erste Messung." },
      mode: {
        label: "Was Treffer bewirken",
        help: "Ob passende Einträge Befunde auslösen oder nur aufgeführt werden.",
        choices: { alarm: "Befunde auslösen", report: "Nur aufführen" },
      },
      reportOnly: { label: "Diese Regeln nur aufführen", help: "Namen von Regeln, * steht für beliebige Zeichen." },
      quietMinutes: {
        label: "Ruhe bis zum Ende eines Befundes (Minuten)",
        help: "Ein Befund endet, wenn so lange kein Eintrag mehr passte.",
      },
      warnOfUnread: {
        label: "Vor Fluten warnen",
        help: "Warnung, wenn so viele Einträge kamen, dass nicht alle verglichen werden konnten.",
      },
    },
    noData: {
      "no-journal": "Dieser Computer führt kein Journal von systemd; klassische Protokolldateien werden nicht gelesen.",
      "no-such-log": "Keines der Ereignisprotokolle, nach denen die Regeln fragen, gibt es auf diesem Computer.",
      "no-rule": "Es gilt keine Regel: Die mitgelieferten sind ausgeschaltet, und eigene gibt es nicht.",
    },
    fields: {
      matchedCount: "Passende Einträge",
      readCount: "Verglichene Einträge",
      unreadCount: "Nur gezählte Einträge",
      "rules.windowCount": "Einträge im Zeitfenster",
    },
  },
  en: {
    name: "Event logs",
    description: "Entries of the system's logs that tell of trouble: faulty disks, crashes, failed backups.",
    summary: ({ evidence, format }) => {
      const read = evidenceText(evidence, format);
      if (isText(evidence, "problem")) return `not everything can be read: ${read.text("problem")}`;
      if (evidence["unreadCount"] !== undefined)
        return `${read.number("readCount")} entries compared, ${read.number("matchedCount")} fit a rule${(read.value("unreadCount") ?? 0) > 0 ? `, ${read.number("unreadCount")} only counted` : ""}`;
      return `${read.number("count")} in ${read.number("windowMinutes")} minutes, the last on ${read.dateTime("lastAtMs")}${read.is("isReported", true) ? ", only listed" : ""}`;
    },
    findings: {
      event: {
        title: ({ subject, evidence }) => explained(english, subject, evidence)?.[0] ?? `Log entries of rule “${subject}”`,
        meaning: ({ subject, evidence, format }) =>
          `${explained(english, subject, evidence)?.[1] ?? `Entries fit the rule “${subject}”.`}${englishFacts(evidence, format)}`,
        advice: ({ subject, evidence }) =>
          explained(english, subject, evidence)?.[2] ?? "Read the entries and what happened shortly before.",
      },
      flood: {
        title: ({ evidence, format }) =>
          `Flood of log entries (at least ${evidenceText(evidence, format).number("unreadCount")} not compared)`,
        meaning: ({ evidence, format }) =>
          `Since the last measurement so many entries came that at least ${evidenceText(evidence, format).number("unreadCount")} were only counted. Serious ones among them may have gone unseen, and the log drops older ones.`,
        advice: () => "Find the program that writes so much, and make it stop.",
      },
    },
    settings: {
      curated: { label: "Curated rules", help: "Applies the rules that come along: disks, crashes, backups, services and more." },
      without: { label: "Not these curated rules", help: "Names such as program-crash, * stands for any characters." },
      exclude: {
        label: "Excluded sources",
        help: "As SOURCE or SOURCE/ID, * stands for any characters: DCOM, Service Control Manager/7000.",
      },
      ownRules: {
        label: "Rules of your own",
        help: "One a line: Name: log=Application; source=Veeam*; id=190,191; level=error; text=*failed*; count=2; minutes=120; severity=failure. Levels: critical, error, warning, information. Several texts are parted by |. One that is named like a curated rule replaces it.",
      },
      lookBackHours: { label: "First measurement looks back (hours)", help: "How far back the first measurement reads." },
      mode: {
        label: "What matches do",
        help: "Whether entries that fit raise findings or are only listed.",
        choices: { alarm: "Raise findings", report: "List only" },
      },
      reportOnly: { label: "Only list these rules", help: "Names of rules, * stands for any characters." },
      quietMinutes: { label: "Quiet until a finding ends (minutes)", help: "A finding ends when no entry has fitted for this long." },
      warnOfUnread: { label: "Warn of floods", help: "Warning when so many entries came that not all could be compared." },
    },
    noData: {
      "no-journal": "This computer keeps no journal of systemd; traditional log files are not read.",
      "no-such-log": "None of the event logs that the rules ask for is on this computer.",
      "no-rule": "No rule applies: the curated ones are off, and there are none of your own.",
    },
    fields: {
      matchedCount: "Entries that fit",
      readCount: "Compared entries",
      unreadCount: "Entries only counted",
      "rules.windowCount": "Entries within the window",
    },
  },
};

import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";
import type { backupStatus } from "./protocol.ts";

type Words = Readonly<Record<string, string>>;
const wordFor = (words: Words, key: unknown) => (typeof key === "string" && Object.hasOwn(words, key) ? words[key]! : "–");
/** " (exit-code 1)", or nothing. */
const problemIn = (evidence: Evidence) =>
  typeof evidence["problem"] === "string" && evidence["problem"] !== "" ? ` (${evidence["problem"]})` : "";

const germanResults: Words = {
  success: "letzter Lauf erfolgreich",
  partial: "letzter Lauf nur teilweise erfolgreich",
  failed: "letzter Lauf fehlgeschlagen",
  unknown: "Ergebnis des letzten Laufs unbekannt",
};
const englishResults: Words = {
  success: "last run succeeded",
  partial: "last run saved only a part",
  failed: "last run failed",
  unknown: "result of the last run not known",
};

interface SummaryWords {
  readonly results: Words;
  readonly jobs: (count: string, expected: string) => string;
  readonly nothingFound: string;
  readonly notReadable: (programs: string) => string;
  readonly noSuccess: string;
  readonly age: (when: string) => string;
  readonly running: (since: string) => string;
  readonly gone: string;
  readonly ownerIsAway: string;
}

/** Which verdict the evidence belongs to shows in what it holds. */
const summary =
  (words: SummaryWords): FindingText =>
  ({ evidence, format }) => {
    const read = evidenceText(evidence, format);
    const gone = read.is("ownerIsAway", true) ? `, ${words.ownerIsAway}` : read.is("isThere", false) ? `, ${words.gone}` : "";
    if (read.is("reason", "nothing-found")) return words.nothingFound;
    if (read.is("reason", "not-readable")) return words.notReadable(read.text("programs"));
    if (read.value("jobs") !== undefined) return words.jobs(read.number("jobs"), read.number("expectedJobs"));
    if (read.is("kind", "result")) return `${wordFor(words.results, evidence["result"])}${problemIn(evidence)}${gone}`;
    if (read.value("runningSinceAtMs") !== undefined) return words.running(read.dateTime("runningSinceAtMs"));
    if (read.is("reason", "no-success-known")) return `${words.noSuccess}${gone}`;
    return `${words.age(read.dateTime("goodAtMs"))}${gone}`;
  };

export const messages: CheckMessageCatalogue<typeof backupStatus> = {
  de: {
    name: "Datensicherung",
    description: "Ob die erwarteten Sicherungen gelaufen sind, mit Erfolg und vor nicht zu langer Zeit.",
    summary: summary({
      results: germanResults,
      jobs: (count, expected) => `${count} Sicherungen gefunden, ${expected} erwartet`,
      nothingFound: "keine Sicherung gefunden",
      notReadable: (programs) => `gefunden, aber nicht lesbar: ${programs}`,
      noSuccess: "keine erfolgreiche Sicherung bekannt",
      age: (when) => `letzte erfolgreiche Sicherung am ${when}`,
      running: (since) => `läuft seit ${since}`,
      gone: "Spuren nicht mehr da",
      ownerIsAway: "Besitzer nicht angemeldet",
    }),
    findings: {
      "too-old": {
        title: ({ subject, evidence, format }) =>
          `Sicherung ${subject}: letzter Erfolg vor ${evidenceText(evidence, format).duration("ageSeconds")}`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const gone = read.is("isThere", false) ? " Ihre Spuren sind nicht mehr da; vielleicht ist der Datenträger nicht eingehängt." : "";
          return `Die letzte erfolgreiche Sicherung war am ${read.dateTime("goodAtMs")}.${gone} Was seitdem entstanden ist, ist bei einem Ausfall verloren.`;
        },
        advice: () =>
          "Prüfen Sie, ob die Sicherung eingeplant ist, ob ihr Ziel erreichbar ist und Platz hat, und starten Sie sie. Machen Sie anschließend eine Probe mit einer Rücksicherung.",
      },
      "run-failed": {
        title: ({ subject, evidence }) =>
          evidence["result"] === "partial" ? `Sicherung ${subject} nur teilweise gelungen` : `Sicherung ${subject} fehlgeschlagen`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Der letzte Lauf endete am ${read.dateTime("lastRunAtMs")}${problemIn(evidence)}. Letzte erfolgreiche Sicherung: ${read.dateTime("lastSuccessAtMs")}.`;
        },
        advice: () =>
          "Sehen Sie im Protokoll des Sicherungsprogramms nach dem Grund, beheben Sie ihn, und starten Sie die Sicherung noch einmal.",
      },
      "running-long": {
        title: ({ subject, evidence, format }) =>
          `Sicherung ${subject} läuft seit ${evidenceText(evidence, format).duration("runningSeconds")}`,
        meaning: ({ evidence, format }) =>
          `Sie läuft seit dem ${evidenceText(evidence, format).dateTime("runningSinceAtMs")}, oder sie wurde abgebrochen und hat ihre Sperre zurückgelassen${problemIn(evidence)}. Solange das so ist, beginnt keine neue.`,
        advice: () =>
          "Prüfen Sie, ob das Programm noch arbeitet. Wenn nicht, entfernen Sie die Sperre (restic unlock, borg break-lock), und starten Sie die Sicherung.",
      },
      "jobs-missing": {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Nur ${read.number("jobs")} von ${read.number("expectedJobs")} Sicherungen gefunden`;
        },
        meaning: () =>
          "Auf diesem Computer sind weniger Sicherungen bekannt als erwartet. Was die fehlende sichern sollte, ist nicht gesichert.",
        advice: () =>
          "Richten Sie die fehlende Sicherung ein, nennen Sie ihre Spuren in den Einstellungen, oder passen Sie die erwartete Zahl an.",
      },
    },
    settings: {
      repositories: { label: "Repositories", help: "Ordner von restic und borg auf diesem Computer oder einem eingehängten Laufwerk." },
      services: {
        label: "Dienste, die sichern",
        help: "Dienste von systemd, deren Lauf eine Sicherung ist, * steht für beliebige Zeichen.",
      },
      files: {
        label: "Dateien nach einer Sicherung",
        help: "Dateien, die eine Sicherung nach ihrem Erfolg schreibt. Ihre Zeit gilt als die der Sicherung.",
      },
      eventRules: {
        label: "Eigene Regeln für das Windows-Ereignisprotokoll",
        help: "Name | Protokoll | Quelle | Nummern für Erfolg | Nummern für Fehler | Nummern für teilweisen Erfolg",
      },
      exclude: { label: "Ausgenommene Sicherungen", help: "Namen, * steht für beliebige Zeichen. Sie zählen nicht." },
      forgetDays: {
        label: "Verschwundene zeigen (Tage)",
        help: "So lange wird eine Sicherung weiter geführt, deren Spuren nicht mehr da sind.",
      },
      expectedJobs: { label: "Erwartete Sicherungen", help: "So viele müssen mindestens da sein." },
      warningHours: { label: "Warnung nach (Stunden)", help: "Wenn die letzte erfolgreiche Sicherung älter ist." },
      failureHours: { label: "Störung nach (Stunden)", help: "Wenn die letzte erfolgreiche Sicherung älter ist." },
      acceptPartial: { label: "Teilweisen Erfolg annehmen", help: "Eine Sicherung, die nicht alles gesichert hat, zählt als erfolgreich." },
      runningHours: { label: "Warnung bei langer Laufzeit (Stunden)", help: "Wenn eine Sicherung länger läuft. 0: nie." },
    },
    fields: { jobCount: "Sicherungen" },
  },
  en: {
    name: "Backup",
    description: "Whether the expected backups were made, with success and recently enough.",
    summary: summary({
      results: englishResults,
      jobs: (count, expected) => `${count} backups found, ${expected} expected`,
      nothingFound: "no backup found",
      notReadable: (programs) => `found, but not readable: ${programs}`,
      noSuccess: "no successful backup known",
      age: (when) => `last successful backup on ${when}`,
      running: (since) => `running since ${since}`,
      gone: "traces gone",
      ownerIsAway: "its owner is not signed in",
    }),
    findings: {
      "too-old": {
        title: ({ subject, evidence, format }) =>
          `Backup ${subject}: last success ${evidenceText(evidence, format).duration("ageSeconds")} ago`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const gone = read.is("isThere", false) ? " Its traces are gone; perhaps the disk is not mounted." : "";
          return `The last successful backup was on ${read.dateTime("goodAtMs")}.${gone} What came into being since would be lost in a breakdown.`;
        },
        advice: () =>
          "Check whether the backup is scheduled, whether its destination can be reached and has room, and start it. Afterwards try to restore something.",
      },
      "run-failed": {
        title: ({ subject, evidence }) =>
          evidence["result"] === "partial" ? `Backup ${subject} saved only a part` : `Backup ${subject} failed`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `The last run ended on ${read.dateTime("lastRunAtMs")}${problemIn(evidence)}. Last successful backup: ${read.dateTime("lastSuccessAtMs")}.`;
        },
        advice: () => "Look for the reason in the backup program's log, remove it, and start the backup again.",
      },
      "running-long": {
        title: ({ subject, evidence, format }) =>
          `Backup ${subject} has been running for ${evidenceText(evidence, format).duration("runningSeconds")}`,
        meaning: ({ evidence, format }) =>
          `It has been running since ${evidenceText(evidence, format).dateTime("runningSinceAtMs")}, or it was broken off and left its lock behind${problemIn(evidence)}. Until then no other begins.`,
        advice: () =>
          "Check whether the program is still at work. If not, remove the lock (restic unlock, borg break-lock) and start the backup.",
      },
      "jobs-missing": {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Only ${read.number("jobs")} of ${read.number("expectedJobs")} backups found`;
        },
        meaning: () => "Fewer backups are known on this computer than expected. What the missing one should save is not saved.",
        advice: () => "Set up the missing backup, name its traces in the settings, or change the expected number.",
      },
    },
    settings: {
      repositories: { label: "Repositories", help: "Folders of restic and borg on this computer or on a mounted volume." },
      services: { label: "Services that back up", help: "Services of systemd whose run is a backup, * stands for any characters." },
      files: { label: "Files after a backup", help: "Files that a backup writes after its success. Their time counts as the backup's." },
      eventRules: {
        label: "Own rules for the Windows event log",
        help: "name | log | source | ids of success | ids of failure | ids of partial success",
      },
      exclude: { label: "Excluded backups", help: "Names, * stands for any characters. They do not count." },
      forgetDays: { label: "Show vanished ones (days)", help: "For this long a backup whose traces are gone is still told of." },
      expectedJobs: { label: "Expected backups", help: "At least so many have to be there." },
      warningHours: { label: "Warning after (hours)", help: "When the last successful backup is older." },
      failureHours: { label: "Failure after (hours)", help: "When the last successful backup is older." },
      acceptPartial: { label: "Accept partial success", help: "A backup that did not save everything counts as successful." },
      runningHours: { label: "Warning at long run (hours)", help: "When a backup runs for longer. 0: never." },
    },
    fields: { jobCount: "Backups" },
  },
};

import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";
import type { scheduledJobs } from "./protocol.ts";

type Words = Readonly<Record<string, string>>;
const wordFor = (words: Words, key: unknown) => (typeof key === "string" && Object.hasOwn(words, key) ? words[key]! : "–");
/** " (exit-code 1)", or nothing. */
const problemIn = (evidence: Evidence) =>
  typeof evidence["problem"] === "string" && evidence["problem"] !== "" ? ` (${evidence["problem"]})` : "";

interface SummaryWords {
  readonly states: Words;
  readonly results: Words;
  readonly notRunYet: (since: string) => string;
  readonly lastSuccess: (when: string) => string;
  readonly noSuccess: (since: string) => string;
  readonly running: (since: string) => string;
}

/** Which verdict the evidence belongs to shows in what it holds. */
const summary =
  (words: SummaryWords): FindingText =>
  ({ evidence, format }) => {
    const read = evidenceText(evidence, format);
    if (read.is("kind", "scheduled")) return wordFor(words.states, evidence["jobState"]);
    if (read.is("kind", "result")) return `${wordFor(words.results, evidence["result"])}${problemIn(evidence)}`;
    if (read.value("runningSinceAtMs") !== undefined) return words.running(read.dateTime("runningSinceAtMs"));
    if (read.is("reason", "not-run-yet")) return words.notRunYet(read.dateTime("sinceAtMs"));
    return read.is("hasSucceeded", true) ? words.lastSuccess(read.dateTime("sinceAtMs")) : words.noSuccess(read.dateTime("sinceAtMs"));
  };

export const messages: CheckMessageCatalogue<typeof scheduledJobs> = {
  de: {
    name: "Geplante Aufgaben",
    description:
      "Ob ausgewählte Aufgaben, die das System zu festen Zeiten startet, gelaufen sind, mit Erfolg und vor nicht zu langer Zeit.",
    summary: summary({
      states: { waiting: "eingeplant", running: "läuft", inactive: "nicht eingeplant", missing: "nicht vorhanden" },
      results: {
        success: "letzter Lauf erfolgreich",
        failed: "letzter Lauf fehlgeschlagen",
        started: "gestartet",
        never: "noch nicht gelaufen",
        unknown: "Ergebnis des letzten Laufs unbekannt",
      },
      notRunYet: (since) => `noch nicht gelaufen, beobachtet seit ${since}`,
      lastSuccess: (when) => `zuletzt mit Erfolg am ${when}`,
      noSuccess: (since) => `ohne Erfolg seit ${since}`,
      running: (since) => `läuft seit ${since}`,
    }),
    findings: {
      "job-failed": {
        title: ({ subject, evidence }) => `Aufgabe ${subject} fehlgeschlagen${problemIn(evidence)}`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Der letzte Lauf endete am ${read.dateTime("lastRunAtMs")} mit einem Fehler${problemIn(evidence)}. Letzter Lauf mit Erfolg: ${read.dateTime("lastSuccessAtMs")}. Was die Aufgabe erledigen sollte, ist nicht erledigt.`;
        },
        advice: () => "Sehen Sie im Protokoll der Aufgabe nach dem Grund, beheben Sie ihn, und starten Sie die Aufgabe noch einmal.",
      },
      "job-overdue": {
        title: ({ subject, evidence, format }) =>
          `Aufgabe ${subject} ist überfällig (${evidenceText(evidence, format).duration("sinceSeconds")} ohne Erfolg)`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Sie soll alle ${read.number("successWithinHours")} Stunden mit Erfolg laufen und tat es zuletzt am ${read.dateTime("lastSuccessAtMs")}.`;
        },
        advice: () => "Prüfen Sie, ob die Aufgabe eingeplant ist, ob der Computer zu ihrer Zeit an war und wie sie endete.",
      },
      "job-running-long": {
        title: ({ subject, evidence, format }) =>
          `Aufgabe ${subject} läuft seit ${evidenceText(evidence, format).duration("runningSeconds")}`,
        meaning: ({ evidence, format }) =>
          `Sie läuft seit dem ${evidenceText(evidence, format).dateTime("runningSinceAtMs")}, länger als erwartet. Vielleicht wartet sie auf etwas, das nicht kommt.`,
        advice: () => "Prüfen Sie, was die Aufgabe tut, und beenden Sie sie, wenn sie hängt.",
      },
      "job-not-scheduled": {
        title: ({ subject, evidence }) =>
          evidence["jobState"] === "missing" ? `Aufgabe ${subject} gibt es nicht` : `Aufgabe ${subject} ist nicht eingeplant`,
        meaning: () => "Das System startet die Aufgabe nicht. Was sie erledigen soll, geschieht nicht.",
        advice: () => "Richten Sie die Aufgabe ein und schalten Sie sie ein (systemctl enable --now), oder nehmen Sie sie aus der Liste.",
      },
    },
    settings: {
      jobs: {
        label: "Aufgaben",
        help: "Timer von systemd, Aufgaben von Windows mit ihrem Pfad, Namen von launchd; * steht für beliebige Zeichen.",
      },
      cronCommands: {
        label: "Befehle von cron",
        help: "Wie sie in der Tabelle von cron stehen, * steht für beliebige Zeichen. Bekannt ist nur ihr Start.",
      },
      successWithinHours: { label: "Erfolg innerhalb von (Stunden)", help: "Störung, wenn der letzte Lauf mit Erfolg länger her ist." },
      runningHours: { label: "Warnung bei langer Laufzeit (Stunden)", help: "Wenn eine Aufgabe länger läuft. 0: nie." },
      reportInactive: { label: "Nicht eingeplante melden", help: "Warnung, wenn es die Aufgabe gibt und das System sie nicht startet." },
    },
    noData: {
      "no-job-chosen": "In den Einstellungen ist keine Aufgabe gewählt.",
      "no-job-fits": "Keine Aufgabe passt zu den Einstellungen.",
    },
    fields: { jobCount: "Aufgaben" },
  },
  en: {
    name: "Scheduled jobs",
    description: "Whether chosen jobs that the system starts at set times did run, with success and recently enough.",
    summary: summary({
      states: { waiting: "scheduled", running: "running", inactive: "not scheduled", missing: "not there" },
      results: {
        success: "last run succeeded",
        failed: "last run failed",
        started: "started",
        never: "has not run yet",
        unknown: "result of the last run not known",
      },
      notRunYet: (since) => `has not run yet, watched since ${since}`,
      lastSuccess: (when) => `last success on ${when}`,
      noSuccess: (since) => `no success since ${since}`,
      running: (since) => `running since ${since}`,
    }),
    findings: {
      "job-failed": {
        title: ({ subject, evidence }) => `Job ${subject} failed${problemIn(evidence)}`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Its last run ended on ${read.dateTime("lastRunAtMs")} with an error${problemIn(evidence)}. Last run with success: ${read.dateTime("lastSuccessAtMs")}. What the job should do is not done.`;
        },
        advice: () => "Look for the reason in the job's log, remove it, and start the job again.",
      },
      "job-overdue": {
        title: ({ subject, evidence, format }) =>
          `Job ${subject} is overdue (${evidenceText(evidence, format).duration("sinceSeconds")} without success)`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `It should run with success every ${read.number("successWithinHours")} hours, and last did on ${read.dateTime("lastSuccessAtMs")}.`;
        },
        advice: () => "Check whether the job is scheduled, whether the computer was on at its time, and how it ended.",
      },
      "job-running-long": {
        title: ({ subject, evidence, format }) =>
          `Job ${subject} has been running for ${evidenceText(evidence, format).duration("runningSeconds")}`,
        meaning: ({ evidence, format }) =>
          `It has been running since ${evidenceText(evidence, format).dateTime("runningSinceAtMs")}, longer than expected. Perhaps it waits for something that does not come.`,
        advice: () => "Check what the job is doing, and end it if it hangs.",
      },
      "job-not-scheduled": {
        title: ({ subject, evidence }) =>
          evidence["jobState"] === "missing" ? `Job ${subject} does not exist` : `Job ${subject} is not scheduled`,
        meaning: () => "The system does not start the job. What it should do does not happen.",
        advice: () => "Set the job up and switch it on (systemctl enable --now), or take it off the list.",
      },
    },
    settings: {
      jobs: { label: "Jobs", help: "Timers of systemd, tasks of Windows with their path, labels of launchd; * stands for any characters." },
      cronCommands: {
        label: "Commands of cron",
        help: "As they stand in cron's table, * stands for any characters. Only their start is known.",
      },
      successWithinHours: { label: "Success within (hours)", help: "Failure when the last run with success is longer ago." },
      runningHours: { label: "Warning at long run (hours)", help: "When a job runs for longer. 0: never." },
      reportInactive: {
        label: "Report jobs that are not scheduled",
        help: "Warning when the job is there and the system does not start it.",
      },
    },
    noData: {
      "no-job-chosen": "No job is chosen in the settings.",
      "no-job-fits": "No job fits the settings.",
    },
    fields: { jobCount: "Jobs" },
  },
};

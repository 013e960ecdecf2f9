import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { Format } from "@hauswart/protocol/format.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";
import type { services } from "./protocol.ts";

type Words = Readonly<Record<string, string>>;

const germanStates: Words = {
  running: "läuft",
  starting: "startet",
  stopping: "wird beendet",
  stopped: "angehalten",
  failed: "fehlgeschlagen",
  finished: "beendet, ohne Fehler",
  skipped: "nicht gestartet, weil eine Bedingung fehlt",
  waiting: "startet bei Bedarf",
  missing: "nicht vorhanden",
};
const englishStates: Words = {
  running: "running",
  starting: "starting",
  stopping: "stopping",
  stopped: "stopped",
  failed: "failed",
  finished: "ended without error",
  skipped: "not started because of an unmet condition",
  waiting: "starts when needed",
  missing: "not there",
};

const wordFor = (words: Words, evidence: Evidence) => words[String(evidence["serviceState"])] ?? "–";
/** " (exit-code 1)", or nothing. */
const problemIn = (evidence: Evidence) =>
  typeof evidence["problem"] === "string" && evidence["problem"] !== "" ? ` (${evidence["problem"]})` : "";
/** Where to read what a service of systemd said; elsewhere people know their log. */
const logOf = (subject: string) => (subject.endsWith(".service") ? ` (journalctl -u ${subject})` : "");
const named = (subject: string, evidence: Evidence) => {
  const displayName = evidence["displayName"];
  return typeof displayName === "string" && displayName !== "" && displayName !== subject ? `${subject} (${displayName})` : subject;
};

function germanRestarts(evidence: Evidence, format: Format): string {
  const read = evidenceText(evidence, format);
  if (read.is("restart", "failed")) return " Ein Neustart durch den Agenten ist misslungen.";
  if (read.is("restart", "gave-up"))
    return ` Der Agent hat die erlaubten Neustarts ausgeschöpft (${read.number("restartsIn24Hours")} in 24 Stunden) und versucht es nicht weiter.`;
  return "";
}

function englishRestarts(evidence: Evidence, format: Format): string {
  const read = evidenceText(evidence, format);
  if (read.is("restart", "failed")) return " The agent tried to restart it without success.";
  if (read.is("restart", "gave-up"))
    return ` The agent has used up the allowed restarts (${read.number("restartsIn24Hours")} in 24 hours) and does not try again.`;
  return "";
}

export const messages: CheckMessageCatalogue<typeof services> = {
  de: {
    name: "Dienste",
    description: "Dienste, die laufen sollen, laufen. Auf Wunsch startet der Agent sie neu.",
    summary: ({ evidence, format }) => {
      const read = evidenceText(evidence, format);
      const restarted = read.value("restartedAtMs") !== undefined ? `, vom Agenten neu gestartet am ${read.dateTime("restartedAtMs")}` : "";
      return `${wordFor(germanStates, evidence)}${problemIn(evidence)}${restarted}`;
    },
    findings: {
      "not-running": {
        title: ({ subject, evidence }) =>
          evidence["start"] === "deactivated"
            ? `Dienst ${subject} ist deaktiviert`
            : evidence["serviceState"] === "missing"
              ? `Dienst ${subject} ist nicht vorhanden`
              : `Dienst ${subject} läuft nicht`,
        meaning: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          const since = read.value("stateSinceAtMs") !== undefined ? ` seit ${read.dateTime("stateSinceAtMs")}` : "";
          return `${named(subject, evidence)} soll laufen. Zustand${since}: ${wordFor(germanStates, evidence)}${problemIn(evidence)}. Solange der Dienst nicht läuft, steht nicht zur Verfügung, was er leistet.${germanRestarts(evidence, format)}`;
        },
        advice: ({ subject, evidence }) =>
          evidence["start"] === "deactivated" || evidence["serviceState"] === "missing"
            ? "Richten Sie den Dienst ein und aktivieren Sie ihn, oder nehmen Sie ihn aus der Liste der Dienste, die laufen müssen."
            : `Sehen Sie im Protokoll nach dem Grund${logOf(subject)}, und starten Sie den Dienst. Soll er nicht laufen, deaktivieren Sie ihn.`,
      },
      failed: {
        title: ({ subject, evidence }) => `Dienst ${subject} mit Fehler beendet${problemIn(evidence)}`,
        meaning: ({ subject, evidence }) =>
          `${named(subject, evidence)} läuft nicht dauerhaft, sondern erledigt eine Aufgabe. Der letzte Lauf ist fehlgeschlagen; die Aufgabe ist nicht erledigt.`,
        advice: ({ subject }) =>
          `Sehen Sie im Protokoll nach dem Grund${logOf(subject)}, und starten Sie den Dienst nach der Behebung noch einmal.`,
      },
      unstable: {
        title: ({ subject, evidence, format }) =>
          `Dienst ${subject} stürzt wiederholt ab (${evidenceText(evidence, format).number("ownRestarts")}-mal in einer Stunde)`,
        meaning: ({ subject, evidence, format }) =>
          `${named(subject, evidence)} endet immer wieder und wird vom System neu gestartet, in der letzten Stunde mindestens ${evidenceText(evidence, format).number("ownRestarts")}-mal${problemIn(evidence)}. Zwischendurch steht er nicht zur Verfügung.`,
        advice: ({ subject }) => `Sehen Sie im Protokoll nach dem Grund${logOf(subject)}.`,
      },
    },
    settings: {
      watch: {
        label: "Geprüfte Dienste",
        help: "Welche Dienste laufen sollen: alle, die mit dem System starten, oder nur die unten genannten.",
        choices: { automatic: "Alle, die mit dem System starten, und die genannten", listed: "Nur die genannten" },
      },
      listed: {
        label: "Diese Dienste müssen laufen",
        help: "Namen wie cron oder nginx.service, * steht für beliebige Zeichen. Ein Name ohne * muss vorhanden sein.",
      },
      exclude: { label: "Ausgenommene Dienste", help: "Werden nie geprüft, * steht für beliebige Zeichen." },
      restart: {
        label: "Neu starten",
        help: "Der Agent startet einen Dienst, der laufen soll und nicht läuft, selbst neu, auch ohne Verbindung zum Server.",
      },
      restartOnly: { label: "Nur diese neu starten", help: "Leer: alle geprüften Dienste." },
      maximumConsecutiveRestarts: {
        label: "Neustarts hintereinander",
        help: "Höchstens so viele. Läuft der Dienst fünf Minuten, wird neu gezählt.",
      },
      maximumRestartsIn24Hours: { label: "Neustarts in 24 Stunden", help: "Höchstens so viele je Dienst." },
      restartsOfServices: {
        label: "Neustarts einzelner Dienste",
        help: "Die erste Zeile, die passt, gilt; was leer bleibt, ist wie bei allen. * steht für beliebige Zeichen, 0: nie neu starten.",
        columns: {
          service: "Dienst",
          maximumConsecutiveRestarts: "Hintereinander",
          maximumRestartsIn24Hours: "In 24 Stunden",
        },
      },
      limitsOfServices: {
        label: "Meldung einzelner Dienste",
        help: "Die erste Zeile, die passt, gilt; was leer bleibt, ist wie bei allen. * steht für beliebige Zeichen.",
        columns: {
          service: "Dienst",
          failuresBeforeFinding: "Schlechte Messungen bis zum Befund",
          startingMinutes: "Zeit zum Starten (Minuten)",
          unstableFromRestarts: "Warnung ab Abstürzen je Stunde",
        },
      },
      startingMinutes: { label: "Zeit zum Starten (Minuten)", help: "So lange darf ein Dienst zum Starten oder Beenden brauchen." },
      reportFailed: {
        label: "Fehlgeschlagene Aufgaben melden",
        help: "Warnung auch bei Diensten, die nur eine Aufgabe erledigen und dabei scheiterten.",
      },
      unstableFromRestarts: {
        label: "Warnung ab Abstürzen je Stunde",
        help: "Wenn das System einen Dienst so oft in einer Stunde neu starten musste. 0: nie.",
      },
    },
    noData: {
      "no-systemd": "Auf diesem Computer läuft kein systemd.",
      "shutting-down": "Der Computer fährt gerade herunter.",
      "no-service-fits": "Kein Dienst passt zu den Einstellungen.",
    },
    fields: { watchedCount: "Geprüfte Dienste", runningCount: "Laufende Dienste" },
  },
  en: {
    name: "Services",
    description: "Services that should run do run. On request the agent restarts them.",
    summary: ({ evidence, format }) => {
      const read = evidenceText(evidence, format);
      const restarted = read.value("restartedAtMs") !== undefined ? `, restarted by the agent on ${read.dateTime("restartedAtMs")}` : "";
      return `${wordFor(englishStates, evidence)}${problemIn(evidence)}${restarted}`;
    },
    findings: {
      "not-running": {
        title: ({ subject, evidence }) =>
          evidence["start"] === "deactivated"
            ? `Service ${subject} is deactivated`
            : evidence["serviceState"] === "missing"
              ? `Service ${subject} is not there`
              : `Service ${subject} is not running`,
        meaning: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          const since = read.value("stateSinceAtMs") !== undefined ? ` since ${read.dateTime("stateSinceAtMs")}` : "";
          return `${named(subject, evidence)} should run. State${since}: ${wordFor(englishStates, evidence)}${problemIn(evidence)}. Until it runs again, what it does is not available.${englishRestarts(evidence, format)}`;
        },
        advice: ({ subject, evidence }) =>
          evidence["start"] === "deactivated" || evidence["serviceState"] === "missing"
            ? "Set the service up and activate it, or take it off the list of services that must run."
            : `Look for the reason in the log${logOf(subject)} and start the service. If it should not run, deactivate it.`,
      },
      failed: {
        title: ({ subject, evidence }) => `Service ${subject} ended with an error${problemIn(evidence)}`,
        meaning: ({ subject, evidence }) =>
          `${named(subject, evidence)} does not run all the time but does a job. Its last run failed; the job is not done.`,
        advice: ({ subject }) => `Look for the reason in the log${logOf(subject)}, and start the service once more when it is removed.`,
      },
      unstable: {
        title: ({ subject, evidence, format }) =>
          `Service ${subject} keeps crashing (${evidenceText(evidence, format).number("ownRestarts")} times in an hour)`,
        meaning: ({ subject, evidence, format }) =>
          `${named(subject, evidence)} ends again and again and is restarted by the system, at least ${evidenceText(evidence, format).number("ownRestarts")} times in the last hour${problemIn(evidence)}. In between it is not available.`,
        advice: ({ subject }) => `Look for the reason in the log${logOf(subject)}.`,
      },
    },
    settings: {
      watch: {
        label: "Services to check",
        help: "Which services shall run: all that start with the system, or only those named below.",
        choices: { automatic: "All that start with the system, and those named", listed: "Only those named" },
      },
      listed: {
        label: "These services must run",
        help: "Names such as cron or nginx.service, * stands for any characters. A name without * must exist.",
      },
      exclude: { label: "Excluded services", help: "Never checked, * stands for any characters." },
      restart: {
        label: "Restart",
        help: "The agent itself restarts a service that should run and does not, also without a connection to the server.",
      },
      restartOnly: { label: "Restart only these", help: "Empty: all services that are checked." },
      maximumConsecutiveRestarts: {
        label: "Restarts in a row",
        help: "At most this many. When the service has run for five minutes, counting begins anew.",
      },
      maximumRestartsIn24Hours: { label: "Restarts in 24 hours", help: "At most this many per service." },
      restartsOfServices: {
        label: "Restarts of single services",
        help: "The first line that fits holds; what is left empty is as for all. * stands for any characters, 0: never restart.",
        columns: { service: "Service", maximumConsecutiveRestarts: "In a row", maximumRestartsIn24Hours: "In 24 hours" },
      },
      limitsOfServices: {
        label: "Reports of single services",
        help: "The first line that fits holds; what is left empty is as for all. * stands for any characters.",
        columns: {
          service: "Service",
          failuresBeforeFinding: "Bad measurements before a finding",
          startingMinutes: "Time to start (minutes)",
          unstableFromRestarts: "Warning from crashes per hour",
        },
      },
      startingMinutes: { label: "Time to start (minutes)", help: "A service may take this long to start or to end." },
      reportFailed: { label: "Report failed jobs", help: "Warn also of services that only do a job and failed in it." },
      unstableFromRestarts: {
        label: "Warning from crashes per hour",
        help: "When the system had to restart a service this often in an hour. 0: never.",
      },
    },
    noData: {
      "no-systemd": "This computer is not run by systemd.",
      "shutting-down": "The computer is shutting down.",
      "no-service-fits": "No service fits the settings.",
    },
    fields: { watchedCount: "Services checked", runningCount: "Services running" },
  },
};

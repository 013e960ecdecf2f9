import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";
import type { uptime } from "./protocol.ts";

const summary =
  (words: { running: (duration: string) => string; unexpected: string; undetermined: string }): FindingText =>
  ({ evidence, format }) => {
    const read = evidenceText(evidence, format);
    const running = words.running(read.duration("uptimeSeconds"));
    if (read.is("lastRestart", "unexpected")) return `${running}, ${words.unexpected}`;
    return read.is("lastRestart", "undetermined") ? `${running}, ${words.undetermined}` : running;
  };

export const messages: CheckMessageCatalogue<typeof uptime> = {
  de: {
    name: "Laufzeit und Neustarts",
    description: "Wann und wie der Computer gestartet wurde.",
    summary: summary({
      running: (duration) => `Laufzeit ${duration}`,
      unexpected: "zuletzt unerwartet neu gestartet",
      undetermined: "Grund des letzten Neustarts unbekannt",
    }),
    findings: {
      "restarted-unexpectedly": {
        title: ({ evidence, format }) => `Unerwartet neu gestartet am ${evidenceText(evidence, format).dateTime("bootedAtMs")}`,
        meaning: () =>
          "Der Computer wurde gestartet, ohne vorher heruntergefahren zu sein. Ursache ist meist ein Stromausfall, ein Absturz oder der Ausschalter. Nicht gespeicherte Arbeit ist verloren; Dateien können beschädigt sein.",
        advice: () =>
          "Fragen Sie, ob der Computer ausgeschaltet wurde oder der Strom ausfiel. Wiederholt es sich, prüfen Sie Netzteil, Temperatur und das Protokoll vor dem Ausfall (Linux: journalctl -b -1 -e; Windows: Ereignisanzeige, System).",
      },
      "long-uptime": {
        title: ({ evidence, format }) => `Lange nicht neu gestartet (${evidenceText(evidence, format).duration("uptimeSeconds")})`,
        meaning: ({ evidence, format }) =>
          `Der Computer läuft seit dem ${evidenceText(evidence, format).dateTime("bootedAtMs")} ohne Neustart. Viele Aktualisierungen wirken erst danach, und manche Störung verschwindet mit einem Neustart.`,
        advice: () => "Planen Sie einen Neustart ein.",
      },
    },
    settings: {
      unexpectedRestartDays: {
        label: "Unerwarteten Neustart melden (Tage)",
        help: "So lange wird nach einem unerwarteten Neustart gewarnt. 0: nie.",
      },
      longUptimeDays: {
        label: "Warnung bei langer Laufzeit nach (Tagen)",
        help: "Wenn der Computer länger als diese Zeit ohne Neustart läuft. 0: nie.",
      },
    },
    fields: { uptimeSeconds: "Laufzeit" },
  },
  en: {
    name: "Uptime and restarts",
    description: "When and how the computer was started.",
    summary: summary({
      running: (duration) => `up for ${duration}`,
      unexpected: "last restart was unexpected",
      undetermined: "reason of the last restart unknown",
    }),
    findings: {
      "restarted-unexpectedly": {
        title: ({ evidence, format }) => `Restarted unexpectedly on ${evidenceText(evidence, format).dateTime("bootedAtMs")}`,
        meaning: () =>
          "The computer was started without having been shut down before. Mostly the cause is a power failure, a crash or the power switch. Unsaved work is lost; files may be damaged.",
        advice: () =>
          "Ask whether the computer was switched off or the power failed. If it happens again, check power supply, temperature and the log before the failure (Linux: journalctl -b -1 -e; Windows: Event Viewer, System).",
      },
      "long-uptime": {
        title: ({ evidence, format }) => `Not restarted for long (${evidenceText(evidence, format).duration("uptimeSeconds")})`,
        meaning: ({ evidence, format }) =>
          `The computer has been running since ${evidenceText(evidence, format).dateTime("bootedAtMs")} without a restart. Many updates take effect only then, and some faults go away with a restart.`,
        advice: () => "Plan a restart.",
      },
    },
    settings: {
      unexpectedRestartDays: {
        label: "Report unexpected restart (days)",
        help: "Warns for this long after an unexpected restart. 0: never.",
      },
      longUptimeDays: {
        label: "Warning of long uptime after (days)",
        help: "When the computer has been running without a restart for longer than this. 0: never.",
      },
    },
    fields: { uptimeSeconds: "Uptime" },
  },
};

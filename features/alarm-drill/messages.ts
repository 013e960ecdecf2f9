import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";
import type { alarmDrill } from "./protocol.ts";

export const messages: CheckMessageCatalogue<typeof alarmDrill> = {
  de: {
    name: "Alarmübung",
    description: "Eine gekennzeichnete, harmlose Störung, mit der einmal im Monat geprüft wird, ob Alarme ankommen.",
    summary: () => "Übung: Nichts ist kaputt",
    findings: {
      drill: {
        title: () => "Alarmübung: bitte Empfang bestätigen",
        meaning: () =>
          "Das ist eine Übung, nichts ist kaputt. Sie prüft den ganzen Weg eines Alarms vom Computer bis zu Ihnen: So käme auch die Meldung einer echten Störung an.",
        advice: () => "Bestätigen Sie mit einem Klick, dass diese Mail Sie erreicht hat. Mehr ist nicht zu tun.",
      },
    },
    settings: {
      drillId: { label: "Laufende Übung", help: "Trägt Hauswart selbst ein, solange eine Übung läuft." },
    },
    noData: { "no-drill": "Es läuft keine Übung." },
    fields: {},
  },
  en: {
    name: "Alarm drill",
    description: "A marked, harmless fault by which it is proven once a month that alarms arrive.",
    summary: () => "Drill: nothing is broken",
    findings: {
      drill: {
        title: () => "Alarm drill: please confirm",
        meaning: () =>
          "This is a drill, nothing is broken. It tests the whole way of an alarm from the computer to you: the notice of a real fault would arrive just like this.",
        advice: () => "Confirm with one click that this mail has reached you. Nothing else has to be done.",
      },
    },
    settings: {
      drillId: { label: "Running drill", help: "Hauswart sets it by itself while a drill is running." },
    },
    noData: { "no-drill": "No drill is running." },
    fields: {},
  },
};

/** Why a device is not heard of, in words: for the device's head, the finding and its mails. */
import type { Language } from "./format.ts";
import type { Certainty, OfflineClue, OfflineReason } from "./why-offline.ts";

export interface WhyOfflineTexts {
  /** Short enough for a subject line. */
  readonly reasons: Readonly<Record<OfflineReason, string>>;
  readonly certainties: Readonly<Record<Certainty, string>>;
  /** Whole sentences, without their full stop. */
  readonly clues: Readonly<Record<OfflineClue, string>>;
  readonly advice: Readonly<Record<OfflineReason, string>>;
  readonly because: (clues: readonly string[]) => string;
}

export const whyOfflineTexts: Readonly<Record<Language, WhyOfflineTexts>> = {
  de: {
    reasons: {
      "shut-down": "heruntergefahren",
      asleep: "im Energiesparmodus",
      restarting: "vom Neustart nicht zurück",
      "agent-stopped": "Agent wurde beendet",
      "agent-dead": "Agent läuft nicht, Computer antwortet",
      "computer-gone": "Computer antwortet nicht",
      "behind-silent": "hängt hinter einem Gerät, das sich nicht meldet",
      "site-offline": "Standort ohne Verbindung",
      "server-away": "Hauswart-Server war nicht erreichbar",
      unknown: "Grund unbekannt",
    },
    certainties: { certain: "sicher", likely: "wahrscheinlich", possible: "möglich" },
    clues: {
      goodbye: "Der Agent hat sich abgemeldet",
      "told-later": "Nach dem Aufwachen hat der Agent gemeldet, wie lange der Computer geschlafen hat",
      "server-away": "Der Hauswart-Server hat zur selben Zeit die meisten Agenten verloren oder stand selbst still",
      "answers-ping": "Einem Nachbargerät antwortet der Computer",
      resolves: "Ein Nachbargerät sieht die Netzwerkkarte des Computers (ARP)",
      "no-ping": "Nachbargeräten antwortet er nicht",
      "does-not-resolve": "Kein Nachbargerät sieht seine Netzwerkkarte (ARP)",
      "before-silent": "Das Gerät, hinter dem er hängt, meldet sich auch nicht",
      "before-present": "Das Gerät, hinter dem er hängt, meldet sich",
      "site-offline": "Am Standort sind zur selben Zeit die meisten Verbindungen abgebrochen",
      "others-lost": "Andere Geräte des Standorts sind zur selben Zeit verschwunden",
      "others-connected": "Andere Geräte des Standorts melden sich",
      "no-others": "Am Standort ist kein anderes Gerät, das etwas sehen könnte",
    },
    advice: {
      "shut-down": "Sollte der Computer laufen, fragen Sie vor Ort nach.",
      asleep: "Soll der Computer durchlaufen, ändern Sie seine Energieeinstellungen.",
      restarting: "Sehen Sie am Bildschirm nach, ob der Start hängt.",
      "agent-stopped": "Starten Sie den Dienst „hauswart-agent“, und klären Sie, wer ihn beendet hat.",
      "agent-dead": "Der Computer läuft. Prüfen Sie am Gerät, ob der Dienst „hauswart-agent“ läuft und was sein Protokoll sagt.",
      "computer-gone": "Prüfen Sie Strom und Netzwerkkabel am Gerät.",
      "behind-silent": "Kümmern Sie sich zuerst um das Gerät davor.",
      "site-offline": "Prüfen Sie zuerst den Internetanschluss des Standorts.",
      "server-away": "Prüfen Sie zuerst den Server von Hauswart und seinen Anschluss.",
      unknown: "Prüfen Sie Strom und Netz am Gerät und ob der Dienst „hauswart-agent“ läuft.",
    },
    because: (clues) => `Dafür stehen diese Hinweise: ${clues.join("; ")}.`,
  },
  en: {
    reasons: {
      "shut-down": "shut down",
      asleep: "asleep",
      restarting: "not back from a restart",
      "agent-stopped": "agent was stopped",
      "agent-dead": "agent dead, computer answers",
      "computer-gone": "computer does not answer",
      "behind-silent": "behind a device that is silent",
      "site-offline": "site without connection",
      "server-away": "Hauswart server was out of reach",
      unknown: "reason unknown",
    },
    certainties: { certain: "certain", likely: "likely", possible: "possible" },
    clues: {
      goodbye: "The agent said goodbye",
      "told-later": "Once awake, the agent said how long the computer had slept",
      "server-away": "The Hauswart server lost most of its agents at the same time, or stood still itself",
      "answers-ping": "The computer answers a neighbour",
      resolves: "A neighbour sees the computer's network card (ARP)",
      "no-ping": "It does not answer neighbours",
      "does-not-resolve": "No neighbour sees its network card (ARP)",
      "before-silent": "The device that it hangs behind is silent too",
      "before-present": "The device that it hangs behind is there",
      "site-offline": "Most connections of the site broke at the same time",
      "others-lost": "Other devices of the site went at the same time",
      "others-connected": "Other devices of the site are there",
      "no-others": "There is no other device at the site that could see anything",
    },
    advice: {
      "shut-down": "If the computer ought to run, ask on site.",
      asleep: "If the computer ought to stay awake, change its power settings.",
      restarting: "Look at its screen whether the start hangs.",
      "agent-stopped": "Start the service “hauswart-agent”, and find out who stopped it.",
      "agent-dead": "The computer runs. See at the device whether the service “hauswart-agent” runs and what its log says.",
      "computer-gone": "Check power and network cable at the device.",
      "behind-silent": "See to the device before it first.",
      "site-offline": "Check the site's internet line first.",
      "server-away": "Check the Hauswart server and its line first.",
      unknown: "Check power and network at the device, and that the service “hauswart-agent” runs.",
    },
    because: (clues) => `This is what speaks for it: ${clues.join("; ")}.`,
  },
};

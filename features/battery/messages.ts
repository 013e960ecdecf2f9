import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { Format } from "@hauswart/protocol/format.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";
import type { battery } from "./protocol.ts";

type Words = Readonly<Record<string, string>>;

const german: Words = { charging: "lädt", discharging: "entlädt", full: "voll", idle: "lädt nicht", "not-told": "Zustand unbekannt" };
const english: Words = {
  charging: "charging",
  discharging: "discharging",
  full: "full",
  idle: "not charging",
  "not-told": "state unknown",
};

interface Phrases {
  readonly none: string;
  readonly failed: string;
  readonly untold: string;
  readonly activities: Words;
  readonly health: (percent: string) => string;
  readonly charge: (percent: string) => string;
  readonly cycles: (count: string) => string;
}

const inGerman: Phrases = {
  none: "kein Akku",
  failed: "Akku meldet einen Defekt",
  untold: "der Akku nennt seine Kapazität nicht",
  activities: german,
  health: (percent) => `${percent} der Kapazität`,
  charge: (percent) => `${percent} geladen`,
  cycles: (count) => `${count} Ladezyklen`,
};
const inEnglish: Phrases = {
  none: "no battery",
  failed: "the battery says that it has failed",
  untold: "the battery does not tell its capacity",
  activities: english,
  health: (percent) => `${percent} of its capacity`,
  charge: (percent) => `${percent} charged`,
  cycles: (count) => `${count} cycles`,
};

function summary(phrases: Phrases, evidence: Evidence, format: Format): string {
  const read = evidenceText(evidence, format);
  if (read.value("batteries") === 0) return phrases.none;
  const parts = [
    read.is("failed", true) ? phrases.failed : undefined,
    read.value("healthPercent") === undefined ? phrases.untold : phrases.health(read.percent("healthPercent")),
    read.value("chargePercent") === undefined ? undefined : phrases.charge(read.percent("chargePercent")),
    phrases.activities[String(evidence["activity"])],
    read.value("cycleCount") === undefined ? undefined : phrases.cycles(read.number("cycleCount")),
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

const named = (subject: string, evidence: Evidence) =>
  typeof evidence["model"] === "string" && evidence["model"] !== "" ? `${subject} (${evidence["model"]})` : subject;

export const messages: CheckMessageCatalogue<typeof battery> = {
  de: {
    name: "Akku",
    description: "Wie viel Kapazität jeder Akku noch hat, wie oft er geladen wurde und ob er lädt.",
    summary: ({ evidence, format }) => summary(inGerman, evidence, format),
    findings: {
      worn: {
        title: ({ subject, evidence, format }) =>
          evidence["failed"] === true
            ? `Akku ${subject} ist defekt`
            : `Akku ${subject} ist verschlissen (${evidenceText(evidence, format).percent("healthPercent")} der Kapazität)`,
        meaning: ({ subject, evidence, format }) =>
          evidence["failed"] === true
            ? `${named(subject, evidence)} meldet selbst, dass er dauerhaft ausgefallen ist. Ohne Netzteil geht der Computer jederzeit aus.`
            : `${named(subject, evidence)} lässt sich nur noch auf ${evidenceText(evidence, format).percent("healthPercent")} seiner ursprünglichen Kapazität laden. Entsprechend kürzer läuft der Computer ohne Netzteil; alte Akkus können sich aufblähen.`,
        advice: () =>
          "Lassen Sie den Akku ersetzen. Wölbt sich das Gehäuse oder klemmt das Tastfeld, nehmen Sie den Computer sofort außer Betrieb.",
      },
    },
    settings: {
      warningBelowHealthPercent: {
        label: "Warnung unter (% der Kapazität)",
        help: "Wenn sich ein Akku nur noch auf weniger als diesen Teil der ursprünglichen Kapazität laden lässt.",
      },
      failureBelowHealthPercent: {
        label: "Ausfall unter (% der Kapazität)",
        help: "Wenn sich ein Akku nur noch auf weniger als diesen Teil der ursprünglichen Kapazität laden lässt.",
      },
    },
    noData: {
      "batteries-not-told": "Dieses System gibt über seine Akkus keine Auskunft.",
    },
    fields: {
      "batteries.healthPercent": "Kapazität gegenüber neu",
      "batteries.chargePercent": "Ladung",
      "batteries.cycleCount": "Ladezyklen",
    },
  },
  en: {
    name: "Battery",
    description: "How much of its capacity each battery still has, how often it was charged, and whether it charges.",
    summary: ({ evidence, format }) => summary(inEnglish, evidence, format),
    findings: {
      worn: {
        title: ({ subject, evidence, format }) =>
          evidence["failed"] === true
            ? `Battery ${subject} has failed`
            : `Battery ${subject} is worn (${evidenceText(evidence, format).percent("healthPercent")} of its capacity)`,
        meaning: ({ subject, evidence, format }) =>
          evidence["failed"] === true
            ? `${named(subject, evidence)} itself says that it has failed for good. Without mains the computer may go off at any moment.`
            : `${named(subject, evidence)} can be charged only to ${evidenceText(evidence, format).percent("healthPercent")} of its capacity when new. The computer runs that much shorter without mains; old batteries may swell.`,
        advice: () => "Have the battery replaced. If the case bulges or the touchpad sticks, take the computer out of use at once.",
      },
    },
    settings: {
      warningBelowHealthPercent: {
        label: "Warning below (% of capacity)",
        help: "When a battery can be charged to less than this share of its capacity when new.",
      },
      failureBelowHealthPercent: {
        label: "Failure below (% of capacity)",
        help: "When a battery can be charged to less than this share of its capacity when new.",
      },
    },
    noData: {
      "batteries-not-told": "This system does not tell about its batteries.",
    },
    fields: {
      "batteries.healthPercent": "Capacity compared with new",
      "batteries.chargePercent": "Charge",
      "batteries.cycleCount": "Cycles",
    },
  },
};

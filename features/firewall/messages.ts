import type { Evidence } from "@hauswart/protocol/check.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";
import type { firewall } from "./protocol.ts";

type Words = Readonly<Record<string, string>>;

const germanStates: Words = {
  on: "eingeschaltet",
  open: "eingeschaltet, lässt aber alles herein",
  off: "ausgeschaltet",
  "other-product": "ein anderes Produkt hat übernommen",
  "not-told": "nicht feststellbar",
};
const englishStates: Words = {
  on: "on",
  open: "on, but lets everything in",
  off: "off",
  "other-product": "another product has taken over",
  "not-told": "cannot be told",
};
const germanProfiles: Words = { domain: "Domäne", private: "privat", public: "öffentlich" };

const filled = (evidence: Evidence, name: string) => {
  const value = evidence[name];
  return typeof value === "string" && value !== "" ? value : undefined;
};

function summary(states: Words, evidence: Evidence): string {
  const about = [filled(evidence, "program"), filled(evidence, "detail")].filter((part) => part !== undefined);
  return `${states[String(evidence["firewallState"])] ?? "–"}${about.length > 0 ? ` (${about.join(", ")})` : ""}`;
}

const isSystem = (subject: string) => subject === "system" || subject === "";

export const messages: CheckMessageCatalogue<typeof firewall> = {
  de: {
    name: "Firewall",
    description: "Ob die Firewall des Computers filtert, was hereinkommt.",
    summary: ({ evidence }) => summary(germanStates, evidence),
    findings: {
      off: {
        title: ({ subject, evidence }) => {
          const where = isSystem(subject) ? "" : ` (Profil ${germanProfiles[subject] ?? subject})`;
          return evidence["firewallState"] === "open" ? `Firewall lässt alles herein${where}` : `Firewall ist ausgeschaltet${where}`;
        },
        meaning: () =>
          "Jeder Dienst des Computers ist aus dem Netz erreichbar, auch solche, die nur für den Computer selbst gedacht sind. In fremden Netzen ist das besonders gefährlich.",
        advice: ({ evidence }) =>
          evidence["byPolicy"] === true
            ? "Eine Gruppenrichtlinie oder ein Verwaltungsprofil schaltet sie ab. Ändern Sie es dort."
            : "Schalten Sie die Firewall ein. Stört sie ein Programm, erlauben Sie dieses, statt sie abzuschalten.",
      },
    },
    settings: {
      require: {
        label: "Firewall verlangen",
        help: "Wo eine ausgeschaltete Firewall ein Befund ist.",
        choices: {
          "where-on-by-itself": "Wo das System sie von selbst einschaltet (Windows)",
          everywhere: "Auf jedem Computer",
          nowhere: "Nirgends, nur anzeigen",
        },
      },
    },
    fields: {},
  },
  en: {
    name: "Firewall",
    description: "Whether the computer's firewall filters what comes in.",
    summary: ({ evidence }) => summary(englishStates, evidence),
    findings: {
      off: {
        title: ({ subject, evidence }) => {
          const where = isSystem(subject) ? "" : ` (profile ${subject})`;
          return evidence["firewallState"] === "open" ? `Firewall lets everything in${where}` : `Firewall is off${where}`;
        },
        meaning: () =>
          "Every service of the computer can be reached from the network, also those that are meant for the computer alone. In foreign networks that is most dangerous.",
        advice: ({ evidence }) =>
          evidence["byPolicy"] === true
            ? "A group policy or a management profile switches it off. Change it there."
            : "Switch the firewall on. If it is in a program's way, allow that program instead of switching it off.",
      },
    },
    settings: {
      require: {
        label: "Require a firewall",
        help: "Where a firewall that is off is a finding.",
        choices: {
          "where-on-by-itself": "Where the system switches it on by itself (Windows)",
          everywhere: "On every computer",
          nowhere: "Nowhere, only show it",
        },
      },
    },
    fields: {},
  },
};

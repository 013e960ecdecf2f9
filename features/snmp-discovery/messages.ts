import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import { snmpAccessTexts } from "@hauswart/protocol/snmp-access-texts.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";
import type { snmpDiscovery } from "./protocol.ts";

type Kinds = Readonly<Record<string, string>>;

const german: Kinds = {
  printer: "Drucker",
  "power-supply": "Stromversorgung",
  network: "Netzgerät",
  computer: "Computer",
  other: "Gerät",
};
const english: Kinds = {
  printer: "printer",
  "power-supply": "power supply",
  network: "network device",
  computer: "computer",
  other: "device",
};

const kindIn = (kinds: Kinds, { kind }: Evidence) => (typeof kind === "string" ? (kinds[kind] ?? kind) : "–");

/** Of the whole search how much was found; of a device what it is. */
const summary =
  (kinds: Kinds, found: (devices: string, addresses: string) => string, more: string, nobody: string): FindingText =>
  ({ evidence, format }) => {
    const read = evidenceText(evidence, format);
    if (read.value("searchedCount") !== undefined) {
      if (read.value("devicesCount") === 0) return nobody;
      const text = found(read.number("devicesCount"), read.number("searchedCount"));
      return read.is("isPartial", true) ? `${text}, ${more}` : text;
    }
    const words = [read.text("name"), read.text("description"), read.text("place")].filter((word) => word !== "–");
    return [kindIn(kinds, evidence), ...words].join(", ");
  };

export const messages: CheckMessageCatalogue<typeof snmpDiscovery> = {
  de: {
    name: "SNMP-Geräte suchen",
    description: "Findet Geräte im Netz, die SNMP sprechen: Drucker, Switches, Stromversorgungen.",
    summary: summary(
      german,
      (devices, addresses) => `${devices} Geräte an ${addresses} Adressen`,
      "weitere Adressen nicht abgesucht",
      "niemand antwortet; stimmen die Zugangsdaten?",
    ),
    findings: {
      "new-device": {
        title: ({ evidence, subject }) => `Neues Gerät im Netz: ${subject} (${kindIn(german, evidence)})`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Ein Gerät antwortet, das am ${read.dateTime("firstSeenAtMs")} zum ersten Mal da war: ${read.text("name")}, ${read.text("description")}.`;
        },
        advice: () => "Klären Sie, wem es gehört. Soll es überwacht werden, nehmen Sie es in einer Richtlinie als SNMP-Gerät auf.",
      },
    },
    settings: {
      networks: {
        label: "Netze",
        help: "Zum Beispiel 192.168.1.0/24, zusammen bis zu 512 Adressen. Leer: die Netze, in denen der Computer steht.",
      },
      portNumber: { label: "Port", help: "Fast immer 161." },
      ...snmpAccessTexts.de.settings,
      version: {
        ...snmpAccessTexts.de.settings.version,
        help: "v3 verschlüsselt; v1 und v2c senden die Community lesbar an jede Adresse.",
      },
      answerWithinMs: { label: "Antwort innerhalb von (ms)", help: "Jede Adresse wird einmal gefragt." },
      reportNewDays: {
        label: "Neue Geräte melden (Tage)",
        help: "So lange wird vor einem Gerät gewarnt, das vorher nicht da war. 0: nie.",
      },
    },
    noData: {
      "unreadable-network": (about) => `Das ist kein Netz: ${about}. Schreiben Sie 192.168.1.0/24.`,
      "no-network": "Dieser Computer steht in keinem IPv4-Netz, und es ist keines eingestellt.",
      ...snmpAccessTexts.de.noData,
    },
    fields: { searchedCount: "Gefragte Adressen", devicesCount: "Gefundene Geräte" },
  },
  en: {
    name: "Find SNMP devices",
    description: "Finds the devices in a network that speak SNMP: printers, switches, power supplies.",
    summary: summary(
      english,
      (devices, addresses) => `${devices} devices at ${addresses} addresses`,
      "more addresses were not searched",
      "nobody answers; is the access data right?",
    ),
    findings: {
      "new-device": {
        title: ({ evidence, subject }) => `New device in the network: ${subject} (${kindIn(english, evidence)})`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `A device answers that was first there on ${read.dateTime("firstSeenAtMs")}: ${read.text("name")}, ${read.text("description")}.`;
        },
        advice: () => "Find out whose it is. If it shall be watched, take it into a policy as an SNMP device.",
      },
    },
    settings: {
      networks: {
        label: "Networks",
        help: "For example 192.168.1.0/24, up to 512 addresses together. Empty: the networks that the computer stands in.",
      },
      portNumber: { label: "Port", help: "Nearly always 161." },
      ...snmpAccessTexts.en.settings,
      version: { ...snmpAccessTexts.en.settings.version, help: "v3 encrypts; v1 and v2c send the community readably to each address." },
      answerWithinMs: { label: "Answer within (ms)", help: "Each address is asked once." },
      reportNewDays: { label: "Report new devices (days)", help: "Warns for this long of a device that was not there before. 0: never." },
    },
    noData: {
      "unreadable-network": (about) => `This is no network: ${about}. Write 192.168.1.0/24.`,
      "no-network": "This computer stands in no network of IPv4, and none is set.",
      ...snmpAccessTexts.en.noData,
    },
    fields: { searchedCount: "Addresses asked", devicesCount: "Devices found" },
  },
};

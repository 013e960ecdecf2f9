import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { Format } from "@hauswart/protocol/format.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";
import type { timeSkew } from "./protocol.ts";

type Words = Readonly<Record<string, string>>;

const german: Words = {
  none: "nichts stellt die Uhr",
  host: "Uhr des Wirtssystems",
  timesyncd: "systemd-timesyncd",
  chrony: "chrony",
  ntpd: "ntpd",
  w32time: "Windows-Zeitgeber",
  timed: "timed",
  other: "ein anderes Programm",
};
const english: Words = {
  none: "nothing sets the clock",
  host: "the host's clock",
  timesyncd: "systemd-timesyncd",
  chrony: "chrony",
  ntpd: "ntpd",
  w32time: "Windows Time",
  timed: "timed",
  other: "another program",
};

const method = (words: Words, evidence: Evidence) => words[String(evidence["method"])] ?? "–";
const source = (evidence: Evidence) =>
  typeof evidence["source"] === "string" && evidence["source"] !== "" ? ` (${evidence["source"]})` : "";
const isKnown = (evidence: Evidence) => typeof evidence["sinceSyncSeconds"] === "number";

function summary(words: Words, since: (duration: string) => string, evidence: Evidence, format: Format): string {
  const read = evidenceText(evidence, format);
  return `${method(words, evidence)}${source(evidence)}${isKnown(evidence) ? since(read.duration("sinceSyncSeconds")) : ""}`;
}

export const messages: CheckMessageCatalogue<typeof timeSkew> = {
  de: {
    name: "Zeitabgleich",
    description: "Ob der Computer seine Uhr nach einer Zeitquelle stellt, nach welcher und wann zuletzt.",
    summary: ({ evidence, format }) => summary(german, (duration) => `, zuletzt vor ${duration}`, evidence, format),
    findings: {
      "switched-off": {
        title: () => "Die Uhr wird nicht abgeglichen",
        meaning: () =>
          "Kein Programm stellt die Uhr nach einer Zeitquelle. Sie geht mit der Zeit falsch; dann scheitern Anmeldungen, Zertifikate gelten als ungültig, und Protokolle lassen sich nicht mehr vergleichen.",
        advice: () =>
          "Schalten Sie den Zeitabgleich ein: unter Windows den Dienst „Windows-Zeitgeber“, unter macOS „Datum und Uhrzeit automatisch einstellen“, unter Linux systemd-timesyncd oder chrony.",
      },
      "not-synchronised": {
        title: ({ evidence, format }) =>
          isKnown(evidence)
            ? `Uhr seit ${evidenceText(evidence, format).duration("sinceSyncSeconds")} nicht abgeglichen`
            : "Der Zeitabgleich gelingt nicht",
        meaning: ({ evidence }) =>
          `${method(german, evidence)}${source(evidence)} soll die Uhr stellen, hat aber keine Zeit von einer Quelle bekommen. Die Uhr geht mit der Zeit falsch.`,
        advice: () =>
          "Prüfen Sie, ob die eingetragene Zeitquelle antwortet und ob die Firewall UDP-Port 123 nach außen durchlässt. In einer Domäne prüfen Sie den Domänencontroller.",
      },
    },
    settings: {
      warningAfterDays: { label: "Warnung ohne Abgleich nach (Tagen)", help: "Wenn die Uhr länger nicht gestellt wurde." },
      reportSwitchedOff: { label: "Fehlenden Abgleich melden", help: "Warnung, wenn nichts die Uhr stellt." },
    },
    noData: {
      "not-told": "Nichts auf diesem Computer sagt, ob die Uhr abgeglichen wird.",
    },
    fields: { sinceSyncSeconds: "Zeit seit dem letzten Abgleich" },
  },
  en: {
    name: "Time synchronisation",
    description: "Whether the computer sets its clock by a time source, by which one, and when it last did.",
    summary: ({ evidence, format }) => summary(english, (duration) => `, last ${duration} ago`, evidence, format),
    findings: {
      "switched-off": {
        title: () => "The clock is not synchronised",
        meaning: () =>
          "No program sets the clock by a time source. In time it will be wrong; then sign-ins fail, certificates count as invalid, and logs cannot be compared any more.",
        advice: () =>
          "Switch synchronisation on: on Windows the service Windows Time, on macOS “Set time and date automatically”, on Linux systemd-timesyncd or chrony.",
      },
      "not-synchronised": {
        title: ({ evidence, format }) =>
          isKnown(evidence)
            ? `Clock not synchronised for ${evidenceText(evidence, format).duration("sinceSyncSeconds")}`
            : "Synchronising the clock fails",
        meaning: ({ evidence }) =>
          `${method(english, evidence)}${source(evidence)} shall set the clock, but got no time from a source. In time the clock will be wrong.`,
        advice: () =>
          "Check whether the time source that is set answers, and whether the firewall lets UDP port 123 out. In a domain look at the domain controller.",
      },
    },
    settings: {
      warningAfterDays: {
        label: "Warning without synchronisation after (days)",
        help: "When the clock has not been set for longer than this.",
      },
      reportSwitchedOff: { label: "Report missing synchronisation", help: "Warning when nothing sets the clock." },
    },
    noData: {
      "not-told": "Nothing here tells whether the clock is synchronised.",
    },
    fields: { sinceSyncSeconds: "Time since the last synchronisation" },
  },
};

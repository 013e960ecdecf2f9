import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";
import type { rebootPending } from "./protocol.ts";

type Words = Readonly<Record<string, string>>;

const german: Words = {
  packages: "aktualisierte Pakete",
  kernel: "ein neuerer Systemkern",
  "system-version": "eine neuere Systemversion",
  "windows-update": "Windows-Updates",
  servicing: "Änderungen an Windows-Komponenten",
  "file-replacement": "Dateien, die beim Start ersetzt werden",
  "computer-name": "ein neuer Computername",
  domain: "ein Wechsel der Domäne",
};
const english: Words = {
  packages: "updated packages",
  kernel: "a newer kernel",
  "system-version": "a newer version of the system",
  "windows-update": "Windows updates",
  servicing: "changes to Windows components",
  "file-replacement": "files that are replaced at start",
  "computer-name": "a new computer name",
  domain: "a change of domain",
};

/** "a newer kernel, updated packages (6.1.0-28, libc6)" */
function causes(words: Words, evidence: Evidence): string {
  const { causes: names, details } = evidence;
  if (typeof names !== "string" || names === "") return "–";
  const written = names.split(" ").map((name) => words[name] ?? name);
  return `${written.join(", ")}${typeof details === "string" && details !== "" ? ` (${details})` : ""}`;
}

export const messages: CheckMessageCatalogue<typeof rebootPending> = {
  de: {
    name: "Ausstehender Neustart",
    description: "Ob der Computer einen Neustart braucht, warum und seit wann.",
    summary: ({ evidence }) =>
      evidence["restartPending"] === true ? `Neustart nötig: ${causes(german, evidence)}` : "kein Neustart nötig",
    findings: {
      "restart-pending": {
        title: ({ evidence, format }) => `Neustart nötig seit dem ${evidenceText(evidence, format).dateTime("pendingSinceAtMs")}`,
        meaning: ({ evidence }) =>
          `Aktualisierungen werden erst nach einem Neustart wirksam, auch solche, die Sicherheitslücken schließen. Es warten: ${causes(german, evidence)}.`,
        advice: () => "Starten Sie den Computer neu, sobald es die Arbeit erlaubt.",
      },
    },
    settings: {
      warningAfterDays: {
        label: "Warnung bei ausstehendem Neustart nach (Tagen)",
        help: "Wenn ein Neustart länger als diese Zeit nötig ist.",
      },
      failureAfterDays: {
        label: "Ausfall bei ausstehendem Neustart nach (Tagen)",
        help: "Wenn ein Neustart länger als diese Zeit nötig ist. 0: nie.",
      },
    },
    noData: {
      "not-told": "Dieses System gibt nicht an, ob es auf einen Neustart wartet.",
    },
    fields: {},
  },
  en: {
    name: "Pending restart",
    description: "Whether the computer needs a restart, why, and since when.",
    summary: ({ evidence }) => (evidence["restartPending"] === true ? `restart needed: ${causes(english, evidence)}` : "no restart needed"),
    findings: {
      "restart-pending": {
        title: ({ evidence, format }) => `Restart needed since ${evidenceText(evidence, format).dateTime("pendingSinceAtMs")}`,
        meaning: ({ evidence }) =>
          `Updates take effect only after a restart, among them those that close security holes. Waiting for it: ${causes(english, evidence)}.`,
        advice: () => "Restart the computer as soon as the work allows.",
      },
    },
    settings: {
      warningAfterDays: {
        label: "Warning of a pending restart after (days)",
        help: "When a restart has been needed for longer than this.",
      },
      failureAfterDays: {
        label: "Failure of a pending restart after (days)",
        help: "When a restart has been needed for longer than this. 0: never.",
      },
    },
    noData: {
      "not-told": "This system does not tell whether it waits for a restart.",
    },
    fields: {},
  },
};

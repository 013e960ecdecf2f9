import type { Evidence } from "@hauswart/protocol/check.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";
import type { diskEncryption } from "./protocol.ts";

type Words = Readonly<Record<string, string>>;

const germanStates: Words = {
  encrypted: "verschlüsselt",
  suspended: "verschlüsselt, Schutz angehalten",
  "in-progress": "wird verschlüsselt",
  "not-encrypted": "nicht verschlüsselt",
  "not-told": "nicht feststellbar",
  none: "nicht feststellbar (kein Datenträger genannt)",
};
const englishStates: Words = {
  encrypted: "encrypted",
  suspended: "encrypted, protection suspended",
  "in-progress": "being encrypted",
  "not-encrypted": "not encrypted",
  "not-told": "cannot be told",
  none: "cannot be told (no volume named)",
};

function summary(states: Words, evidence: Evidence): string {
  const about = [evidence["method"], evidence["detail"]].filter((part) => typeof part === "string" && part !== "");
  return `${states[String(evidence["encryption"])] ?? "–"}${about.length > 0 ? ` (${about.join(", ")})` : ""}`;
}

const isSuspended = (evidence: Evidence) => evidence["encryption"] === "suspended";

export const messages: CheckMessageCatalogue<typeof diskEncryption> = {
  de: {
    name: "Datenträgerverschlüsselung",
    description: "Ob die Datenträger verschlüsselt sind, sodass ein gestohlener nichts verrät.",
    summary: ({ evidence }) => summary(germanStates, evidence),
    findings: {
      "not-encrypted": {
        title: ({ subject, evidence }) =>
          isSuspended(evidence) ? `Verschlüsselung von ${subject} ist angehalten` : `Datenträger ${subject} ist nicht verschlüsselt`,
        meaning: ({ evidence }) =>
          isSuspended(evidence)
            ? "Die Daten sind verschlüsselt, der Schlüssel liegt aber offen daneben. Wer den Computer findet oder stiehlt, kann alles lesen."
            : "Wer den Computer findet oder stiehlt, kann alles lesen: Dateien, gespeicherte Kennwörter, E-Mails. Sind personenbezogene Daten darunter, ist das meldepflichtig.",
        advice: ({ evidence }) =>
          isSuspended(evidence)
            ? "Setzen Sie den Schutz fort (BitLocker verwalten, Schutz fortsetzen)."
            : "Schalten Sie BitLocker oder FileVault ein, und verwahren Sie den Wiederherstellungsschlüssel. Unter Linux lässt sich LUKS nur bei der Installation einfach einrichten.",
      },
    },
    settings: {
      require: {
        label: "Verschlüsselung verlangen",
        help: "Wo ein unverschlüsselter Datenträger ein Befund ist.",
        choices: { portable: "Auf Computern mit Akku", everywhere: "Auf jedem Computer", nowhere: "Nirgends, nur anzeigen" },
      },
      exclude: { label: "Ausgenommene Datenträger", help: "Werden angezeigt, aber nie gemeldet." },
    },
    fields: {},
  },
  en: {
    name: "Disk encryption",
    description: "Whether the disks are encrypted, so that a stolen one tells nothing.",
    summary: ({ evidence }) => summary(englishStates, evidence),
    findings: {
      "not-encrypted": {
        title: ({ subject, evidence }) =>
          isSuspended(evidence) ? `Encryption of ${subject} is suspended` : `Volume ${subject} is not encrypted`,
        meaning: ({ evidence }) =>
          isSuspended(evidence)
            ? "The data are encrypted, but the key lies openly beside them. Whoever finds or steals the computer can read everything."
            : "Whoever finds or steals the computer can read everything: files, saved passwords, mail. If personal data are among it, the loss has to be reported.",
        advice: ({ evidence }) =>
          isSuspended(evidence)
            ? "Resume protection (Manage BitLocker, Resume protection)."
            : "Switch on BitLocker or FileVault, and keep the recovery key. On Linux, LUKS is easily set up only when the system is installed.",
      },
    },
    settings: {
      require: {
        label: "Require encryption",
        help: "Where a volume that is not encrypted is a finding.",
        choices: { portable: "On computers with a battery", everywhere: "On every computer", nowhere: "Nowhere, only show it" },
      },
      exclude: { label: "Excluded volumes", help: "Are shown, but never reported." },
    },
    fields: {},
  },
};

import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { Format } from "@hauswart/protocol/format.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";
import type { certificates } from "./protocol.ts";

interface Phrases {
  readonly none: string;
  readonly unreadable: (problem: string) => string;
  readonly valid: (name: string, until: string) => string;
  readonly ended: (name: string, until: string) => string;
}

const inGerman: Phrases = {
  none: "keine Zertifikate",
  unreadable: (problem) => `nicht lesbar: ${problem}`,
  valid: (name, until) => `${name}, gültig bis ${until}`,
  ended: (name, until) => `${name}, abgelaufen am ${until}`,
};
const inEnglish: Phrases = {
  none: "no certificates",
  unreadable: (problem) => `cannot be read: ${problem}`,
  valid: (name, until) => `${name}, valid until ${until}`,
  ended: (name, until) => `${name}, ended on ${until}`,
};

const hasEnded = (evidence: Evidence) => typeof evidence["daysLeft"] === "number" && evidence["daysLeft"] <= 0;

function summary(phrases: Phrases, evidence: Evidence, format: Format): string {
  const read = evidenceText(evidence, format);
  if (read.value("certificates") === 0) return phrases.none;
  if (read.is("reason", "unreadable")) return phrases.unreadable(read.text("problem"));
  return (hasEnded(evidence) ? phrases.ended : phrases.valid)(read.text("name"), read.dateTime("validUntilAtMs"));
}

export const messages: CheckMessageCatalogue<typeof certificates> = {
  de: {
    name: "Zertifikate",
    description: "Wie lange die Zertifikate der Dienste dieses Computers noch gelten.",
    summary: ({ evidence, format }) => summary(inGerman, evidence, format),
    findings: {
      expiring: {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return hasEnded(evidence)
            ? `Zertifikat ${read.text("name")} ist abgelaufen`
            : `Zertifikat ${read.text("name")} läuft am ${read.dateTime("validUntilAtMs")} ab`;
        },
        meaning: ({ subject, evidence, format }) =>
          `${subject}, ausgestellt von ${evidenceText(evidence, format).text("issuer")}. ${hasEnded(evidence) ? "Programme weisen Verbindungen zu dem Dienst ab, der es benutzt." : "Danach weisen Programme Verbindungen zu dem Dienst ab, der es benutzt."}`,
        advice: () =>
          "Erneuern Sie das Zertifikat, und starten Sie den Dienst neu, der es benutzt. Wird es von selbst erneuert (certbot, win-acme), sehen Sie dort im Protokoll nach. Benutzt es niemand, entfernen Sie es oder nehmen Sie den Ort aus.",
      },
    },
    settings: {
      usualPlaces: {
        label: "Übliche Orte ansehen",
        help: "Zertifikatsspeicher des Systems und die Ordner, in denen Web- und Mailserver ihre Zertifikate haben.",
      },
      paths: { label: "Weitere Dateien und Ordner", help: "Zertifikate im Format PEM oder DER." },
      exclude: { label: "Ausgenommene Orte", help: "Werden nie geprüft, * steht für beliebige Zeichen." },
      warningBelowDays: {
        label: "Warnung unter (Tagen)",
        help: "Restliche Gültigkeit. Bei kurzlebigen Zertifikaten ein Viertel ihrer Dauer.",
      },
      failureBelowDays: {
        label: "Ausfall unter (Tagen)",
        help: "Restliche Gültigkeit. Bei kurzlebigen Zertifikaten ein Zehntel ihrer Dauer.",
      },
      forgetExpiredDays: {
        label: "Abgelaufene vergessen nach (Tagen)",
        help: "Ein Zertifikat, das schon so lange abgelaufen ist, benutzt niemand mehr. 0: nie vergessen.",
      },
    },
    fields: {},
  },
  en: {
    name: "Certificates",
    description: "How long the certificates of this computer's services are still valid.",
    summary: ({ evidence, format }) => summary(inEnglish, evidence, format),
    findings: {
      expiring: {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return hasEnded(evidence)
            ? `Certificate ${read.text("name")} has ended`
            : `Certificate ${read.text("name")} ends on ${read.dateTime("validUntilAtMs")}`;
        },
        meaning: ({ subject, evidence, format }) =>
          `${subject}, issued by ${evidenceText(evidence, format).text("issuer")}. ${hasEnded(evidence) ? "Programs refuse connections to the service that uses it." : "After that, programs refuse connections to the service that uses it."}`,
        advice: () =>
          "Renew the certificate, and restart the service that uses it. If it is renewed by itself (certbot, win-acme), look into that program's log. If nobody uses it, remove it or exclude the place.",
      },
    },
    settings: {
      usualPlaces: {
        label: "Look at the usual places",
        help: "The system's certificate stores, and the folders in which web and mail servers keep their certificates.",
      },
      paths: { label: "Further files and folders", help: "Certificates in the form PEM or DER." },
      exclude: { label: "Excluded places", help: "Never checked, * stands for any characters." },
      warningBelowDays: {
        label: "Warning below (days)",
        help: "Remaining validity. For short-lived certificates a quarter of their life.",
      },
      failureBelowDays: { label: "Failure below (days)", help: "Remaining validity. For short-lived certificates a tenth of their life." },
      forgetExpiredDays: {
        label: "Forget ended ones after (days)",
        help: "A certificate that ended so long ago is in use by nobody. 0: never forget.",
      },
    },
    fields: {},
  },
};

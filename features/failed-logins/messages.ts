import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";
import type { failedLogins } from "./protocol.ts";

const isText = (evidence: Evidence, name: string) => typeof evidence[name] === "string" && evidence[name] !== "";
/** The service and the other computer, as far as they are known. */
const german = (evidence: Evidence, source: string) =>
  [
    isText(evidence, "service") ? `Dienst ${String(evidence["service"])}` : "",
    isText(evidence, source) ? `von ${String(evidence[source])}` : "an diesem Computer",
  ]
    .filter(Boolean)
    .join(", ");
const english = (evidence: Evidence, source: string) =>
  [
    isText(evidence, "service") ? `service ${String(evidence["service"])}` : "",
    isText(evidence, source) ? `from ${String(evidence[source])}` : "at this computer",
  ]
    .filter(Boolean)
    .join(", ");
const germanAccount = (subject: string) => (subject === "?" ? "nicht vorhandene Konten" : `das Konto ${subject}`);
const englishAccount = (subject: string) => (subject === "?" ? "accounts that do not exist" : `account ${subject}`);

export const messages: CheckMessageCatalogue<typeof failedLogins> = {
  de: {
    name: "Gescheiterte Anmeldungen",
    description: "Anmeldungen, die scheiterten: viele an einem Konto, über viele Konten verteilt, oder mit einem Erfolg am Ende.",
    summary: ({ evidence, format }) => {
      const read = evidenceText(evidence, format);
      if (isText(evidence, "problem")) return `nicht feststellbar: ${read.text("problem")}`;
      const scope = evidence["unmeasured"] === "screen" ? ", Anmeldungen am Bildschirm nicht gemessen" : "";
      return `${read.number("windowCount")} gescheitert in ${read.number("windowMinutes")} Minuten${scope}`;
    },
    findings: {
      guessing: {
        title: ({ subject, evidence, format }) =>
          `${evidenceText(evidence, format).number("windowCount")} gescheiterte Anmeldungen an ${subject}`,
        meaning: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `In ${read.number("windowMinutes")} Minuten scheiterten ${read.number("windowCount")} Anmeldungen an ${germanAccount(subject)}, zuletzt am ${read.dateTime("lastAtMs")} (${german(evidence, "lastSource")}). Jemand rät das Kennwort, oder ein Programm benutzt ein altes.`;
        },
        advice: () =>
          "Fragen Sie die Person. War sie es nicht, sperren Sie die Quelle aus und ändern Sie das Kennwort; sonst suchen Sie nach gespeicherten alten Kennwörtern.",
      },
      spraying: {
        title: ({ subject, evidence, format }) =>
          `${subject} probiert ${evidenceText(evidence, format).number("accountCount")} Konten durch`,
        meaning: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Von ${subject} scheiterten in ${read.number("windowMinutes")} Minuten ${read.number("windowCount")} Anmeldungen an mindestens ${read.number("accountCount")} Konten. So gehen Angriffe vor, die mit wenigen Kennwörtern viele Konten versuchen.`;
        },
        advice: () => "Sperren Sie diese Quelle aus. Kommt sie aus dem eigenen Netz, untersuchen Sie den Computer.",
      },
      "many-failures": {
        title: ({ evidence, format }) => `Viele gescheiterte Anmeldungen (${evidenceText(evidence, format).number("windowCount")})`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `In ${read.number("windowMinutes")} Minuten scheiterten ${read.number("windowCount")} Anmeldungen. Der Computer ist wohl aus dem Internet erreichbar und wird angegriffen.`;
        },
        advice: () => "Machen Sie die Anmeldung nur über VPN erreichbar, oder lassen Sie nur Schlüssel statt Kennwörter zu.",
      },
      "success-after-failures": {
        title: ({ subject, evidence, format }) =>
          `Erfolgreiche Anmeldung an ${subject} nach ${evidenceText(evidence, format).number("failuresBefore")} gescheiterten`,
        meaning: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Am ${read.dateTime("succeededAtMs")} gelang eine Anmeldung an ${germanAccount(subject)} (${german(evidence, "succeededFrom")}), nachdem ${read.number("failuresBefore")} gescheitert waren. Das Kennwort kann erraten worden sein.`;
        },
        advice: () =>
          "Fragen Sie die Person sofort. War sie es nicht, beenden Sie die Sitzung, sperren Sie das Konto, und untersuchen Sie, was damit getan wurde.",
      },
      "locked-out": {
        title: ({ subject }) => `Konto ${subject} gesperrt`,
        meaning: ({ subject, evidence, format }) =>
          `Das System hat ${germanAccount(subject)} am ${evidenceText(evidence, format).dateTime("lockedAtMs")} nach zu vielen gescheiterten Anmeldungen gesperrt (${german(evidence, "lastSource")}).`,
        advice: () =>
          "Klären Sie mit der Person, ob sie es war. Suchen Sie sonst auf dem genannten Computer nach gespeicherten alten Kennwörtern.",
      },
    },
    settings: {
      windowMinutes: { label: "Zeitfenster (Minuten)", help: "In dieser Zeit werden gescheiterte Anmeldungen gezählt." },
      afterFailures: {
        label: "Erfolg verdächtig nach so vielen gescheiterten",
        help: "Eine Anmeldung ist verdächtig, wenn am selben Konto oder vom selben Computer so viele im Zeitfenster gescheitert sind.",
      },
      hideUnknownAccounts: {
        label: "Nicht vorhandene Konten verbergen",
        help: "Namen von Konten, die es nicht gibt, verlassen den Computer nicht. Manche tippen dort versehentlich ihr Kennwort.",
      },
      excludeAccounts: {
        label: "Ausgenommene Konten",
        help: "Werden nie gezählt, gleich wie groß oder klein geschrieben, * steht für beliebige Zeichen.",
      },
      excludeSources: {
        label: "Ausgenommene Quellen",
        help: "Adressen oder Namen von Computern, gleich wie groß oder klein geschrieben, * steht für beliebige Zeichen.",
      },
      accountFailures: { label: "Warnung je Konto ab", help: "So viele gescheiterte Anmeldungen an einem Konto im Zeitfenster. 0: nie." },
      sprayedAccounts: {
        label: "Warnung ab durchprobierten Konten",
        help: "So viele Konten von einem Computer aus im Zeitfenster. 0: nie.",
      },
      totalFailures: { label: "Warnung insgesamt ab", help: "So viele gescheiterte Anmeldungen insgesamt im Zeitfenster. 0: nie." },
      successHours: { label: "Verdächtigen Erfolg melden (Stunden)", help: "So lange wird eine verdächtige Anmeldung gemeldet. 0: nie." },
      reportLocked: { label: "Gesperrte Konten melden", help: "Warnung, wenn das System ein Konto gesperrt hat." },
    },
    noData: {
      "no-journal": "Dieser Computer führt kein Journal von systemd; klassische Protokolldateien werden nicht gelesen.",
      "no-security-log": "Auf diesem Computer gibt es kein Sicherheitsprotokoll.",
    },
    fields: {
      failedCount: "Gescheitert seit der letzten Messung",
      windowCount: "Gescheitert im Zeitfenster",
      unreadCount: "Nur gezählte Einträge",
      "accounts.windowCount": "Gescheitert am Konto",
      "accounts.sourceCount": "Von so vielen Computern",
      "sources.windowCount": "Gescheitert von dort",
      "sources.accountCount": "An so vielen Konten",
    },
  },
  en: {
    name: "Failed sign-ins",
    description: "Sign-ins that failed: many for one account, over many accounts, or with a success at their end.",
    summary: ({ evidence, format }) => {
      const read = evidenceText(evidence, format);
      if (isText(evidence, "problem")) return `cannot be told: ${read.text("problem")}`;
      const scope = evidence["unmeasured"] === "screen" ? ", sign-ins at the screen not measured" : "";
      return `${read.number("windowCount")} failed in ${read.number("windowMinutes")} minutes${scope}`;
    },
    findings: {
      guessing: {
        title: ({ subject, evidence, format }) => `${evidenceText(evidence, format).number("windowCount")} failed sign-ins to ${subject}`,
        meaning: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `In ${read.number("windowMinutes")} minutes ${read.number("windowCount")} sign-ins to ${englishAccount(subject)} failed, the last on ${read.dateTime("lastAtMs")} (${english(evidence, "lastSource")}). Somebody guesses the password, or a program uses an old one.`;
        },
        advice: () =>
          "Ask the person. If it was somebody else, shut the source out and change the password; otherwise look for old passwords that are stored somewhere.",
      },
      spraying: {
        title: ({ subject, evidence, format }) => `${subject} tries ${evidenceText(evidence, format).number("accountCount")} accounts`,
        meaning: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `From ${subject} ${read.number("windowCount")} sign-ins to at least ${read.number("accountCount")} accounts failed in ${read.number("windowMinutes")} minutes. Attacks that try few passwords on many accounts look like this.`;
        },
        advice: () => "Shut this source out. If it lies in your own network, examine the computer.",
      },
      "many-failures": {
        title: ({ evidence, format }) => `Many failed sign-ins (${evidenceText(evidence, format).number("windowCount")})`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `In ${read.number("windowMinutes")} minutes ${read.number("windowCount")} sign-ins failed. The computer can probably be reached from the internet and is being attacked.`;
        },
        advice: () => "Let people sign in by VPN alone, or allow keys instead of passwords.",
      },
      "success-after-failures": {
        title: ({ subject, evidence, format }) =>
          `Sign-in to ${subject} succeeded after ${evidenceText(evidence, format).number("failuresBefore")} that failed`,
        meaning: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `On ${read.dateTime("succeededAtMs")} a sign-in to ${englishAccount(subject)} succeeded (${english(evidence, "succeededFrom")}) after ${read.number("failuresBefore")} had failed. The password may have been guessed.`;
        },
        advice: () =>
          "Ask the person at once. If it was somebody else, end the session, lock the account, and find out what was done with it.",
      },
      "locked-out": {
        title: ({ subject }) => `Account ${subject} locked`,
        meaning: ({ subject, evidence, format }) =>
          `On ${evidenceText(evidence, format).dateTime("lockedAtMs")} the system locked ${englishAccount(subject)} after too many failed sign-ins (${english(evidence, "lastSource")}).`,
        advice: () =>
          "Clear up with the person whether it was them. Otherwise look for old stored passwords on the computer that is named.",
      },
    },
    settings: {
      windowMinutes: { label: "Window (minutes)", help: "Failed sign-ins are counted within this time." },
      afterFailures: {
        label: "Success is suspicious after so many failures",
        help: "A sign-in is suspicious when so many to the same account or from the same computer failed within the window.",
      },
      hideUnknownAccounts: {
        label: "Hide accounts that do not exist",
        help: "Names of accounts that do not exist do not leave the computer. Some people type their password there by mistake.",
      },
      excludeAccounts: { label: "Excluded accounts", help: "Never counted, in upper or lower case, * stands for any characters." },
      excludeSources: {
        label: "Excluded sources",
        help: "Addresses or names of computers, in upper or lower case, * stands for any characters.",
      },
      accountFailures: {
        label: "Warning for an account from",
        help: "So many failed sign-ins to one account within the window. 0: never.",
      },
      sprayedAccounts: { label: "Warning from accounts tried", help: "So many accounts from one computer within the window. 0: never." },
      totalFailures: { label: "Warning altogether from", help: "So many failed sign-ins altogether within the window. 0: never." },
      successHours: { label: "Report a suspicious success (hours)", help: "How long a suspicious sign-in is reported. 0: never." },
      reportLocked: { label: "Report locked accounts", help: "Warning when the system locked an account." },
    },
    noData: {
      "no-journal": "This computer keeps no journal of systemd; traditional log files are not read.",
      "no-security-log": "This computer has no Security log.",
    },
    fields: {
      failedCount: "Failed since the last measurement",
      windowCount: "Failed within the window",
      unreadCount: "Records only counted",
      "accounts.windowCount": "Failed for the account",
      "accounts.sourceCount": "From so many computers",
      "sources.windowCount": "Failed from there",
      "sources.accountCount": "For so many accounts",
    },
  },
};

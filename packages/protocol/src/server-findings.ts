/**
 * Findings about the Hauswart server itself, raised by the server and not by a check. They belong to the provider as a whole:
 * no customer, no device. In the database their check id is `server`.
 */
import { drillReasons, type DrillReason } from "./alarm-drill.ts";
import type { FindingDefinition } from "./check.ts";
import type { Language } from "./format.ts";
import type { FindingMessages } from "./messages.ts";

/** Check id under which these findings stand. */
export const serverCheckId = "server";

export const serverFindings = {
  "mail-stuck": {
    description: "Mails wait although they were tried: the mail server is not reached or puts them off.",
    raises: ["failure"],
  },
  "address-unreachable": {
    description:
      "What was sent to somebody came back or was not taken, on whichever channel; with a failure at least one alarm of which nobody else was told.",
    raises: ["warning", "failure"],
  },
  "mailbox-unread": { description: "The mailbox for delivery reports cannot be read.", raises: ["warning", "failure"] },
  "mail-refused": { description: "The mail server refused mails for good during the last 24 hours.", raises: ["warning"] },
  "disk-low": { description: "Little is left on the volume of the server's data.", raises: ["warning", "failure"] },
  "database-full": { description: "The disk under the database is full.", raises: ["failure"] },
  "chore-failed": {
    description: "Something that the server does on a timetable fails, or has not been done for long.",
    raises: ["warning"],
  },
  "audit-unsealed": { description: "Entries of the audit log wait for their seal.", raises: ["failure"] },
  "backup-missing": { description: "No backup was ever made, and the installation is older than a week.", raises: ["warning"] },
  "backup-old": { description: "The last good backup is older than two days.", raises: ["warning", "failure"] },
  "backup-failed": { description: "The last backup failed.", raises: ["failure"] },
  "certificate-ends": { description: "The TLS certificate of the server ends soon or has ended.", raises: ["warning", "failure"] },
  "certificate-refused": { description: "The renewed TLS certificate cannot be used; the one before stays in use.", raises: ["warning"] },
  "clock-wrong": { description: "The server's clock differs from the clocks of most connected devices.", raises: ["warning"] },
  "agents-lost": {
    description: "Most devices of all customers lost their connection at once: the fault is on our side.",
    raises: ["failure"],
  },
  "drill-failed": { description: "The last alarm drill of a customer was not confirmed.", raises: ["warning"] },
  "drill-overdue": { description: "A customer that wants alarm drills had no confirmed one for 35 days.", raises: ["warning"] },
  "calendar-without-days": {
    description: "A calendar that holds for service has no working day: there is no round, and ages in working days do not grow.",
    raises: ["warning"],
  },
  "messages-quarantined": { description: "Messages of several devices could not be stored during the last 24 hours.", raises: ["failure"] },
} as const satisfies Record<string, FindingDefinition>;

export type ServerFindingCode = keyof typeof serverFindings;

const number = (value: unknown) => (typeof value === "number" ? value : 0);
const text = (value: unknown) => (typeof value === "string" ? value : "");

/** How far a drill came that failed. */
const drillFailures: Readonly<Record<Language, Readonly<Record<DrillReason, string>>>> = {
  de: {
    "not-measured": "Vom Gerät kam kein Messwert.",
    "not-mailed": "Es wurde keine Mail geschrieben.",
    "not-accepted": "Der Mailserver hat die Mail nicht angenommen.",
    returned: "Die Mail kam als unzustellbar zurück.",
    "not-confirmed": "Niemand hat den Empfang bestätigt.",
  },
  en: {
    "not-measured": "No sample came from the device.",
    "not-mailed": "No mail was written.",
    "not-accepted": "The mail server did not take the mail.",
    returned: "The mail came back.",
    "not-confirmed": "Nobody confirmed the mail.",
  },
};
const drillFailure = (language: Language, reason: unknown) =>
  drillReasons.filter((one) => one === reason).map((one) => drillFailures[language][one]);

/** Names of the server's chores for people; a chore without a name is called by its own. */
const choreNames: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  de: {
    backup: "Sicherung",
    partitions: "Tabellen für neue Messwerte anlegen",
    history: "Messwerte verdichten",
    policies: "Richtlinien abgleichen",
    retention: "Aufbewahrung",
  },
  en: {
    backup: "backup",
    partitions: "making tables for new values",
    history: "condensing values",
    policies: "bringing policies up to date",
    retention: "retention",
  },
};
const choreName = (language: Language, chore: string) => choreNames[language][chore] ?? chore;

/** Customers and sites that a calendar was chosen for; empty for none. */
const calendarPlaces = (language: Language, places: number): string => {
  if (places === 0) return "";
  if (language === "de") return places === 1 ? "einen Kunden oder Standort" : `${places} Kunden und Standorte`;
  return places === 1 ? "one customer or site" : `${places} customers and sites`;
};

export const serverFindingMessages: Readonly<Record<Language, Readonly<Record<ServerFindingCode, FindingMessages>>>> = {
  de: {
    "agents-lost": {
      title: ({ evidence }) =>
        `Die meisten Geräte aller Kunden sind auf einmal verschwunden (${number(evidence["lost"])} an ${number(evidence["sites"])} Standorten)`,
      meaning: () =>
        "Standorte verschiedener Kunden fallen selten zugleich aus: Vermutlich ist der Server von Hauswart aus dem Internet nicht erreichbar. Kunden werden deshalb nicht benachrichtigt.",
      advice: () => "Prüfen Sie den Internetanschluss des Servers, Firewall, Proxy, DNS und Zertifikat.",
    },
    "mail-stuck": {
      title: ({ evidence, format }) =>
        number(evidence["mails"]) === 1
          ? "Eine Mail wartet auf Versand"
          : `${format.number(number(evidence["mails"]))} Mails warten auf Versand`,
      meaning: () => "Der Mailserver ist nicht erreichbar oder stellt die Mails zurück. Alarme kommen solange nicht an.",
      advice: () => "Prüfen Sie die Adresse in HAUSWART_SMTP_URL und den Mailserver. Der Grund steht im Postausgang bei der Mail.",
    },
    "mail-refused": {
      title: ({ evidence, format }) =>
        number(evidence["mails"]) === 1
          ? "Der Mailserver hat eine Mail abgelehnt"
          : `Der Mailserver hat ${format.number(number(evidence["mails"]))} Mails abgelehnt`,
      meaning: () => "Diese Empfänger haben ihre Meldung nicht bekommen.",
      advice: () => "Sehen Sie im Postausgang nach der Antwort des Mailservers und berichtigen Sie Empfänger oder Absender.",
    },
    "address-unreachable": {
      title: ({ subject, evidence }) =>
        evidence["channel"] !== undefined && evidence["channel"] !== "mail"
          ? `Nachrichten an ${subject} kommen nicht an`
          : evidence["via"] === "refused"
            ? `Mails an ${subject} werden abgelehnt`
            : `Mails an ${subject} kommen zurück`,
      meaning: ({ evidence }) =>
        [
          number(evidence["untold"]) === 0
            ? "Was dorthin ging, ist nicht angekommen."
            : number(evidence["untold"]) === 1
              ? "Eine Störung ist nicht angekommen, von der sonst niemand weiß."
              : `${number(evidence["untold"])} Störungen sind nicht angekommen, von denen sonst niemand weiß.`,
          text(evidence["dailyMailOf"]) && `Dorthin geht der tägliche Bericht: ${text(evidence["dailyMailOf"])}.`,
          text(evidence["reason"]) && `Begründung: ${text(evidence["reason"])}`,
        ]
          .filter(Boolean)
          .join(" "),
      advice: ({ evidence }) =>
        evidence["via"] === "refused"
          ? "Klären Sie die Adresse mit dem Empfänger und berichtigen Sie den Eintrag. Der Befund endet mit der neuen Adresse, oder wenn ein Test oder eine spätere Nachricht angenommen wird."
          : "Klären Sie die Adresse mit dem Empfänger und berichtigen Sie den Eintrag. Der Befund endet mit der neuen Adresse, mit einem Test von Hand, oder wenn eine spätere Mail einen Tag lang nicht zurückkommt.",
    },
    "mailbox-unread": {
      title: () => "Das Postfach für Rückläufer lässt sich nicht lesen",
      meaning: ({ evidence }) =>
        ["Ob eine Mail zurückkam, ist solange nicht bekannt.", text(evidence["reason"]) && `Grund: ${text(evidence["reason"])}`]
          .filter(Boolean)
          .join(" "),
      advice: () => "Prüfen Sie die Adresse in HAUSWART_IMAP_URL, das Kennwort und den Mailserver.",
    },
    "disk-low": {
      title: ({ evidence, format }) => `Auf dem Datenträger des Servers sind noch ${format.bytes(number(evidence["freeBytes"]))} frei`,
      meaning: ({ evidence }) =>
        [
          text(evidence["folder"]) && `Es ist der Datenträger von ${text(evidence["folder"])}.`,
          "Ist er voll, nimmt der Server keine Messwerte mehr an. Die Agenten heben sie dann auf, aber es wird nicht mehr alarmiert.",
        ]
          .filter(Boolean)
          .join(" "),
      advice: () => "Schaffen Sie Platz, vergrößern Sie den Datenträger oder verkürzen Sie die Aufbewahrung in den Einstellungen.",
    },
    "database-full": {
      title: () => "Der Datenträger der Datenbank ist voll",
      meaning: () => "Der Server nimmt keine Messwerte an. Die Agenten heben sie auf, bis wieder Platz ist.",
      advice: () => "Schaffen Sie Platz auf dem Datenträger der Datenbank.",
    },
    "chore-failed": {
      title: ({ subject, evidence }) =>
        evidence["outcome"] === "overdue"
          ? `Aufgabe des Servers überfällig: ${choreName("de", subject)}`
          : `Aufgabe des Servers gescheitert: ${choreName("de", subject)}`,
      meaning: ({ evidence }) =>
        ["Der Server versucht es weiter. Bleibt es dabei, wächst die Datenbank, oder Verläufe fehlen.", text(evidence["reason"])]
          .filter(Boolean)
          .join(" "),
      advice: () => "Sehen Sie im Protokoll des Servers nach dem Grund.",
    },
    "audit-unsealed": {
      title: () => "Das Änderungsprotokoll wird nicht gesiegelt",
      meaning: () => "Einträge werden geschrieben, aber nicht gegen nachträgliche Änderung gesichert.",
      advice: () => "Sehen Sie im Protokoll des Servers nach dem Grund.",
    },
    "backup-missing": {
      title: () => "Hauswart wurde noch nie gesichert",
      meaning: () => "Fällt der Server aus, sind alle Daten verloren.",
      advice: () => "Setzen Sie HAUSWART_BACKUP_DIRECTORY, dann sichert der Server täglich von selbst; einmalig sichert „npm run backup“.",
    },
    "backup-old": {
      title: ({ evidence, format }) => `Letzte Sicherung von Hauswart vor ${format.duration(number(evidence["ageSeconds"]))}`,
      meaning: () => "Fällt der Server aus, fehlt alles, was seitdem hinzugekommen ist.",
      advice: () => "Setzen Sie HAUSWART_BACKUP_DIRECTORY, dann sichert der Server täglich von selbst; einmalig sichert „npm run backup“.",
    },
    "backup-failed": {
      title: () => "Die letzte Sicherung von Hauswart ist gescheitert",
      meaning: ({ evidence }) => ["Der neueste Stand ist nicht gesichert.", text(evidence["reason"])].filter(Boolean).join(" "),
      advice: () => "Beheben Sie die Ursache und sichern Sie noch einmal mit „npm run backup“.",
    },
    "certificate-ends": {
      title: ({ evidence, format }) =>
        number(evidence["leftSeconds"]) <= 0
          ? "Das TLS-Zertifikat des Servers ist abgelaufen"
          : `Das TLS-Zertifikat des Servers läuft in ${format.duration(number(evidence["leftSeconds"]))} ab`,
      meaning: () => "Danach lehnen Browser die Konsole ab, und neue Agenten lassen sich nicht anmelden.",
      advice: () =>
        "Erneuern Sie die Dateien in HAUSWART_TLS_CERT und HAUSWART_TLS_KEY. Ein eigenes Zertifikat (HAUSWART_TLS_OWN) erneuert der Server selbst; warum es ausbleibt, steht in seinem Protokoll.",
    },
    "certificate-refused": {
      title: () => "Das erneuerte TLS-Zertifikat wird nicht verwendet",
      meaning: ({ evidence }) => ["Das bisherige bleibt in Gebrauch.", text(evidence["reason"])].filter(Boolean).join(" "),
      advice: () =>
        "Prüfen Sie die Dateien in HAUSWART_TLS_CERT und HAUSWART_TLS_KEY, bei einem eigenen Zertifikat (HAUSWART_TLS_OWN) die im Ordner „secrets“ der Daten. Der Server sieht von selbst wieder nach.",
    },
    "clock-wrong": {
      title: ({ evidence, format }) =>
        `Die Uhr des Servers geht ${format.duration(Math.abs(number(evidence["offsetSeconds"])))} ${number(evidence["offsetSeconds"]) < 0 ? "vor" : "nach"}`,
      meaning: () => "Die Uhren der meisten verbundenen Geräte sagen etwas anderes. Zeiten in Befunden und Mails stimmen nicht.",
      advice: () => "Prüfen Sie die Zeitsynchronisation (NTP) des Servers.",
    },
    "drill-failed": {
      title: ({ subject }) => `Alarmübung gescheitert: ${subject}`,
      meaning: ({ evidence }) =>
        [...drillFailure("de", evidence["reason"]), "Ob eine echte Störung diesen Kunden erreichen würde, ist nicht bewiesen."].join(" "),
      advice: () => "Klären Sie die Ursache mit dem Kunden und beginnen Sie auf seiner Seite noch eine Übung.",
    },
    "drill-overdue": {
      title: ({ subject, evidence, format }) =>
        `Seit ${format.duration(number(evidence["ageSeconds"]))} keine bestätigte Alarmübung: ${subject}`,
      meaning: () => "Jeden Monat soll eine Übung beweisen, dass Alarme ankommen. Es gab keine, die bestätigt wurde.",
      advice: () => "Prüfen Sie, ob ein Gerät des Kunden in der Servicezeit verbunden ist, und beginnen Sie die Übung auf seiner Seite.",
    },
    "calendar-without-days": {
      title: ({ subject }) => `Der Servicekalender „${subject}“ hat keinen Arbeitstag`,
      meaning: ({ evidence }) =>
        `Er gilt für ${[evidence["isHouse"] === true ? "das Haus" : "", calendarPlaces("de", number(evidence["places"]))].filter(Boolean).join(" und ")}. Dort gibt es keinen Virenschutz-Rundgang, und veraltete Signaturen fallen nicht auf.`,
      advice: () => "Setzen Sie im Kalender mindestens einen Arbeitstag, oder weisen Sie dort einen anderen zu.",
    },
    "messages-quarantined": {
      title: ({ evidence, format }) => `Nachrichten von ${format.number(number(evidence["devices"]))} Geräten ließen sich nicht speichern`,
      meaning: () => "Trifft es mehrere Geräte, liegt es am Server. Die Nachrichten liegen in Quarantäne, ihre Messwerte fehlen.",
      advice: () => "Sehen Sie im Protokoll des Servers nach dem Grund.",
    },
  },
  en: {
    "agents-lost": {
      title: ({ evidence }) =>
        `Most devices of all customers vanished at once (${number(evidence["lost"])} at ${number(evidence["sites"])} sites)`,
      meaning: () =>
        "Sites of different customers rarely fail together: the Hauswart server is probably out of reach from the internet. Customers are not alarmed for that.",
      advice: () => "Check the server's internet line, firewall, proxy, DNS and certificate.",
    },
    "mail-stuck": {
      title: ({ evidence, format }) =>
        number(evidence["mails"]) === 1 ? "One mail waits to be sent" : `${format.number(number(evidence["mails"]))} mails wait to be sent`,
      meaning: () => "The mail server is not reached or puts the mails off. Until then alarms do not arrive.",
      advice: () => "Check the address in HAUSWART_SMTP_URL and the mail server. The reason stands with the mail in the outbox.",
    },
    "mail-refused": {
      title: ({ evidence, format }) =>
        number(evidence["mails"]) === 1
          ? "The mail server refused a mail"
          : `The mail server refused ${format.number(number(evidence["mails"]))} mails`,
      meaning: () => "These recipients did not get their notice.",
      advice: () => "Look in the outbox for the mail server's answer and correct recipient or sender.",
    },
    "address-unreachable": {
      title: ({ subject, evidence }) =>
        evidence["channel"] !== undefined && evidence["channel"] !== "mail"
          ? `Messages to ${subject} do not arrive`
          : evidence["via"] === "refused"
            ? `Mails to ${subject} are refused`
            : `Mails to ${subject} come back`,
      meaning: ({ evidence }) =>
        [
          number(evidence["untold"]) === 0
            ? "What was sent there did not arrive."
            : number(evidence["untold"]) === 1
              ? "One fault did not arrive that nobody else knows of."
              : `${number(evidence["untold"])} faults did not arrive that nobody else knows of.`,
          text(evidence["dailyMailOf"]) && `The daily report goes there: ${text(evidence["dailyMailOf"])}.`,
          text(evidence["reason"]) && `Reason: ${text(evidence["reason"])}`,
        ]
          .filter(Boolean)
          .join(" "),
      advice: ({ evidence }) =>
        evidence["via"] === "refused"
          ? "Find out the right address with the recipient and correct the entry. The finding ends with the new address, or when a test or a later message is taken."
          : "Find out the right address with the recipient and correct the entry. The finding ends with the new address, with a test by hand, or when a later mail has not come back for a day.",
    },
    "mailbox-unread": {
      title: () => "The mailbox for delivery reports cannot be read",
      meaning: ({ evidence }) =>
        ["Until then nobody knows whether a mail came back.", text(evidence["reason"]) && `Reason: ${text(evidence["reason"])}`]
          .filter(Boolean)
          .join(" "),
      advice: () => "Check the address in HAUSWART_IMAP_URL, the password and the mail server.",
    },
    "disk-low": {
      title: ({ evidence, format }) => `${format.bytes(number(evidence["freeBytes"]))} left on the server's volume`,
      meaning: ({ evidence }) =>
        [
          text(evidence["folder"]) && `It is the volume of ${text(evidence["folder"])}.`,
          "When it is full, the server takes no more values. The agents keep theirs then, but nobody is alarmed.",
        ]
          .filter(Boolean)
          .join(" "),
      advice: () => "Make room, enlarge the volume, or shorten retention in the settings.",
    },
    "database-full": {
      title: () => "The disk under the database is full",
      meaning: () => "The server takes no values. The agents keep theirs until there is room.",
      advice: () => "Make room on the database's volume.",
    },
    "chore-failed": {
      title: ({ subject, evidence }) =>
        evidence["outcome"] === "overdue"
          ? `A chore of the server is overdue: ${choreName("en", subject)}`
          : `A chore of the server failed: ${choreName("en", subject)}`,
      meaning: ({ evidence }) =>
        ["The server keeps trying. If it stays so, the database grows or graphs have gaps.", text(evidence["reason"])]
          .filter(Boolean)
          .join(" "),
      advice: () => "Look for the reason in the server's log.",
    },
    "audit-unsealed": {
      title: () => "The audit log is not being sealed",
      meaning: () => "Entries are written, but not secured against later change.",
      advice: () => "Look for the reason in the server's log.",
    },
    "backup-missing": {
      title: () => "Hauswart was never backed up",
      meaning: () => "If the server is lost, all data are lost.",
      advice: () => "Set HAUSWART_BACKUP_DIRECTORY, and the server backs up every day by itself; “npm run backup” does it once.",
    },
    "backup-old": {
      title: ({ evidence, format }) => `Last backup of Hauswart ${format.duration(number(evidence["ageSeconds"]))} ago`,
      meaning: () => "If the server is lost, everything since then is missing.",
      advice: () => "Set HAUSWART_BACKUP_DIRECTORY, and the server backs up every day by itself; “npm run backup” does it once.",
    },
    "backup-failed": {
      title: () => "The last backup of Hauswart failed",
      meaning: ({ evidence }) => ["The newest state is not backed up.", text(evidence["reason"])].filter(Boolean).join(" "),
      advice: () => "Remove the cause and back up again with “npm run backup”.",
    },
    "certificate-ends": {
      title: ({ evidence, format }) =>
        number(evidence["leftSeconds"]) <= 0
          ? "The server's TLS certificate has ended"
          : `The server's TLS certificate ends in ${format.duration(number(evidence["leftSeconds"]))}`,
      meaning: () => "After that browsers refuse the console, and new agents cannot be enrolled.",
      advice: () =>
        "Renew the files in HAUSWART_TLS_CERT and HAUSWART_TLS_KEY. A certificate of its own (HAUSWART_TLS_OWN) the server renews itself; its log says why it has not.",
    },
    "certificate-refused": {
      title: () => "The renewed TLS certificate is not in use",
      meaning: ({ evidence }) => ["The one before stays in use.", text(evidence["reason"])].filter(Boolean).join(" "),
      advice: () =>
        "Check the files in HAUSWART_TLS_CERT and HAUSWART_TLS_KEY, with a certificate of its own (HAUSWART_TLS_OWN) those in the folder “secrets” of the data. The server looks again by itself.",
    },
    "clock-wrong": {
      title: ({ evidence, format }) =>
        `The server's clock is ${format.duration(Math.abs(number(evidence["offsetSeconds"])))} ${number(evidence["offsetSeconds"]) < 0 ? "fast" : "slow"}`,
      meaning: () => "The clocks of most connected devices say otherwise. Times in findings and mails are wrong.",
      advice: () => "Check the server's time synchronisation (NTP).",
    },
    "drill-failed": {
      title: ({ subject }) => `Alarm drill failed: ${subject}`,
      meaning: ({ evidence }) =>
        [...drillFailure("en", evidence["reason"]), "Whether a real fault would reach this customer is not proven."].join(" "),
      advice: () => "Find out the cause with the customer, and start another drill on the customer's page.",
    },
    "drill-overdue": {
      title: ({ subject, evidence, format }) =>
        `No confirmed alarm drill for ${format.duration(number(evidence["ageSeconds"]))}: ${subject}`,
      meaning: () => "A drill shall prove every month that alarms arrive. There was none that was confirmed.",
      advice: () => "Check whether a device of the customer is connected in service hours, and start the drill on the customer's page.",
    },
    "calendar-without-days": {
      title: ({ subject }) => `The service calendar “${subject}” has no working day`,
      meaning: ({ evidence }) =>
        `It holds for ${[evidence["isHouse"] === true ? "the house" : "", calendarPlaces("en", number(evidence["places"]))].filter(Boolean).join(" and ")}. There is no antivirus round there, and old signatures do not show.`,
      advice: () => "Set at least one working day in the calendar, or choose another one there.",
    },
    "messages-quarantined": {
      title: ({ evidence, format }) => `Messages of ${format.number(number(evidence["devices"]))} devices could not be stored`,
      meaning: () => "When several devices are hit, the cause is the server. The messages lie in quarantine; their values are missing.",
      advice: () => "Look for the reason in the server's log.",
    },
  },
};

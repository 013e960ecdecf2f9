import { countIn } from "../count.ts";

const count = countIn("de-DE");

/** Tasten in der Liste der Befunde, und was dazugehört. */
export const keys = {
  title: "Tasten",
  show: "Tasten",
  names: { enter: "Eingabe", esc: "Esc", shift: "Umschalt" },
  does: {
    move: "nächster, voriger Befund",
    open: "Befund öffnen",
    close: "schließen, Auswahl aufheben",
    fold: "zeigen oder verbergen, was hinter einer Ursache steht",
    acknowledge: "bestätigen: den Befund oder die ausgewählten",
    note: "Notiz anfügen, ohne zu bestätigen",
    contact: "Kontakt mit dem Kunden festhalten",
    judge: "Alarm beurteilen: nützlich, Rauschen, bekannt",
    undo: "Ihre letzte Bestätigung zurücknehmen",
    select: "auswählen",
    range: "von der letzten Auswahl bis hierher auswählen",
    all: "alle geladenen auswählen, dann keinen",
    showNew: "neue Befunde einreihen",
    help: "diese Übersicht",
  },
  noteTitle: (findings: number) => (findings === 1 ? "Notiz zum Befund" : `Notiz zu ${count(findings, "Befund", "Befunden")}`),
  noteDo: "Notiz anfügen",
  noteHelp: "Sie steht im Verlauf des Befunds. Sein Stand ändert sich nicht.",
  noted: (findings: number) => (findings === 1 ? "Notiz angefügt" : `Notiz an ${count(findings, "Befund", "Befunde")} angefügt`),
  behind: "dahinter",
  behindWhole: (findings: number) => `${count(findings, "Befund steht", "Befunde stehen")} dahinter`,
  behindHelp: "Was aus der Ursache folgt oder von vorher ist: Darüber wird nicht eigens benachrichtigt.",
  alsoBehind: (findings: number) =>
    findings === 1
      ? "Auch den einen Befund, der dahinter steht"
      : `Auch die ${findings.toLocaleString("de-DE")} Befunde, die dahinter stehen`,
  changedSince: (when: string) => `Geändert seit ${when}`,
  endsUntil: (when: string) => `Bestätigung endet bis ${when}`,
  dropFilter: (filter: string) => `Filter entfernen: ${filter}`,
};

/** Vom leeren System zur ersten Alarmmail. */
export const firstSteps = {
  title: "Erste Schritte",
  progress: (done: number, all: number) => `${done} von ${all} Schritten`,
  lead: "In fünf Schritten zur ersten Alarmmail des ersten Kunden. Sie können jederzeit aufhören; was getan ist, bleibt getan.",
  open: "Erste Schritte öffnen",
  next: (step: string) => `Als Nächstes: ${step}`,
  done: "erledigt",
  doneTitle: "Hauswart ist eingerichtet",
  doneText: "Die erste Alarmmail hat Ihr Haus verlassen. Diese Seite wird nicht mehr gebraucht und verschwindet aus der Leiste.",
  toOverview: "Zum Überblick",
  onward: "Weiter",
  steps: {
    house: "Haus und Absender benennen",
    customer: "Ersten Kunden anlegen",
    recipient: "Empfänger eintragen und Testmail senden",
    device: "Ersten Computer anmelden",
    alarm: "Harmlosen Alarm auslösen",
  },
  house: {
    lead: "So heißt Ihr Haus in jeder Mail, und von dieser Adresse kommen sie.",
    name: "Name Ihres Hauses",
    mailFrom: "Absender",
    mailFromHelp: "Eine Adresse, die Ihr Mailserver versenden darf, zum Beispiel Hauswart <alarm@ihr-haus.example>.",
    save: "Speichern und weiter",
    is: (name: string, from: string) => `${name}, Absender ${from}`,
  },
  customer: {
    lead: "Ein Kunde hat Standorte, und an den Standorten stehen seine Computer. Ein Standort genügt.",
    name: "Name des Kunden",
    site: "Name des Standorts",
    siteDefault: "Zentrale",
    save: "Anlegen und weiter",
    needsSite: (customer: string) => `${customer} hat noch keinen Standort.`,
    is: (customer: string, site: string) => `${customer}, ${site}`,
  },
  recipient: {
    lead: "Wer bekommt eine Mail, wenn etwas gestört ist? Die Testmail geht den Weg jeder Alarmmail.",
    address: "E-Mail-Adresse",
    send: "Eintragen und Testmail senden",
    again: "Testmail erneut senden",
    noServer:
      "Es ist kein Mailserver eingestellt. Setzen Sie HAUSWART_SMTP_URL und starten Sie den Server neu; bis dahin stehen alle Mails nur im Postausgang.",
    noServerExample: "Zum Beispiel",
    is: (address: string) => `${address} wird benachrichtigt`,
  },
  mail: {
    sending: (address: string) => `Die Mail an ${address} ist unterwegs …`,
    sent: "Der Mailserver hat die Mail angenommen.",
    sentHelp: "Sehen Sie in das Postfach. Kommt sie nicht an, hilft die Antwort des Mailservers weiter.",
    refused: "Der Mailserver hat die Mail abgelehnt.",
    waiting: "Der Mailserver ist nicht zu erreichen oder vertröstet. Die Mail wird weiter versucht.",
    kept: "Es ist kein Mailserver eingestellt. Die Mail steht nur im Postausgang.",
    answer: "Antwort des Mailservers",
    noAnswer: "keine",
    show: "Mail im Postausgang zeigen",
  },
  device: {
    lead: (customer: string, site: string) =>
      `Der Computer gehört zu ${customer}, ${site}. Er erscheint hier, sobald sein Agent sich verbunden hat.`,
    make: "Befehl erzeugen",
    is: (device: string) => `${device} ist da`,
  },
  alarm: {
    lead: (device: string) =>
      `Probieren Sie den ganzen Weg aus, mit etwas, das niemandem schadet: Halten Sie auf ${device} einen Dienst an.`,
    linux: "Dienst für geplante Aufgaben anhalten",
    linuxBack: "Danach wieder starten",
    policyLead: "Ohne Zugang zu dem Computer geht es auch mit einer Richtlinie: Setzen Sie die Warngrenze beim Speicherplatz auf 99 %.",
    policyLink: "Zu den Richtlinien",
    waiting: "Warten auf den Alarm …",
    waitingHelp: "Ein angehaltener Dienst fällt in Sekunden auf, ein Messwert bei der nächsten Messung.",
    found: "Der Befund ist da.",
    openFinding: "Befund öffnen",
    mailWaiting: "Die Mail wird gleich geschrieben …",
    needs: "Dafür muss zuerst ein Computer angemeldet sein.",
  },
};

/** Überblick: was zu den vier Fragen dazugekommen ist. */
export const answers = {
  promised: "Was haben wir für heute versprochen?",
  promisedNone: "Heute läuft keine Bestätigung ab.",
  promisedAll: "Alle, die heute ablaufen",
  ends: "Endet",
  since: (when: string) => `seit Ihrem letzten Besuch am ${when}`,
  sinceDay: "letzte 24 Stunden",
  all: "Alle",
  allChanged: "Alle geänderten",
  show: "Auswahl",
  showAll: "Alle Geräte",
  shows: {
    "not-measured": "nicht gemessen",
    "unknown-checks": "mit unbekannten Prüfungen",
    "open-findings": "mit offenen Befunden",
    removed: "entfernt",
  },
  seen: "Alles gesehen",
  noneSince: "Seitdem hat sich nichts geändert.",
};

/** Befehlspalette. */
export const commands = {
  recent: "Zuletzt",
  actions: "Aktionen",
  findings: "Befunde",
  policies: "Richtlinien",
  customers: "Kunden",
  scopeTo: (customer: string) => `Nur ${customer} zeigen`,
  scopeAll: "Alle Kunden zeigen",
  acknowledgeDevice: (device: string) => `Alle Befunde von ${device} bestätigen`,
  language: { de: "Deutsch sprechen", en: "Englisch sprechen" },
  look: { auto: "Darstellung wie das System", light: "Helle Darstellung", dark: "Dunkle Darstellung" },
  measure: (device: string) => `${device} jetzt messen`,
  nothing: (text: string) => `Nichts gefunden zu „${text}“`,
};

/** Fuß einer gedruckten Seite. */
export const print = {
  printed: (when: string) => `Gedruckt ${when}`,
};

import { countIn } from "../count.ts";

const count = countIn("de-DE");

export const states = { ok: "in Ordnung", warning: "Warnung", failure: "Störung", unknown: "unbekannt" };

/** Zustände in der Mehrzahl, für Summen. */
export const stateSums = { ok: "in Ordnung", warning: "mit Warnung", failure: "gestört", unknown: "unbekannt" };

export const shell = {
  overview: "Überblick",
  findings: "Befunde",
  devices: "Geräte",
  customers: "Kunden",
  policies: "Richtlinien",
  settingsGroup: "Verwaltung",
  users: "Benutzer",
  recipients: "Empfänger",
  outbox: "Postausgang",
  webhooks: "Webhooks",
  maintenance: "Wartung",
  agents: "Agenten",
  apiKeys: "API-Schlüssel",
  audit: "Protokoll",
  settings: "Einstellungen",
  navigation: "Bereiche",
  skip: "Zum Inhalt",
  close: "Schließen",
  cancel: "Abbrechen",
  loading: "Wird geladen …",
  search: "Suchen",
  scope: "Kunde",
  allCustomers: "Alle Kunden",
  nothingFound: "Nichts gefunden",
  enrol: "Gerät anmelden",
  language: "Sprache",
  languages: { de: "Deutsch", en: "Englisch" },
  look: "Darstellung",
  looks: { auto: "Wie das System", light: "Hell", dark: "Dunkel" },
  account: "Konto",
  myAccount: "Mein Konto",
  signOut: "Abmelden",
  live: "live",
  liveLong: "Änderungen erscheinen von selbst.",
  away: "getrennt",
  awaySince: (time: string) => `Stand ${time}`,
  awayLong: "Die Verbindung zum Server ist unterbrochen. Sie sehen den letzten bekannten Stand; die Verbindung wird laufend neu versucht.",
  moreNotes: (notes: number) => `+ ${notes} weitere`,
  copy: "Kopieren",
  copied: "Kopiert",
  save: "Speichern",
  edit: "Ändern",
  editOf: (name: string) => `${name} ändern`,
  metTitle: "Inzwischen hat jemand anderes gespeichert",
  metTogether: "Was dort geändert wurde, steht jetzt auch hier. Ihre Änderungen sind noch da; speichern Sie erneut.",
  metBoth: (fields: string) =>
    `Von beiden geändert: ${fields}. Hier steht Ihre Angabe; alles andere ist auf dem neuen Stand. Speichern Sie erneut.`,
  metTake: "Gespeicherten Stand übernehmen",
  remove: "Entfernen",
  yes: "ja",
  no: "nein",
};

export const signIn = {
  title: "Anmelden",
  lead: "Melden Sie sich an, um Ihre Geräte zu sehen.",
  email: "E-Mail-Adresse",
  password: "Kennwort",
  showPassword: "Eingabe zeigen oder verbergen",
  submit: "Anmelden",
};

export const palette = {
  placeholder: "Gerät, Kunde, Befund oder Befehl …",
  pages: "Bereiche",
  help: "↑ ↓ wählen · Eingabe öffnen · Esc schließen",
};

export const table = {
  arrivals: (rows: number) => `${count(rows, "neuer Eintrag", "neue Einträge")} – anzeigen`,
  arrived: (rows: number) => count(rows, "neuer Eintrag", "neue Einträge"),
  gone: "Gehört nicht mehr in diese Liste",
  count: (loaded: number, total: number | null) =>
    total === null
      ? `${count(loaded, "Eintrag", "Einträge")} geladen`
      : loaded < total
        ? `${loaded.toLocaleString("de-DE")} von ${count(total, "Eintrag", "Einträgen")} geladen`
        : count(total, "Eintrag", "Einträge"),
  menu: "Spalten und CSV",
  columns: "Spalten",
  csvOf: (label: string) => `CSV: ${label}`,
  copyCsv: "Als CSV kopieren",
  saveCsv: "CSV speichern",
  copiedAll: "Die ganze Liste ist kopiert",
  copyFailed: "Der Browser hat das Kopieren nicht erlaubt.",
};

export const errors = {
  pageTitle: "Das hat nicht geklappt",
  notFoundTitle: "Nicht gefunden",
  notFound: "Diese Seite gibt es nicht.",
  retry: "Erneut versuchen",
  notKnown: (what: string) => `${what}: nicht bekannt.`,
  kept: "Nichts ging verloren; was der Server weiß, ist dort gespeichert.",
  unknownCode: (code: string) =>
    `Es kam ein Fehler, den diese Konsole nicht kennt (${code}). Laden Sie die Seite neu; bleibt der Fehler, hilft das Protokoll des Servers.`,
  usedBy: (names: string) => `Verwendet von: ${names}`,
  byCode: {
    INVALID_REQUEST: "Die Angaben passen nicht. Bitte prüfen Sie die genannten Felder.",
    UNAUTHENTICATED: "Ihre Anmeldung ist abgelaufen. Bitte melden Sie sich neu an.",
    WRONG_CREDENTIALS: "E-Mail-Adresse oder Kennwort stimmt nicht.",
    SECOND_FACTOR_REQUIRED: "Für dieses Konto ist ein zweiter Faktor nötig.",
    FACTOR_REFUSED: "Der Code oder Passkey stimmt nicht, oder er wurde schon benutzt.",
    PROOF_REFUSED: "Das stimmt nicht. Versuchen Sie es noch einmal.",
    SECOND_FACTOR_SETUP_REQUIRED: "Für Ihr Konto ist ein zweiter Faktor vorgeschrieben. Richten Sie ihn unter „Mein Konto“ ein.",
    STEP_UP_REQUIRED: "Nichts wurde geändert: Dafür müssen Sie bestätigen, dass Sie es sind.",
    CHALLENGE_INVALID: "Das hat zu lange gedauert oder wurde schon beantwortet. Beginnen Sie die Anmeldung noch einmal.",
    PASSKEY_REFUSED: "Diesen Passkey konnte der Server nicht prüfen. Versuchen Sie es noch einmal, auch mit einem anderen Gerät.",
    PASSKEYS_UNAVAILABLE: "Unter dieser Adresse gibt es keine Passkeys: Browser verlangen einen Namen und HTTPS.",
    PASSKEY_CANCELLED: "Der Browser hat den Vorgang abgebrochen. Es wurde nichts geändert.",
    PASSKEY_ALREADY: "Auf diesem Gerät gibt es schon einen Passkey für Ihr Konto.",
    PASSKEY_UNSUPPORTED: "Dieser Browser konnte mit dem Passkey nicht umgehen.",
    IDENTITY_PROVIDER_FAILED: "Der Anmeldedienst hat nicht geantwortet, wie er soll. Melden Sie sich mit Kennwort oder Passkey an.",
    ACCOUNT_NOT_LINKED: "Für diese Person gibt es hier kein Konto. Bitten Sie um eine Einladung.",
    FORBIDDEN: "Dafür reichen Ihre Rechte nicht.",
    CROSS_SITE_REQUEST: "Der Server hielt die Anfrage für eine fremde. Laden Sie die Seite neu.",
    NOT_FOUND: "Das gibt es nicht, oder es ist nicht für Sie sichtbar.",
    METHOD_NOT_ALLOWED: "Der Server kennt diese Aktion nicht. Laden Sie die Seite neu.",
    CONFLICT: "Das wurde inzwischen von anderer Seite geändert. Laden Sie es neu.",
    IN_USE: "Das wird noch verwendet. Wählen Sie dort zuerst etwas anderes.",
    LAST_OWNER: "Das ist der letzte Inhaber. Machen Sie zuerst jemand anderen zum Inhaber.",
    NO_DEVICE_CONNECTED:
      "Gerade ist kein Gerät des Kunden verbunden, das an der Übung teilnehmen kann. Versuchen Sie es noch einmal, wenn eines läuft.",
    MAIL_SERVER_MISSING:
      "Hauswart hat noch keinen Mailserver, also kann der Link nicht verschickt werden. Tragen Sie zuerst einen ein (HAUSWART_SMTP_URL).",
    LINK_INVALID: "Dieser Link gilt nicht mehr: Er wurde schon benutzt, ersetzt oder ist abgelaufen.",
    WRONG_PASSWORD: "Das ist nicht Ihr jetziges Kennwort.",
    TOO_LARGE: "Das ist zu groß für den Server.",
    TOO_MANY_ATTEMPTS: "Zu viele Versuche. Warten Sie einige Minuten, dann geht es wieder.",
    TOO_MANY_REQUESTS: "Zu viele Anfragen in kurzer Zeit. Warten Sie einen Augenblick, dann geht es wieder.",
    INTERNAL: "Auf dem Server ist etwas schiefgegangen; es steht in seinem Protokoll.",
    NOT_READY: "Der Server ist noch nicht bereit. Gleich noch einmal versuchen.",
    SERVER_BUSY: "Der Server kann gerade nichts weiter annehmen. Gleich noch einmal versuchen.",
    NO_ANSWER: "Der Server antwortet nicht. Prüfen Sie die Verbindung.",
    CONSOLE_BROKE:
      "Diese Seite konnte nicht gezeigt werden. Das liegt an der Konsole, nicht an Ihren Geräten; Einzelheiten stehen in der Browserkonsole.",
  },
};

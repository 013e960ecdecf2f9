import { countIn } from "../count.ts";

const count = countIn("de-DE");

export const roles = {
  owner: { name: "Inhaber", may: "Darf alles und setzt auch Inhaber ein." },
  administrator: { name: "Administrator", may: "Darf alles, außer Inhaber einzusetzen und zu ändern." },
  technician: {
    name: "Techniker",
    may: "Bearbeitet Geräte, Befunde und Richtlinien seiner Kunden; keine Benutzer und keine Einstellungen.",
  },
  "read-only": { name: "Nur lesen", may: "Sieht Geräte, Befunde und Berichte seiner Kunden und ändert nichts." },
};

/** Für welche Kunden jemand arbeitet. */
export const customerReach = {
  label: "Kunden",
  all: "Alle Kunden",
  only: "Nur diese",
  except: "Alle außer diesen",
  allShort: "alle",
  onlyHelp: "Neue Kunden kommen nicht von selbst dazu.",
  exceptHelp: "Neue Kunden gehören von selbst dazu.",
  choose: "Kunden wählen",
  exceptShort: (names: string) => `alle außer ${names}`,
  others: (amount: number) => count(amount, "weiterer", "weitere"),
  everywhere: "Inhaber und Administratoren arbeiten für alle Kunden.",
};

export const users = {
  title: "Benutzer",
  lead: "Wer sich anmelden darf, mit welcher Rolle und für welche Kunden.",
  name: "Name",
  email: "E-Mail-Adresse",
  role: "Rolle",
  customers: "Kunden",
  secondFactor: "Zweiter Faktor",
  noFactor: "keiner",
  totp: "Code-App",
  passkeys: (amount: number) => count(amount, "Passkey", "Passkeys"),
  lastSeen: "Zuletzt da",
  neverSeen: "noch nie",
  state: "Zustand",
  states: { active: "aktiv", disabled: "gesperrt", invited: "eingeladen", expired: "abgelaufen" },
  you: "Sie",
  created: "Angelegt",
  language: "Sprache",
  invite: "Benutzer einladen",
  inviteSend: "Einladung senden",
  inviteHelp: "Die Einladung geht per Mail. Wer sie annimmt, wählt sein Kennwort selbst.",
  invited: (email: string) => `Die Einladung an ${email} ist unterwegs.`,
  invitedBy: "Eingeladen von",
  invitedAt: "Eingeladen",
  validUntil: "Gilt bis",
  resend: "Erneut senden",
  resent: (email: string) => `Eine neue Einladung an ${email} ist unterwegs; die alte gilt nicht mehr.`,
  revoke: "Zurückziehen",
  revokeTitle: "Einladung zurückziehen?",
  revokeText: (email: string) => `Der Link in der Mail an ${email} öffnet ab sofort nichts mehr. Sie können jederzeit neu einladen.`,
  revoked: "Die Einladung ist zurückgezogen.",
  change: "Ändern",
  changeTitle: (name: string) => `${name} ändern`,
  changed: "Gespeichert. Die Rechte gelten ab jetzt.",
  disable: "Sperren",
  disableTitle: (name: string) => `${name} sperren?`,
  disabled: (name: string) => `${name} ist gesperrt.`,
  enable: "Sperre aufheben",
  enabled: (name: string) => `${name} kann sich wieder anmelden.`,
  remove: "Löschen",
  removeTitle: (name: string) => `${name} löschen?`,
  removed: (name: string) => `${name} ist gelöscht.`,
  none: "Sie sind allein hier",
  noneHelp: "Laden Sie die Menschen ein, mit denen Sie arbeiten.",
  disableText: (sessions: number) =>
    `${sessions === 0 ? "Es ist niemand mit diesem Konto angemeldet." : `${count(sessions, "Sitzung endet", "Sitzungen enden")} sofort.`} Eine neue Anmeldung ist nicht möglich, API-Schlüssel dieser Person gelten nicht mehr. Rolle, Kunden und zweite Faktoren bleiben; Sie können die Sperre jederzeit aufheben.`,
  removeText: (sessions: number) =>
    `${sessions === 0 ? "" : `${count(sessions, "Sitzung endet", "Sitzungen enden")} sofort. `}Kennwort, zweite Faktoren und Kundenzuordnung werden gelöscht, API-Schlüssel dieser Person gelten nicht mehr. Was sie getan hat, bleibt im Protokoll. Das lässt sich nicht zurücknehmen.`,
  onlyOwnersMake: "Inhaber setzt nur ein Inhaber ein.",
  linkTitle: (email: string) => `Link für ${email}`,
  linkHelp:
    "Es ist kein Mailserver eingerichtet, der diese Einladung zustellen könnte. Geben Sie den Link selbst weiter, auf einem Weg, den niemand sonst mitliest. Er wird nur dieses eine Mal gezeigt.",
  link: "Einladung",
  onlyOwners: "Inhaber ändert nur ein Inhaber.",
  yourself: "Ihr eigenes Konto ändern Sie unter „Mein Konto“; Rolle und Zugang kann nur jemand anderes ändern.",
  mayNot: "Ihre Rolle darf Benutzer sehen, aber nicht ändern.",
  mayNotSee: "Benutzer sehen nur Inhaber und Administratoren. Ihre eigenen Angaben stehen unter „Mein Konto“.",
};

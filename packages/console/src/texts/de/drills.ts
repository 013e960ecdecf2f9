/** Alarmübungen: beim Kunden, und auf der Seite hinter dem Knopf in der Mail. */
export const drills = {
  drills: "Alarmübungen",
  drill: "Alarmübung",
  none: "Noch keine Übung.",
  noneHelp:
    "Eine Übung schickt eine gekennzeichnete, harmlose Störung durch die ganze Kette: Agent, Befund, Mail, Mailserver, Bestätigung durch den Empfänger. Monatlich beginnt sie von selbst, wenn Sie das in den Zusagen einschalten.",
  start: "Jetzt üben",
  startHelp: "Die Empfänger des Kunden bekommen eine Mail, die als Übung gekennzeichnet ist, und bestätigen sie mit einem Klick.",
  startDo: "Übung beginnen",
  started: "Übung begonnen",
  startedAt: "Begonnen",
  result: "Ergebnis",
  course: "Verlauf",
  running: "läuft",
  results: { done: "bestätigt", failed: "gescheitert" },
  reasons: {
    "not-measured": "Vom Gerät kam kein Messwert.",
    "not-mailed": "Es wurde keine Mail geschrieben. Hat der Kunde Empfänger, oder läuft ein Wartungsfenster?",
    "not-accepted": "Der Mailserver hat die Mail nicht angenommen.",
    returned: "Die Mail kam als unzustellbar zurück.",
    "not-confirmed": "Niemand hat den Empfang bestätigt.",
  },
  steps: { measured: "gemessen", mailed: "gemailt", accepted: "angenommen", confirmed: "bestätigt" },
  monthly: "Alarmübung",
  monthlyOn: "einmal im Monat",
  monthlyOff: "keine",
  monthlyHelp:
    "Einmal im Monat, in der Servicezeit, prüft eine gekennzeichnete Störung den Weg vom Computer bis zum Klick des Empfängers. Bleibt die Bestätigung 24 Stunden Servicezeit aus, wird das ein Befund.",
  explained: "Das ist eine Übung, nichts ist kaputt. Bestätigen Sie, dass die Mail Sie erreicht hat; mehr ist nicht zu tun.",
  confirm: "Empfang bestätigen",
  confirmedOn: (when: string) => `Bestätigt am ${when}. Vielen Dank, die Übung ist damit bestanden.`,
  over: "Diese Übung ist schon beendet. Es ist nichts mehr zu bestätigen.",
};

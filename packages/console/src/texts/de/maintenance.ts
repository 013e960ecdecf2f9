import { countIn } from "../count.ts";

const count = countIn("de-DE");

/** ISO 8601: 1 ist Montag. */
const weekdays: readonly string[] = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
const ordinals: Readonly<Record<number, string>> = { 1: "ersten", 2: "zweiten", 3: "dritten", 4: "vierten", [-1]: "letzten" };

export const maintenance = {
  title: "Wartung",
  lead: "Was in einem Wartungsfenster auffällt, wird aufgezeichnet, aber niemand wird benachrichtigt.",
  windows: "Wartungsfenster",
  past: "Vergangene",
  none: "Kein Wartungsfenster geplant",
  noneHelp: "Vor Arbeiten an einem Gerät oder Standort beginnen Sie dort mit „Wartung“; wiederkehrende planen Sie hier.",
  plan: "Wartung planen",
  begin: "Wartung",
  beginFor: (duration: string) => `Jetzt, für ${duration}`,
  beginOther: "Planen …",
  begun: (name: string) => `„${name}“ hat begonnen`,
  changed: (name: string) => `Gespeichert: ${name}.`,
  changeHelp: "Was gerade läuft, behält sein Ende; neue Zeiten gelten ab dem nächsten Mal.",
  planned: (name: string) => `„${name}“ ist geplant`,
  end: "Beenden",
  endOf: (name: string) => `Beenden: ${name}`,
  ended: "Wartung beendet. Was noch gestört ist, wird nach der Karenz gemeldet.",
  cancel: "Absagen",
  cancelTitle: (name: string) => `„${name}“ absagen?`,
  cancelText: "Was läuft, endet jetzt, und kein weiteres Fenster beginnt. Was schon zurückgehalten wurde, bleibt aufgelistet.",
  cancelled: "Wartungsfenster abgesagt",
  now: (until: string) => `In Wartung bis ${until}`,
  nowHelp: (name: string, by: string) => `${name} (${by}). Befunde werden aufgezeichnet, niemand wird benachrichtigt.`,
  name: "Was wird gemacht?",
  defaultName: "Wartung",
  scope: "Wofür?",
  scopes: { provider: "Alles", customer: "Kunde", site: "Standort", device: "Gerät", tag: "Schlagwort" },
  which: { provider: "", customer: "Welcher Kunde?", site: "Welcher Standort?", device: "Welches Gerät?", tag: "Welches Schlagwort?" },
  startsAt: "Beginn",
  timeIn: (zone: string) => `Uhrzeit in ${zone}`,
  length: "Dauer",
  hours: (hours: number) => (hours < 1 ? `${hours * 60} Minuten` : count(hours, "Stunde", "Stunden")),
  repeat: "Wiederholung",
  repeats: {
    once: "Einmal",
    weekly: "Jede Woche",
    fortnightly: "Alle zwei Wochen",
    "monthly-weekday": "Monatlich am selben Wochentag",
    "monthly-day": "Monatlich am selben Tag",
  },
  weekdays: "An diesen Tagen",
  weekdayNames: weekdays,
  until: "Letzter Tag (leer: ohne Ende)",
  grace: "Karenz danach",
  graceHelp: "So lange nach dem Ende darf etwas noch gestört sein, bevor jemand benachrichtigt wird.",
  graceNone: "keine",
  keep: "Was im Fenster ausfiel, auch danach nicht melden",
  keepHelp: "Solange es derselbe ununterbrochene Ausfall ist und er danach nicht schlimmer wird, steht er nur in der Liste.",
  what: "Was",
  where: "Wofür",
  when: "Wann",
  held: "Zurückgehalten",
  heldCount: (open: number, closed: number) =>
    open + closed === 0 ? "–" : `${count(open + closed, "Befund", "Befunde")}${open === 0 ? "" : ` (${open} offen)`}`,
  by: "Von",
  actions: "Aktionen",
  runs: (until: string) => `läuft bis ${until}`,
  next: (at: string) => `nächstes: ${at}`,
  over: "vorbei",
  schedule: (about: { repeat: string; weekdays: readonly number[]; every: number; nth: number; day: number; time: string }) =>
    about.repeat === "weekly"
      ? `${about.every === 1 ? "jeden" : `alle ${about.every} Wochen am`} ${about.weekdays.map((day) => weekdays[day - 1]).join(", ")}, ${about.time}`
      : about.repeat === "monthly-weekday"
        ? `an jedem ${ordinals[about.nth] ?? ""} ${weekdays[(about.weekdays[0] ?? 1) - 1]} im Monat, ${about.time}`
        : about.repeat === "monthly-day"
          ? `an jedem ${about.day}. im Monat, ${about.time}`
          : about.time,
};

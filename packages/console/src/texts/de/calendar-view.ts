import { countIn } from "../count.ts";

const count = countIn("de-DE");

export const calendarView = {
  all: "Alle Kalender",
  calendar: "Kalender",
  holdsFor: (customer: string) => `Für ${customer} gilt:`,
  holdsForHouse: "Im Haus gilt:",
  sum: (days: number, hours: string, month: string) => `${month}: ${count(days, "Arbeitstag", "Arbeitstage")}, ${hours} Stunden`,
  monthLabel: (year: string, days: number, special: number) =>
    ` ${year}: ${count(days, "Arbeitstag", "Arbeitstage")}, ${count(special, "besonderer Tag", "besondere Tage")}`,
  monthBack: "Einen Monat zurück",
  monthOn: "Einen Monat weiter",
  today: "Heute",
  year: "Das Jahr",
  due: "Wann wäre es fällig?",
  kinds: { open: "Offen", short: "Eigene Zeiten", holiday: "Feiertag, geschlossen", closed: "Geschlossen" },
  marks: { open: "", short: "◐", holiday: "■", closed: "–", own: "✎" },
  ownDay: "eigener oder geänderter Tag",
  counted: "Zählt",
  hours: (hours: string) => `${hours} Stunden`,
  yes: "ja",
  no: "nein",
  becauseList: (list: string) => `Feiertag der Liste „${list}“.`,
  becauseOwn: (list: string) => `Eigener oder geänderter Tag der Liste „${list}“.`,
  becauseOut: (name: string, list: string) => `${name} ist aus der Liste „${list}“ herausgenommen; es gelten die Zeiten der Woche.`,
  becauseClosed: (weekday: string) => `${weekday}: nach den Zeiten der Woche geschlossen.`,
  becauseWeek: (weekday: string) => `${weekday}: Zeiten der Woche.`,
  clocksChange: (hours: string) => `In dieser Zeit wird die Uhr umgestellt: ${hours} Stunden gegenüber der Uhrzeit.`,
  noList: "Dieser Kalender hat keine Liste von Feiertagen. Wählen Sie beim Ändern des Kalenders eine, um Tage einzutragen.",
  alsoIn: (calendars: string) => `Die Liste gilt auch in: ${calendars}.`,
  addOwn: "Eigenen Tag eintragen",
  notFilled: (year: number) =>
    `Für ${year} ist die Liste der Feiertage noch nicht gefüllt. Sie füllt sich von selbst, zwei Jahre zurück und drei voraus.`,
};

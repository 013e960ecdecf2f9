import { countIn } from "../count.ts";
import type { Texts } from "../de.ts";

const count = countIn("en-GB");

export const calendarView: Texts["calendarView"] = {
  all: "All calendars",
  calendar: "Calendar",
  holdsFor: (customer) => `For ${customer}:`,
  holdsForHouse: "For the house:",
  sum: (days, hours, month) => `${month}: ${count(days, "working day", "working days")}, ${hours} hours`,
  monthLabel: (year, days, special) =>
    ` ${year}: ${count(days, "working day", "working days")}, ${count(special, "special day", "special days")}`,
  monthBack: "One month back",
  monthOn: "One month on",
  today: "Today",
  year: "The year",
  due: "When would it be due?",
  kinds: { open: "Open", short: "Hours of its own", holiday: "Holiday, closed", closed: "Closed" },
  marks: { open: "", short: "◐", holiday: "■", closed: "–", own: "✎" },
  ownDay: "own or changed day",
  counted: "Counts",
  hours: (hours) => `${hours} hours`,
  yes: "yes",
  no: "no",
  becauseList: (list) => `Holiday of the list “${list}”.`,
  becauseOwn: (list) => `Own or changed day of the list “${list}”.`,
  becauseOut: (name, list) => `${name} is taken out of the list “${list}”; the hours of the week hold.`,
  becauseClosed: (weekday) => `${weekday}: closed by the hours of the week.`,
  becauseWeek: (weekday) => `${weekday}: hours of the week.`,
  clocksChange: (hours) => `Clocks change within these hours: ${hours} hours against the wall clock.`,
  noList: "This calendar has no list of holidays. Choose one where the calendar is changed to enter days.",
  alsoIn: (calendars) => `The list also holds in: ${calendars}.`,
  addOwn: "Enter own day",
  notFilled: (year) => `The list of holidays is not filled for ${year} yet. It fills itself, two years back and three ahead.`,
};

/** Days and months of the month view as texts, YYYY-MM-DD and YYYY-MM, and what kind of day one is. Pure; working time is the server's. */
import type { CalendarPreview } from "@hauswart/protocol/api/calendars.ts";

export type CalendarDay = CalendarPreview["days"][number];

/**
 * - open: the hours of the week
 * - short: a day of the list that has hours of its own
 * - holiday: a day of the list that is closed
 * - closed: a weekday without hours
 */
export type DayKind = "open" | "short" | "holiday" | "closed";

export function kindOf({ holiday, spans }: CalendarDay): DayKind {
  if (holiday !== null) return spans.length > 0 ? "short" : "holiday";
  return spans.length > 0 ? "open" : "closed";
}

/** How many minutes the wall clock shows for the hours of a day; fewer or more are open when clocks change within them. */
export function wallMinutes({ spans }: CalendarDay): number {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return spans.reduce((sum, { from, to }) => sum + minutes(to) - minutes(from), 0);
}

const dateOf = (day: string) => new Date(`${day}T00:00:00Z`);
const textOf = (date: Date) => date.toISOString().slice(0, 10);

/** Whether the server reckons it: a date that there is, in the years of previewCalendar. */
export function isDay(text: string | undefined): text is string {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = dateOf(text);
  return !Number.isNaN(date.getTime()) && textOf(date) === text && text >= "1971-01-01" && text <= "9998-12-31";
}

/** 1 is Monday. */
export const weekdayOf = (day: string) => (((dateOf(day).getUTCDay() + 6) % 7) + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7;

export function addDays(day: string, days: number): string {
  const date = dateOf(day);
  date.setUTCDate(date.getUTCDate() + days);
  return textOf(date);
}

/** The same day so many months on; the last day of a month that has no such day. */
export function addMonths(day: string, months: number): string {
  const first = dateOf(`${day.slice(0, 7)}-01`);
  first.setUTCMonth(first.getUTCMonth() + months);
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(Number(day.slice(8)), last));
  return textOf(first);
}

/** The days of a month in weeks that begin on Monday; null where a week reaches into another month. */
export function weeksOf(month: string): readonly (readonly (string | null)[])[] {
  const days: (string | null)[] = Array.from({ length: weekdayOf(`${month}-01`) - 1 }, () => null);
  for (let day = `${month}-01`; day.startsWith(month); day = addDays(day, 1)) days.push(day);
  while (days.length % 7 > 0) days.push(null);
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
}

/** Where a key moves to in the grid; undefined for other keys. */
export function movedBy(key: string, day: string): string | undefined {
  switch (key) {
    case "ArrowLeft":
      return addDays(day, -1);
    case "ArrowRight":
      return addDays(day, 1);
    case "ArrowUp":
      return addDays(day, -7);
    case "ArrowDown":
      return addDays(day, 7);
    case "Home":
      return addDays(day, 1 - weekdayOf(day));
    case "End":
      return addDays(day, 7 - weekdayOf(day));
    case "PageUp":
      return addMonths(day, -1);
    case "PageDown":
      return addMonths(day, 1);
    default:
      return undefined;
  }
}

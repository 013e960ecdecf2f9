/** Where the moments of a local day lie, on days with 23, 24 and 25 hours. */
import { minutesOf } from "./definition.ts";

const minutesPerDay = 1_440;

/**
 * The moment that a wall clock shows this time of a day, Unix milliseconds. A time that is skipped when clocks go forward is the
 * moment at which they go; a time that comes twice is its first, so that spans that touch each other still do.
 * @param day YYYY-MM-DD
 * @param time HH:MM
 */
export function momentAt(day: string, time: string, timeZone: string): number {
  return momentOf(Temporal.PlainDate.from(day), minutesOf(time), timeZone);
}

/** The same of a date and the minutes from its midnight. */
export function momentOf(date: Temporal.PlainDate, minutes: number, timeZone: string): number {
  const day = minutes === minutesPerDay ? date.add({ days: 1 }) : date;
  const wall = day.toPlainDateTime({ hour: Math.floor((minutes % minutesPerDay) / 60), minute: minutes % 60 });
  const zoned = wall.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  if (zoned.toPlainDateTime().equals(wall)) return zoned.epochMilliseconds;
  return zoned.getTimeZoneTransition("next")!.epochMilliseconds;
}

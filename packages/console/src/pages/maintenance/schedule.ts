/** A window's schedule as the form has it. Pure. */
import type { MaintenanceRepeat, MaintenanceSchedule } from "@hauswart/protocol/api/maintenance.ts";

export const repeatChoices = ["once", "weekly", "fortnightly", "monthly-weekday", "monthly-day"] as const;
type RepeatChoice = (typeof repeatChoices)[number];
type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface ScheduleForm {
  /** As a field for date and time gives it: 2026-11-24T22:00. */
  readonly startsAt: string;
  readonly hours: number;
  readonly repeat: RepeatChoice;
  /** Of weekly ones; none chosen: the day of the beginning. */
  readonly weekdays: readonly number[];
  /** Local date, or empty. */
  readonly until: string;
}

/**
 * @param timeZone where the form's times are meant, IANA name.
 * @returns undefined while the beginning is not a date and time.
 */
export function scheduleOf(form: ScheduleForm, timeZone: string): MaintenanceSchedule | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(form.startsAt)) return undefined;
  return {
    startsAtLocal: form.startsAt,
    minutes: Math.round(form.hours * 60),
    timeZone,
    repeat: repeatOf(form),
    until: form.repeat === "once" || form.until === "" ? null : form.until,
  };
}

function repeatOf({ startsAt, repeat, weekdays }: ScheduleForm): MaintenanceRepeat | null {
  const day = new Date(`${startsAt}Z`);
  const weekday = (((day.getUTCDay() + 6) % 7) + 1) as Weekday;
  const date = day.getUTCDate();
  switch (repeat) {
    case "once":
      return null;
    case "weekly":
    case "fortnightly":
      return {
        kind: "weekly",
        every: repeat === "weekly" ? 1 : 2,
        weekdays: weekdays.length > 0 ? ([...weekdays].sort((one, other) => one - other) as Weekday[]) : [weekday],
      };
    case "monthly-weekday": {
      // A fifth Monday is the last one of its month; not every month has one.
      const nth = Math.ceil(date / 7);
      return { kind: "monthly-weekday", nth: nth > 4 ? -1 : (nth as 1 | 2 | 3 | 4), weekday };
    }
    case "monthly-day":
      return { kind: "monthly-day", day: date };
  }
}

/** The form of a schedule; what a form cannot say, such as every third week, becomes the nearest that it can. */
export function formOf({ startsAtLocal, minutes, repeat, until }: MaintenanceSchedule): ScheduleForm {
  const choice: RepeatChoice =
    repeat === null ? "once" : repeat.kind !== "weekly" ? repeat.kind : repeat.every === 1 ? "weekly" : "fortnightly";
  const weekdays = repeat?.kind === "weekly" ? repeat.weekdays : [];
  return { startsAt: startsAtLocal, hours: minutes / 60, repeat: choice, weekdays, until: until ?? "" };
}

/** What the texts need to tell a schedule. @param time such as 22:00–02:00 */
export function toldSchedule({ repeat }: MaintenanceSchedule, time: string) {
  return {
    repeat: repeat?.kind ?? "once",
    weekdays: repeat?.kind === "weekly" ? repeat.weekdays : repeat?.kind === "monthly-weekday" ? [repeat.weekday] : [],
    every: repeat?.kind === "weekly" ? repeat.every : 1,
    nth: repeat?.kind === "monthly-weekday" ? repeat.nth : 1,
    day: repeat?.kind === "monthly-day" ? repeat.day : 1,
    time,
  };
}

/** "22:00–02:00", on the wall clock of the window's own place. */
export function wallTime({ startsAtLocal, minutes }: MaintenanceSchedule): string {
  const [hour = 0, minute = 0] = startsAtLocal.slice(11).split(":").map(Number);
  const end = hour * 60 + minute + minutes;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${startsAtLocal.slice(11)}–${two(Math.floor(end / 60) % 24)}:${two(end % 60)}`;
}

import type { CalendarDefinition, Holiday } from "@hauswart/calendar/definition.ts";
import { CalendarError } from "@hauswart/calendar/definition.ts";
import { momentAt } from "@hauswart/calendar/local-time.ts";
import { WorkingTime } from "@hauswart/calendar/working-time.ts";
import type { CalendarPreview } from "@hauswart/protocol/api/calendars.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import { readHolidaySet } from "./calendar-row.ts";
import { calendarsOf } from "./calendars-of.ts";
import { readHolidays } from "./holiday-row.ts";

const [minuteMs, hourMs] = [60_000, 3_600_000];
/** Spans that are named; 24 hours of a usual week are three. */
const mostCounted = 60;

/** What a calendar would mean, by the engine that everything is reckoned with. Errors: FORBIDDEN, NOT_FOUND (set), INVALID_REQUEST. */
export async function previewCalendar({ ctx, input }: Verb<Input<"previewCalendar">>): Promise<Result<"previewCalendar">> {
  requireScope(ctx, "settings:read");
  const { calendar, year, hours } = input;
  const timeZone = input.timeZone ?? (await calendarsOf(ctx.services, ctx.providerId)).timeZone(null);
  const holidays = await ctx.services.database.transaction(ctx, (tx) => holidaysOf(tx, ctx, calendar.holidaySetId));
  try {
    const working = new WorkingTime({ ...calendar, timeZone, holidays } satisfies CalendarDefinition);
    const reportedMs = reportedMsOf(input, timeZone);
    const days = daysOf(working, year, new Map(holidays.map(({ date, name }) => [date, name])));
    return {
      timeZone,
      year,
      workingDays: days.filter(({ isWorkingDay }) => isWorkingDay).length,
      openHours: days.reduce((sum, { openMinutes }) => sum + openMinutes, 0) / 60,
      days,
      fault: reportedMs === undefined ? null : faultOf(working, reportedMs, hours),
    };
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error;
    throw new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: "body.calendar", message: error.message }] });
  }
}

function reportedMsOf({ reportedAt, reportedAtLocal }: Input<"previewCalendar">, timeZone: string): number | undefined {
  if (reportedAt !== undefined) return Date.parse(reportedAt);
  if (reportedAtLocal === undefined) return undefined;
  try {
    const [day, time] = reportedAtLocal.split("T");
    return momentAt(day!, time!, timeZone);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof CalendarError)) throw error;
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path: "body.reportedAtLocal", message: "There is no such date and time." }],
    });
  }
}

async function holidaysOf(tx: Tx, ctx: Context, holidaySetId: string | null): Promise<Holiday[]> {
  if (holidaySetId === null) return [];
  await readHolidaySet(tx, ctx, holidaySetId);
  const days = await readHolidays(tx, ctx, holidaySetId, ["1970-01-01", "9999-12-31"]);
  return days.filter(({ isRemoved }) => !isRemoved).map(({ day, name, spans }) => ({ date: day, name, spans }));
}

function daysOf(working: WorkingTime, year: number, holidays: ReadonlyMap<string, string>): CalendarPreview["days"] {
  const first = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(working.timeZone).epochMilliseconds;
  return Array.from({ length: first.daysInYear }, (_, index) => {
    const date = first.add({ days: index });
    const day = date.toString();
    const openMinutes = Math.round(working.elapsedMs(startOf(date), startOf(date.add({ days: 1 }))) / minuteMs);
    return { day, isWorkingDay: working.isWorkingDay(day), openMinutes, spans: working.hoursOn(day), holiday: holidays.get(day) ?? null };
  });
}

function faultOf(working: WorkingTime, reportedMs: number, hours: readonly number[]): NonNullable<CalendarPreview["fault"]> {
  const orNever = (find: () => number): string | null => {
    try {
      return isoTime(find());
    } catch (error) {
      if (error instanceof CalendarError && error.code === "CALENDAR_NEVER_OPEN") return null;
      throw error;
    }
  };
  return {
    reportedAt: isoTime(reportedMs),
    isOpen: working.isOpen(reportedMs),
    opensAt: orNever(() => working.nextOpenMs(reportedMs)),
    due: hours.map((count) => {
      const at = orNever(() => working.dueMs(reportedMs, count * hourMs));
      const counted = at === null ? [] : working.openSpans(reportedMs, Date.parse(at), mostCounted + 1);
      return {
        hours: count,
        at,
        counted: counted.slice(0, mostCounted).map(({ fromMs, toMs }) => ({ from: isoTime(fromMs), to: isoTime(toMs) })),
        hasMore: counted.length > mostCounted,
      };
    }),
  };
}

/** What the API shows of working calendars. Local dates are YYYY-MM-DD, times of a day HH:MM, in the time zone of whoever works by them. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { calendarPurposes } from "./calendar-purposes.ts";

export const CalendarPurpose = z.enum(calendarPurposes);

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, "HH:MM");
/** Part of a local day; `to` may be 24:00. */
export const TimeSpan = z.object({ from: timeOfDay, to: timeOfDay });
export type TimeSpan = z.infer<typeof TimeSpan>;
/** In their order, none empty, none over another. */
const Spans = z
  .array(TimeSpan)
  .max(12)
  .refine((spans) => {
    const ordered = spans.toSorted((one, other) => one.from.localeCompare(other.from));
    return ordered.every(({ from, to }, index) => from < to && (index === 0 || ordered[index - 1]!.to <= from));
  }, "A span ends after it begins, and none overlaps another.");
const Name = z.string().trim().min(1).max(100);
const weekday = z.literal([1, 2, 3, 4, 5, 6, 7]);
/** By ISO weekday, 1 is Monday; a weekday without spans is closed. */
const Week = z.object({ 1: Spans, 2: Spans, 3: Spans, 4: Spans, 5: Spans, 6: Spans, 7: Spans }).partial();

const definition = {
  hours: Week,
  workingDays: z.array(weekday).max(7).describe("ISO weekdays that count as working days, whatever their hours; holidays do not."),
  holidaySetId: Id.nullable().describe("null: no holidays."),
  halfDaysWork: z.boolean().describe("Whether a holiday with hours of its own counts as a working day."),
};
export const NewCalendar = z.object({ name: Name, ...definition });
export type NewCalendar = z.infer<typeof NewCalendar>;
export const Calendar = z.object({
  calendarId: Id,
  name: z.string(),
  ...definition,
  holidaySetName: z.string().nullable(),
  houseUses: z.array(CalendarPurpose).describe("Purposes for which the whole house uses it."),
  placeCount: z.int().describe("Customers and sites within reach that use it instead of the house's."),
});
export type Calendar = z.infer<typeof Calendar>;

/** Where a set's days come from: DE = what holds in all states, DE-BY = one state, DE-BY-A = a part of one. */
export const HolidaySource = z.string().regex(/^DE(-[A-Z]{2}(-[A-Z]+)?)?$/);
export const HolidaySet = z.object({
  holidaySetId: Id,
  name: z.string(),
  source: z.string().nullable().describe("null: own days only."),
  calendarCount: z.int(),
});
export const NewHolidaySet = z.object({ name: Name, source: HolidaySource.nullable() });
export const HolidayDay = z.object({
  day: z.iso.date(),
  name: z.string(),
  spans: z.array(TimeSpan).describe("Hours that hold instead; none: closed all day."),
  isFromSource: z.boolean(),
  isEdited: z.boolean(),
  isRemoved: z.boolean().describe("Somebody took a day of the source out; it is kept so that it does not come back."),
});
export type HolidayDay = z.infer<typeof HolidayDay>;
export const HolidayChange = z.object({ name: Name, spans: Spans });

/** Which calendar holds somewhere, and why. */
export const CalendarInForce = z.object({
  purpose: CalendarPurpose,
  calendarId: Id,
  calendarName: z.string(),
  from: z.enum(["provider", "customer", "site"]).describe("Where it was chosen."),
});
export type CalendarInForce = z.infer<typeof CalendarInForce>;

export const CalendarPreviewRequest = z.object({
  calendar: z.object(definition),
  timeZone: z.string().max(64).optional().describe("Left out: the house's."),
  year: z.int().min(1971).max(9_998),
  reportedAt: z.iso.datetime({ offset: true }).optional(),
  reportedAtLocal: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, "YYYY-MM-DDTHH:MM")
    .optional()
    .describe("Instead of reportedAt, on the wall clock of the time zone; a time that comes twice is its first."),
  hours: z.array(z.number().min(0).max(1_000)).max(5).default([4, 24]).describe("Service hours after the report."),
});
export const CalendarPreview = z.object({
  timeZone: z.string(),
  year: z.int(),
  workingDays: z.int(),
  openHours: z.number(),
  days: z.array(
    z.object({
      day: z.iso.date(),
      isWorkingDay: z.boolean(),
      openMinutes: z.int(),
      spans: z.array(TimeSpan).describe("Hours that hold on this day, on the wall clock."),
      holiday: z.string().nullable().describe("Name of the day of the set on which the week's hours do not hold."),
    }),
  ),
  fault: z
    .object({
      reportedAt: z.iso.datetime({ offset: true }),
      isOpen: z.boolean(),
      opensAt: z.iso
        .datetime({ offset: true })
        .nullable()
        .describe("When the clock starts: at once, or when it opens next. null: it never opens."),
      due: z.array(
        z.object({
          hours: z.number(),
          at: z.iso.datetime({ offset: true }).nullable(),
          counted: z
            .array(z.object({ from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) }))
            .max(60)
            .describe("The open spans that count, in their order; the first 60."),
          hasMore: z.boolean().describe("More spans count than are named."),
        }),
      ),
    })
    .nullable(),
});
export type CalendarPreview = z.infer<typeof CalendarPreview>;

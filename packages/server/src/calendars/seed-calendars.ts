/** The calendars that a house begins with, as the service description promises them (SVC-1). Each can be changed. */
import type { Span, Weekday } from "@hauswart/calendar/definition.ts";
import type { CalendarPurpose } from "@hauswart/protocol/api/calendar-purposes.ts";
import type { Language } from "@hauswart/protocol/format.ts";

export type WeekHours = Readonly<Partial<Record<Weekday, readonly Span[]>>>;

export interface SeedCalendar {
  readonly name: Readonly<Record<Language, string>>;
  readonly hours: WeekHours;
  readonly keepsHolidays: boolean;
}

export const mondayToFriday = [1, 2, 3, 4, 5] as const satisfies readonly Weekday[];
const weekend = [6, 7] as const satisfies readonly Weekday[];
const everyDay = [...mondayToFriday, ...weekend] as const;

const on = (days: readonly Weekday[], ...spans: Span[]): WeekHours => Object.fromEntries(days.map((day) => [day, spans]));
const span = (from: string, to: string): Span => ({ from, to });

/** Only service rests on holidays: faults are accepted on them too. */
export const seedCalendars: Readonly<Record<CalendarPurpose, SeedCalendar>> = {
  service: { name: { de: "Servicezeit", en: "Service hours" }, hours: on(mondayToFriday, span("09:00", "18:00")), keepsHolidays: true },
  acceptance: {
    name: { de: "Annahmezeit", en: "Acceptance hours" },
    hours: on(mondayToFriday, span("07:00", "19:00")),
    keepsHolidays: false,
  },
  quiet: {
    name: { de: "Ruhezeit", en: "Quiet hours" },
    hours: on(everyDay, span("00:00", "06:00"), span("22:00", "24:00")),
    keepsHolidays: false,
  },
  patch: {
    name: { de: "Wartungsfenster für Patches", en: "Patch window" },
    hours: { ...on(mondayToFriday, span("00:00", "07:00"), span("19:00", "24:00")), ...on(weekend, span("00:00", "24:00")) },
    keepsHolidays: false,
  },
};

export const seedHolidaySet: Readonly<Record<Language, string>> = { de: "Deutschland, bundesweit", en: "Germany, nationwide" };

/** Attempts on calendars, which are the house's, on who works by them, and on records of rounds. */
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import type { Attempt, Targets } from "./attempts.ts";

const week = { hours: {}, workingDays: [1], holidaySetId: null, halfDaysWork: true };

export const onCalendars = ({ own, foreign: { customerId, siteId, deviceId }, provider }: Targets) => {
  const { calendarId, holidaySetId, providerId } = provider;
  const purpose = "service";
  return {
    listCalendars: [{ expect: "harmless" }],
    createCalendar: [{ body: { name: "mine", ...week }, expect: "FORBIDDEN" }],
    changeCalendar: [{ params: { calendarId }, body: { name: "mine" }, expect: "FORBIDDEN" }],
    deleteCalendar: [{ params: { calendarId }, expect: "FORBIDDEN" }],
    previewCalendar: [{ body: { calendar: { ...week, holidaySetId }, year: 2026 }, expect: "harmless" }],
    createHolidaySet: [{ body: { name: "mine", source: null }, expect: "FORBIDDEN" }],
    changeHolidaySet: [{ params: { holidaySetId }, body: { name: "mine" }, expect: "FORBIDDEN" }],
    deleteHolidaySet: [{ params: { holidaySetId }, expect: "FORBIDDEN" }],
    listHolidays: [{ params: { holidaySetId }, query: { year: 2026 }, expect: "harmless" }],
    putHoliday: [{ params: { holidaySetId, day: "2026-12-24" }, body: { name: "mine", spans: [] }, expect: "FORBIDDEN" }],
    deleteHoliday: [{ params: { holidaySetId, day: "2026-12-25" }, expect: "FORBIDDEN" }],
    getCalendarsInForce: [
      { query: { customerId }, expect: "NOT_FOUND" },
      { query: { siteId }, expect: "NOT_FOUND" },
      { query: { customerId: own.customerId, siteId }, expect: "NOT_FOUND" },
    ],
    assignCalendar: [
      { params: { scope: "customer", scopeId: customerId, purpose }, body: { calendarId }, expect: "NOT_FOUND" },
      { params: { scope: "site", scopeId: siteId, purpose }, body: { calendarId }, expect: "NOT_FOUND" },
      { params: { scope: "customer", scopeId: customerId, purpose }, body: { calendarId: null }, expect: "NOT_FOUND" },
      { params: { scope: "provider", scopeId: providerId, purpose }, body: { calendarId }, expect: "FORBIDDEN" },
    ],
    getRounds: [{ query: { customerId }, expect: "harmless" }],
    listRoundRecords: [
      { query: { check: "antivirus-status", customerId }, expect: "harmless" },
      { query: { check: "antivirus-status", deviceId }, expect: "harmless" },
      { query: { check: "antivirus-status", format: "csv" }, expect: "harmless" },
    ],
  } as const satisfies Partial<Record<RouteName, readonly Attempt[]>>;
};

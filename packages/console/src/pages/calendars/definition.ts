import type { NewCalendar } from "@hauswart/protocol/api/calendars.ts";

export type Definition = Omit<NewCalendar, "name">;

/** What a calendar's days are reckoned from. To ask with all of it would make another name another question. */
export function definitionOf({ hours, workingDays, holidaySetId, halfDaysWork }: Definition): Definition {
  return { hours, workingDays, holidaySetId, halfDaysWork };
}

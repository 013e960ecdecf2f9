/** Calendars and sets of holidays as the database keeps them and as the API shows them. */
import type { Calendar, HolidaySet, NewCalendar } from "@hauswart/protocol/api/calendars.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isUniqueViolation } from "../database/errors.ts";

export interface CalendarRow {
  calendar_id: Id;
  name: string;
  hours: NewCalendar["hours"];
  working_days: NewCalendar["workingDays"];
  holiday_set_id: Id | null;
  holiday_set_name: string | null;
  half_days_work: boolean;
  house_uses: Calendar["houseUses"];
  place_count: number;
}

/** $1 is the provider. An actor restricted to customers counts only the places within reach. */
const selectCalendars = `
  select c.calendar_id, c.name, c.hours, c.working_days, c.holiday_set_id, h.name as holiday_set_name, c.half_days_work,
    coalesce(a.house_uses, '{}') as house_uses, coalesce(a.place_count, 0) as place_count
  from hauswart.calendar c
  left join hauswart.holiday_set h on h.provider_id = c.provider_id and h.holiday_set_id = c.holiday_set_id
  left join lateral (
    select array_agg(purpose order by purpose) filter (where scope = 'provider') as house_uses, (count(*) filter (where scope <> 'provider'))::int as place_count
    from hauswart.calendar_assignment a where a.provider_id = c.provider_id and a.calendar_id = c.calendar_id) a on true
  where c.provider_id = $1`;

export function readCalendarRows(tx: Tx, { providerId }: Pick<Context, "providerId">): Promise<CalendarRow[]> {
  return tx.sql<CalendarRow>(`${selectCalendars} order by lower(c.name)`, [providerId]);
}

/** Errors: NOT_FOUND. */
export async function readCalendar(
  tx: Tx,
  { providerId }: Pick<Context, "providerId">,
  calendarId: Id,
  lock: "for update of c" | "" = "",
): Promise<CalendarRow> {
  const [row] = await tx.sql<CalendarRow>(`${selectCalendars} and c.calendar_id = $2 ${lock}`, [providerId, calendarId]);
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

export function presentCalendar(row: CalendarRow): Calendar {
  return {
    calendarId: row.calendar_id,
    name: row.name,
    hours: row.hours,
    workingDays: row.working_days,
    holidaySetId: row.holiday_set_id,
    holidaySetName: row.holiday_set_name,
    halfDaysWork: row.half_days_work,
    houseUses: row.house_uses,
    placeCount: row.place_count,
  };
}

export interface HolidaySetRow {
  holiday_set_id: Id;
  name: string;
  source: string | null;
  calendar_count: number;
}

const selectSets = `
  select h.holiday_set_id, h.name, h.source,
    (select count(*)::int from hauswart.calendar c where c.provider_id = h.provider_id and c.holiday_set_id = h.holiday_set_id) as calendar_count
  from hauswart.holiday_set h where h.provider_id = $1`;

export function readHolidaySets(tx: Tx, { providerId }: Pick<Context, "providerId">): Promise<HolidaySetRow[]> {
  return tx.sql<HolidaySetRow>(`${selectSets} order by lower(h.name)`, [providerId]);
}

/** Errors: NOT_FOUND. */
export async function readHolidaySet(tx: Tx, { providerId }: Pick<Context, "providerId">, holidaySetId: Id): Promise<HolidaySetRow> {
  const [row] = await tx.sql<HolidaySetRow>(`${selectSets} and h.holiday_set_id = $2`, [providerId, holidaySetId]);
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

export function presentHolidaySet(row: HolidaySetRow): z.infer<typeof HolidaySet> {
  return { holidaySetId: row.holiday_set_id, name: row.name, source: row.source, calendarCount: row.calendar_count };
}

/** Turns the database's word about a name that is taken into ours. */
export function refuseTakenName(error: unknown): never {
  if (isUniqueViolation(error, "calendar_name")) throw new HauswartError("CONFLICT", "There is a calendar of this name already.");
  if (isUniqueViolation(error, "holiday_set_name"))
    throw new HauswartError("CONFLICT", "There is a list of holidays of this name already.");
  throw error;
}

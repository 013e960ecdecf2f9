/** Days of a set as the database keeps them and as the API shows them. */
import type { HolidayDay } from "@hauswart/protocol/api/calendars.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";

/** The days of a set from one to another, YYYY-MM-DD, both included. */
export function readHolidays(
  tx: Tx,
  { providerId }: Pick<Context, "providerId">,
  holidaySetId: Id,
  [from, to]: readonly [string, string],
): Promise<HolidayDay[]> {
  return tx.sql<HolidayDay>(
    `select day::text as day, name, spans, is_from_source as "isFromSource", is_edited as "isEdited", is_removed as "isRemoved"
     from hauswart.holiday where provider_id = $1 and holiday_set_id = $2 and day between $3::date and $4::date order by day`,
    [providerId, holidaySetId, from, to],
  );
}

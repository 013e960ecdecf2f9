/** Fills holiday sets from their sources for the years around now. What somebody changed, added or took out stays so. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import { publicHolidays } from "./german-holidays.ts";

/** Reports look back, due times ahead. */
const yearsBack = 2;
const yearsAhead = 3;

/** The years that are kept filled. */
export function filledYears(nowMs: number): readonly number[] {
  const year = new Date(nowMs).getUTCFullYear();
  return Array.from({ length: yearsBack + 1 + yearsAhead }, (_, index) => year - yearsBack + index);
}

/**
 * Brings one set up to what its source says. Days of the source that it does not name any more go, unless somebody changed them.
 * @returns how many days came or went
 */
export async function fillHolidaySet(
  tx: Tx,
  { providerId, holidaySetId, source, nowMs }: { providerId: Id; holidaySetId: Id; source: string; nowMs: number },
): Promise<number> {
  const years = filledYears(nowMs);
  const days = await publicHolidays(source, years);
  const keys = [providerId, holidaySetId, days.map(({ date }) => date)] as const;
  const came = await tx.sql(
    `insert into hauswart.holiday (provider_id, holiday_set_id, day, name, is_from_source)
     select $1, $2, day, name, true from unnest($3::date[], $4::text[]) as given (day, name)
     on conflict (provider_id, holiday_set_id, day) do update set name = excluded.name, is_from_source = true
       where not holiday.is_edited and not holiday.is_removed and (holiday.name <> excluded.name or not holiday.is_from_source)
     returning day`,
    [...keys, days.map(({ name }) => name)],
  );
  const went = await tx.sql(
    `delete from hauswart.holiday where provider_id = $1 and holiday_set_id = $2 and day <> all ($3::date[])
       and is_from_source and not is_edited and not is_removed and day between $4::date and $5::date returning day`,
    [...keys, `${years[0]}-01-01`, `${years.at(-1)}-12-31`],
  );
  return came.length + went.length;
}

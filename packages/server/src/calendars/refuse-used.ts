/** Calendars and sets of holidays go only when nobody works by them; the refusal names who does. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { mostUsersNamed, refuseUsed, type UserOfIt } from "../refuse-used.ts";

/** Errors: IN_USE. */
export async function refuseUsedHolidaySet(tx: Tx, { providerId }: Pick<Context, "providerId">, holidaySetId: Id): Promise<void> {
  refuseUsed(
    await tx.sql<UserOfIt>(
      `select 'calendar' as kind, name from hauswart.calendar where provider_id = $1 and holiday_set_id = $2
       order by lower(name) limit ${mostUsersNamed}`,
      [providerId, holidaySetId],
    ),
  );
}

/** A site is named with its customer. Errors: IN_USE. */
export async function refuseUsedCalendar(tx: Tx, { providerId }: Pick<Context, "providerId">, calendarId: Id): Promise<void> {
  refuseUsed(
    await tx.sql<UserOfIt>(
      `select distinct a.scope as kind, case a.scope when 'provider' then p.name when 'customer' then c.name else c.name || ', ' || s.name end as name
       from hauswart.calendar_assignment a
       join hauswart.provider p on p.provider_id = a.provider_id
       left join hauswart.customer c on c.provider_id = a.provider_id and c.customer_id = a.customer_id
       left join hauswart.site s on s.provider_id = a.provider_id and a.scope = 'site' and s.site_id = a.scope_id
       where a.provider_id = $1 and a.calendar_id = $2
       order by kind desc, name limit ${mostUsersNamed}`,
      [providerId, calendarId],
    ),
  );
}

import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { json } from "../database/query.ts";
import { isoTime } from "../times.ts";
import { presentCalendar, readCalendar, readHolidaySet, refuseTakenName } from "./calendar-row.ts";
import { announceCalendars } from "./calendars-of.ts";

/** Adds a calendar. Errors: FORBIDDEN, NOT_FOUND (set of holidays), CONFLICT (the name is taken). */
export async function createCalendar({ ctx, input }: Verb<Input<"createCalendar">>): Promise<Result<"createCalendar">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { name, hours, workingDays, holidaySetId, halfDaysWork } = input;
  const calendarId = newId(ctx.services.clock.now());
  const work = ctx.services.database.transaction(ctx, async (tx) => {
    if (holidaySetId !== null) await readHolidaySet(tx, ctx, holidaySetId);
    await tx.sql(
      `insert into hauswart.calendar (provider_id, calendar_id, name, hours, working_days, holiday_set_id, half_days_work, created_at, updated_at)
       values ($1, $2, $3, $4::text::jsonb, $5, $6, $7, $8, $8)`,
      [ctx.providerId, calendarId, name, json(hours), workingDays, holidaySetId, halfDaysWork, isoTime(ctx.services.clock.now())],
    );
    await audit(tx, ctx, { action: "calendar.create", subject: { kind: "calendar", id: calendarId }, customerId: null, detail: input });
    announceCalendars(tx, ctx);
    return presentCalendar(await readCalendar(tx, ctx, calendarId));
  });
  return work.catch(refuseTakenName);
}

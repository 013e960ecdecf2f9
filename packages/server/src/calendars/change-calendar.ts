import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { json } from "../database/query.ts";
import { isoTime } from "../times.ts";
import { presentCalendar, readCalendar, readHolidaySet, refuseTakenName } from "./calendar-row.ts";
import { announceCalendars } from "./calendars-of.ts";

/** Changes a calendar; what is left out stays. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (the name is taken). */
export async function changeCalendar({ ctx, input }: Verb<Input<"changeCalendar">>): Promise<Result<"changeCalendar">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { calendarId, ...change } = input;
  const work = ctx.services.database.transaction(ctx, async (tx) => {
    const before = presentCalendar(await readCalendar(tx, ctx, calendarId, "for update of c"));
    const { name, hours, workingDays, holidaySetId, halfDaysWork } = { ...before, ...change };
    if (holidaySetId !== null) await readHolidaySet(tx, ctx, holidaySetId);
    await tx.sql(
      `update hauswart.calendar set name = $3, hours = $4::text::jsonb, working_days = $5, holiday_set_id = $6, half_days_work = $7, updated_at = $8
       where provider_id = $1 and calendar_id = $2`,
      [ctx.providerId, calendarId, name, json(hours), workingDays, holidaySetId, halfDaysWork, isoTime(ctx.services.clock.now())],
    );
    await audit(tx, ctx, {
      action: "calendar.change",
      subject: { kind: "calendar", id: calendarId },
      customerId: null,
      detail: { before, change },
    });
    announceCalendars(tx, ctx);
    return presentCalendar(await readCalendar(tx, ctx, calendarId));
  });
  return work.catch(refuseTakenName);
}

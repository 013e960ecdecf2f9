import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { presentCalendar, presentHolidaySet, readCalendarRows, readHolidaySets } from "./calendar-row.ts";
import { calendarsOf } from "./calendars-of.ts";
import { holidaySources } from "./german-holidays.ts";

/** Calendars and sets of holidays by name. A house that has none yet is given those of SVC-1. Errors: FORBIDDEN. */
export async function listCalendars({ ctx }: Verb<Input<"listCalendars">>): Promise<Result<"listCalendars">> {
  requireScope(ctx, "settings:read");
  await calendarsOf(ctx.services, ctx.providerId);
  return ctx.services.database.transaction(ctx, async (tx) => {
    const [calendars, sets] = await Promise.all([readCalendarRows(tx, ctx), readHolidaySets(tx, ctx)]);
    return { calendars: calendars.map(presentCalendar), holidaySets: sets.map(presentHolidaySet), sources: [...holidaySources] };
  });
}

import type { Input } from "@hauswart/protocol/api/routes.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { readCalendar } from "./calendar-row.ts";
import { announceCalendars } from "./calendars-of.ts";
import { refuseUsedCalendar } from "./refuse-used.ts";

/** Removes a calendar. Errors: FORBIDDEN, NOT_FOUND, IN_USE (somebody works by it). */
export async function deleteCalendar({ ctx, input }: Verb<Input<"deleteCalendar">>): Promise<void> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  await ctx.services.database.transaction(ctx, async (tx) => {
    const row = await readCalendar(tx, ctx, input.calendarId);
    await refuseUsedCalendar(tx, ctx, input.calendarId);
    await tx.sql("delete from hauswart.calendar where provider_id = $1 and calendar_id = $2", [ctx.providerId, input.calendarId]);
    const subject = { kind: "calendar", id: input.calendarId } as const;
    await audit(tx, ctx, { action: "calendar.delete", subject, customerId: null, detail: { name: row.name } });
    announceCalendars(tx, ctx);
  });
}

import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { json } from "../database/query.ts";
import { readHolidaySet } from "./calendar-row.ts";
import { announceCalendars } from "./calendars-of.ts";
import { readHolidays } from "./holiday-row.ts";

/** Adds a day or changes one; a day that was taken out is in again. Errors: FORBIDDEN, NOT_FOUND. */
export async function putHoliday({ ctx, input }: Verb<Input<"putHoliday">>): Promise<Result<"putHoliday">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { holidaySetId, day, name, spans } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    await readHolidaySet(tx, ctx, holidaySetId);
    await tx.sql(
      `insert into hauswart.holiday (provider_id, holiday_set_id, day, name, spans, is_from_source, is_edited) values ($1, $2, $3, $4, $5::text::jsonb, false, true)
       on conflict (provider_id, holiday_set_id, day) do update set name = excluded.name, spans = excluded.spans, is_edited = true, is_removed = false`,
      [ctx.providerId, holidaySetId, day, name, json(spans)],
    );
    await audit(tx, ctx, {
      action: "holiday.change",
      subject: { kind: "holiday-set", id: holidaySetId },
      customerId: null,
      detail: { day, name, spans },
    });
    announceCalendars(tx, ctx);
    const [holiday] = await readHolidays(tx, ctx, holidaySetId, [day, day]);
    return holiday!;
  });
}

import type { Input } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { announceCalendars } from "./calendars-of.ts";
import { readHolidays } from "./holiday-row.ts";

/** Takes a day out. One of the source is kept as taken out, so that filling does not bring it back. Errors: FORBIDDEN, NOT_FOUND. */
export async function deleteHoliday({ ctx, input }: Verb<Input<"deleteHoliday">>): Promise<void> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { holidaySetId, day } = input;
  await ctx.services.database.transaction(ctx, async (tx) => {
    const [before] = await readHolidays(tx, ctx, holidaySetId, [day, day]);
    if (!before || before.isRemoved) throw new HauswartError("NOT_FOUND");
    const key = [ctx.providerId, holidaySetId, day];
    const statement = before.isFromSource ? "update hauswart.holiday set is_removed = true" : "delete from hauswart.holiday";
    await tx.sql(`${statement} where provider_id = $1 and holiday_set_id = $2 and day = $3`, key);
    await audit(tx, ctx, {
      action: "holiday.remove",
      subject: { kind: "holiday-set", id: holidaySetId },
      customerId: null,
      detail: { day, name: before.name },
    });
    announceCalendars(tx, ctx);
  });
}

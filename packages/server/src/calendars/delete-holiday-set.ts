import type { Input } from "@hauswart/protocol/api/routes.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { readHolidaySet } from "./calendar-row.ts";
import { refuseUsedHolidaySet } from "./refuse-used.ts";

/** Removes a set of holidays. Errors: FORBIDDEN, NOT_FOUND, IN_USE (a calendar has it). */
export async function deleteHolidaySet({ ctx, input }: Verb<Input<"deleteHolidaySet">>): Promise<void> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  await ctx.services.database.transaction(ctx, async (tx) => {
    const row = await readHolidaySet(tx, ctx, input.holidaySetId);
    await refuseUsedHolidaySet(tx, ctx, input.holidaySetId);
    await tx.sql("delete from hauswart.holiday_set where provider_id = $1 and holiday_set_id = $2", [ctx.providerId, input.holidaySetId]);
    const subject = { kind: "holiday-set", id: input.holidaySetId } as const;
    await audit(tx, ctx, { action: "holiday-set.delete", subject, customerId: null, detail: { name: row.name, source: row.source } });
  });
}

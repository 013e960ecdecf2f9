import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { isoTime } from "../times.ts";
import { presentHolidaySet, readHolidaySet, refuseTakenName } from "./calendar-row.ts";

/** Renames a set of holidays; what holds does not change. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (the name is taken). */
export async function changeHolidaySet({ ctx, input }: Verb<Input<"changeHolidaySet">>): Promise<Result<"changeHolidaySet">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { holidaySetId, name } = input;
  const work = ctx.services.database.transaction(ctx, async (tx) => {
    const before = await readHolidaySet(tx, ctx, holidaySetId);
    await tx.sql("update hauswart.holiday_set set name = $3, updated_at = $4 where provider_id = $1 and holiday_set_id = $2", [
      ctx.providerId,
      holidaySetId,
      name,
      isoTime(ctx.services.clock.now()),
    ]);
    await audit(tx, ctx, {
      action: "holiday-set.change",
      subject: { kind: "holiday-set", id: holidaySetId },
      customerId: null,
      detail: { before: { name: before.name }, change: { name } },
    });
    return presentHolidaySet(await readHolidaySet(tx, ctx, holidaySetId));
  });
  return work.catch(refuseTakenName);
}

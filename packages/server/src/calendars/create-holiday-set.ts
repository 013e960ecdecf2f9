import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { isoTime } from "../times.ts";
import { presentHolidaySet, readHolidaySet, refuseTakenName } from "./calendar-row.ts";
import { fillHolidaySet } from "./fill-holidays.ts";
import { holidaySources } from "./german-holidays.ts";

/** Adds a set of holidays and fills it. Errors: FORBIDDEN, INVALID_REQUEST (unknown source), CONFLICT (the name is taken). */
export async function createHolidaySet({ ctx, input }: Verb<Input<"createHolidaySet">>): Promise<Result<"createHolidaySet">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { name, source } = input;
  if (source !== null && !holidaySources.includes(source))
    throw new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: "body.source", message: `There is no source ${source}.` }] });
  const nowMs = ctx.services.clock.now();
  const holidaySetId = newId(nowMs);
  const work = ctx.services.database.transaction(ctx, async (tx) => {
    await tx.sql(
      "insert into hauswart.holiday_set (provider_id, holiday_set_id, name, source, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)",
      [ctx.providerId, holidaySetId, name, source, isoTime(nowMs)],
    );
    if (source !== null) await fillHolidaySet(tx, { providerId: ctx.providerId, holidaySetId, source, nowMs });
    await audit(tx, ctx, {
      action: "holiday-set.create",
      subject: { kind: "holiday-set", id: holidaySetId },
      customerId: null,
      detail: { name, source },
    });
    return presentHolidaySet(await readHolidaySet(tx, ctx, holidaySetId));
  });
  return work.catch(refuseTakenName);
}

import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { readHolidaySet } from "./calendar-row.ts";
import { readHolidays } from "./holiday-row.ts";

/** The days of a set in a year, those that were taken out too. Errors: FORBIDDEN, NOT_FOUND. */
export async function listHolidays({ ctx, input }: Verb<Input<"listHolidays">>): Promise<Result<"listHolidays">> {
  requireScope(ctx, "settings:read");
  const { holidaySetId, year } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    await readHolidaySet(tx, ctx, holidaySetId);
    return { holidays: await readHolidays(tx, ctx, holidaySetId, [`${year}-01-01`, `${year}-12-31`]) };
  });
}

/** The yearly chore of calendars: every set of holidays is brought up to what its source says. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Services } from "../services.ts";
import { fillHolidaySet } from "./fill-holidays.ts";

/** Over all providers. @returns how many days came or went */
export async function refillHolidays(services: Services): Promise<number> {
  const sets = await services.database.unwalled("holidays", (tx) =>
    tx.sql<{ provider_id: Id; holiday_set_id: Id; source: string }>(
      "select provider_id, holiday_set_id, source from hauswart.holiday_set where source is not null",
    ),
  );
  let changed = 0;
  for (const { provider_id: providerId, holiday_set_id: holidaySetId, source } of sets) {
    const days = await services.database.transaction({ providerId, customers: "*" }, (tx) =>
      fillHolidaySet(tx, { providerId, holidaySetId, source, nowMs: services.clock.now() }),
    );
    changed += days;
    if (days > 0) services.bus.publish("calendars-changed", { providerId });
  }
  return changed;
}

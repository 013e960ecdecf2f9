/** A house without calendars is given those that it begins with. */
import { calendarPurposes } from "@hauswart/protocol/api/calendar-purposes.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import { json } from "../database/query.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { fillHolidaySet } from "./fill-holidays.ts";
import { mondayToFriday, seedCalendars, seedHolidaySet } from "./seed-calendars.ts";

/** Makes the calendar of each purpose that nobody has chosen for the house. Safe when several do it at once. */
export async function ensureCalendars(tx: Tx, { clock }: Pick<Services, "clock">, providerId: Id): Promise<void> {
  await tx.sql("select pg_advisory_xact_lock(hashtextextended('calendars ' || $1::uuid::text, 0))", [providerId]);
  const chosen = await tx.sql<{ purpose: string }>(
    "select purpose from hauswart.calendar_assignment where provider_id = $1 and scope = 'provider'",
    [providerId],
  );
  const missing = calendarPurposes.filter((purpose) => !chosen.some((row) => row.purpose === purpose));
  const [provider] = await tx.sql<{ language: Language }>("select language from hauswart.provider where provider_id = $1", [providerId]);
  if (missing.length === 0 || !provider) return;
  const nowMs = clock.now();
  const holidaySetId = await nationwideSet(tx, { providerId, language: provider.language, nowMs });
  for (const purpose of missing) {
    const { name, hours, keepsHolidays } = seedCalendars[purpose];
    const [calendar] = await tx.sql<{ calendar_id: Id }>(
      `insert into hauswart.calendar (provider_id, calendar_id, name, hours, working_days, holiday_set_id, created_at, updated_at)
       values ($1, $2, $3, $4::text::jsonb, $5, $6, $7, $7)
       on conflict (provider_id, lower(name)) do update set name = calendar.name returning calendar_id`,
      [providerId, newId(nowMs), name[provider.language], json(hours), mondayToFriday, keepsHolidays ? holidaySetId : null, isoTime(nowMs)],
    );
    await tx.sql(
      `insert into hauswart.calendar_assignment (provider_id, purpose, scope, scope_id, calendar_id) values ($1, $2, 'provider', $1, $3)`,
      [providerId, purpose, calendar!.calendar_id],
    );
  }
}

async function nationwideSet(tx: Tx, { providerId, language, nowMs }: { providerId: Id; language: Language; nowMs: number }): Promise<Id> {
  const [row] = await tx.sql<{ holiday_set_id: Id }>(
    `insert into hauswart.holiday_set (provider_id, holiday_set_id, name, source, created_at, updated_at) values ($1, $2, $3, 'DE', $4, $4)
     on conflict (provider_id, lower(name)) do update set name = holiday_set.name returning holiday_set_id`,
    [providerId, newId(nowMs), seedHolidaySet[language], isoTime(nowMs)],
  );
  await fillHolidaySet(tx, { providerId, holidaySetId: row!.holiday_set_id, source: "DE", nowMs });
  return row!.holiday_set_id;
}

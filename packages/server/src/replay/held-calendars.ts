/** By which calendars the samples of devices were judged when they came, as ingest wrote it down (table check_settings_period). */
import type { CalendarDefinition } from "@hauswart/calendar/definition.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Calendars } from "../calendars/calendars-of.ts";
import type { Tx } from "../database/database.ts";
import type { PlannedDevice } from "./replay-plan.ts";

/** From a sample on. */
export interface CalendarSpan {
  /** Samples measured after this, Unix milliseconds. */
  readonly afterMs: number;
  /** Of its definition. */
  readonly key: string;
}

export interface HeldCalendars {
  readonly definitions: Readonly<Record<string, CalendarDefinition>>;
  /** Oldest first; at least one, which holds from the beginning. */
  readonly spansOf: ReadonlyMap<Id, readonly CalendarSpan[]>;
}

export const noCalendars: HeldCalendars = { definitions: {}, spansOf: new Map() };

/** Before anything was written down the first known calendar counts; where nothing is, the one that holds now. */
export async function readHeldCalendars(
  tx: Tx,
  providerId: Id,
  devices: readonly PlannedDevice[],
  present: Calendars,
): Promise<HeldCalendars> {
  const rows = await tx.sql<{ device_id: Id; after_at: Date | null; calendar_key: string }>(periodsOf, [
    providerId,
    devices.map(({ deviceId }) => deviceId),
    devices.map(({ checkNumber }) => checkNumber),
  ]);
  const keys = [...new Set(rows.map(({ calendar_key }) => calendar_key))];
  const known = await tx.sql<{ calendar_key: string; definition: CalendarDefinition }>(
    "select calendar_key, definition from hauswart.judged_calendar where provider_id = $1 and calendar_key = any($2::text[])",
    [providerId, keys],
  );
  const definitions = Object.fromEntries(known.map(({ calendar_key, definition }) => [calendar_key, definition]));
  const rowsOf = Map.groupBy(rows, ({ device_id }) => device_id);
  const spansOf = new Map<Id, readonly CalendarSpan[]>();
  for (const device of devices) {
    const own = rowsOf.get(device.deviceId);
    const { key, definition } = present.judged(device);
    if (!own) definitions[key] = definition;
    spansOf.set(
      device.deviceId,
      own
        ? own.map(({ after_at, calendar_key }, index) => ({
            afterMs: index === 0 ? -Infinity : (after_at?.getTime() ?? -Infinity),
            key: calendar_key,
          }))
        : [{ afterMs: -Infinity, key }],
    );
  }
  return { definitions, spansOf };
}

const periodsOf = `
  select p.device_id, p.after_at, p.calendar_key
  from unnest($2::uuid[], $3::int2[]) as i(device_id, check_number)
  join hauswart.check_settings_period p on p.provider_id = $1 and p.device_id = i.device_id and p.check_number = i.check_number
  where p.calendar_key is not null
  order by p.device_id, p.noted_at`;

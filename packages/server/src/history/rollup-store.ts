/** Roll-up rows: finished hours are put into the rows of their days. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import { dayMs, dayOf, hourMs } from "./hours.ts";
import { dayText } from "./partitions.ts";
import { decodeRollup, encodeRollup, RollupDay, type HourSummary } from "./rollup-day.ts";

/** A finished hour of a check instance. */
export interface FinishedHour {
  readonly deviceId: Id;
  readonly customerId: Id;
  readonly checkNumber: number;
  readonly hourStartMs: number;
  /** By `seriesKey`. */
  readonly summaries: ReadonlyMap<string, HourSummary>;
}

/** Puts hours into their rows; an hour that is there already is replaced as a whole. */
export async function storeHours(tx: Tx, providerId: Id, hours: readonly FinishedHour[]): Promise<void> {
  if (hours.length === 0) return;
  const rows = new Map<string, { hour: FinishedHour; day: RollupDay }>();
  const keyOf = (deviceId: Id, checkNumber: number, day: string) => `${deviceId}/${checkNumber}/${day}`;
  const days = hours.map(({ hourStartMs }) => dayOf(hourStartMs));
  const stored = await tx.sql<{ device_id: Id; check_number: number; day: string; body: Buffer }>(
    `select device_id, check_number, day, body from hauswart.sample_rollup
     where provider_id = $1 and device_id = any($2::uuid[]) and day >= $3::date and day <= $4::date for update`,
    [providerId, [...new Set(hours.map(({ deviceId }) => deviceId))], dayText(Math.min(...days)), dayText(Math.max(...days))],
  );
  const storedDays = new Map(stored.map((row) => [keyOf(row.device_id, row.check_number, row.day), row.body]));
  for (const hour of hours) {
    const key = keyOf(hour.deviceId, hour.checkNumber, dayText(hour.hourStartMs));
    let row = rows.get(key);
    if (!row) {
      const body = storedDays.get(key);
      rows.set(key, (row = { hour, day: body ? decodeRollup(body) : new RollupDay() }));
    }
    row.day.setHour((hour.hourStartMs % dayMs) / hourMs, hour.summaries);
  }
  const sorted = [...rows.values()];
  await tx.sql(
    `insert into hauswart.sample_rollup (provider_id, device_id, check_number, day, customer_id, body)
     select $1, r.* from unnest($2::uuid[], $3::int2[], $4::date[], $5::uuid[], $6::bytea[]) as r(device_id, check_number, day, customer_id, body)
     on conflict (provider_id, device_id, check_number, day) do update set body = excluded.body`,
    [
      providerId,
      sorted.map(({ hour }) => hour.deviceId),
      sorted.map(({ hour }) => hour.checkNumber),
      sorted.map(({ hour }) => dayText(hour.hourStartMs)),
      sorted.map(({ hour }) => hour.customerId),
      sorted.map(({ day }) => encodeRollup(day)),
    ],
  );
}

/** Rolled-up days of a check instance, oldest first. */
export async function readRollups(
  tx: Tx,
  { providerId, deviceId, checkNumber, fromMs, toMs }: { providerId: Id; deviceId: Id; checkNumber: number; fromMs: number; toMs: number },
): Promise<{ dayMs: number; day: RollupDay }[]> {
  const rows = await tx.sql<{ day: string; body: Buffer }>(
    "select day, body from hauswart.sample_rollup where provider_id = $1 and device_id = $2 and check_number = $3 and day >= $4::date and day <= $5::date order by day",
    [providerId, deviceId, checkNumber, dayText(fromMs), dayText(toMs)],
  );
  return rows.map(({ day, body }) => ({ dayMs: Date.parse(day), day: decodeRollup(body) }));
}

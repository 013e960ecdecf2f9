/**
 * When nobody was told of what was found on devices, as windows and causes stand recorded. Sites, tags and dependencies are read as they
 * are now. A cause of a device is its own silence or its site's; what the device found meanwhile it said when it was back.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import { settleSeconds } from "../findings/release-holds.ts";
import { isoTime } from "../times.ts";
import type { QuietTime } from "./quiet-time.ts";
import type { TimeRange } from "./stored-days.ts";

interface QuietRow {
  readonly device_id: Id;
  readonly from_ms: number;
  readonly until_ms: number | null;
  readonly keeps_until_ms: number | null;
}

/** @returns by device; those without any are missing. */
export async function readQuiet(
  tx: Tx,
  providerId: Id,
  deviceIds: readonly Id[],
  { fromMs, toMs }: TimeRange,
): Promise<Map<Id, QuietTime[]>> {
  const rows = await tx.sql<QuietRow>(quietTimes, [providerId, deviceIds, isoTime(fromMs), isoTime(toMs)]);
  const quiet = new Map<Id, QuietTime[]>();
  for (const { device_id, from_ms, until_ms, keeps_until_ms } of rows) {
    const time = { fromMs: from_ms, untilMs: until_ms ?? Infinity, keepsUntilMs: keeps_until_ms ?? -Infinity };
    const known = quiet.get(device_id);
    if (known) known.push(time);
    else quiet.set(device_id, [time]);
  }
  return quiet;
}

const ms = (moment: string) => `(extract(epoch from ${moment}) * 1000)::float8`;

/** What flaps is open in times of calm too, and explains nothing then: it is left out. */
const quietTimes = `
  select d.device_id, ${ms("o.starts_at")} as from_ms, ${ms("o.ends_at + w.grace_minutes * interval '1 minute'")} as until_ms,
    case when w.after_end = 'keep' then ${ms("o.ends_at")} end as keeps_until_ms
  from hauswart.maintenance_occurrence o
  join hauswart.maintenance_window w on w.provider_id = o.provider_id and w.maintenance_window_id = o.maintenance_window_id
  join hauswart.device d on d.provider_id = o.provider_id and d.device_id = any($2::uuid[])
    and hauswart.window_covers(w, d.customer_id, d.site_id, d.device_id)
  where o.provider_id = $1 and o.ends_at > $3::timestamptz and o.starts_at < $4::timestamptz
  union all
  select d.device_id, ${ms("coalesce(f.began_at, f.opened_at)")}, ${ms(`f.closed_at + interval '${settleSeconds} seconds'`)}, null
  from hauswart.device d
  cross join lateral (
    select * from hauswart.finding silent
    where silent.provider_id = $1 and silent.device_id = d.device_id and silent.check_id = 'device' and silent.code = 'silent'
    union all
    select * from hauswart.finding offline
    where offline.provider_id = $1 and offline.device_id is null and offline.site_id = d.site_id and offline.check_id = 'site' and offline.code = 'offline'
      and d.kind = 'agent') f
  where d.provider_id = $1 and d.device_id = any($2::uuid[]) and f.opened_at < $4::timestamptz and coalesce(f.closed_at > $3::timestamptz, true)
    and f.evidence ->> 'flapCount' is null`;

/** Records of rounds as the database keeps them and as the API shows them. */
import type { RoundReason, RoundRecord } from "@hauswart/protocol/api/rounds.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";

export interface RoundRecordRow {
  device_id: Id;
  device_name: string;
  device_key: string;
  customer_id: Id;
  customer_name: string;
  site_name: string;
  time_zone: string;
  check_id: string;
  day: string;
  due_at: Date;
  state: RoundRecord["state"];
  reason: RoundReason | null;
  detail: string;
  result: RoundRecord["result"];
  evidence_at: Date | null;
  subjects: RoundRecord["subjects"];
  recorded_at: Date | null;
  is_late: boolean;
}

/** $1 is the provider. */
export const selectRecords = `
  select r.device_id, d.name as device_name, lower(d.name) as device_key, r.customer_id, c.name as customer_name, coalesce(s.name, '') as site_name,
    coalesce(s.time_zone, c.time_zone, p.time_zone) as time_zone, r.check_id, r.day::text as day, r.due_at, r.state, r.reason, r.detail, r.result,
    r.evidence_at, r.subjects, r.recorded_at, r.is_late
  from hauswart.round_record r
  join hauswart.provider p on p.provider_id = r.provider_id
  join hauswart.device d on d.provider_id = r.provider_id and d.device_id = r.device_id
  join hauswart.customer c on c.provider_id = r.provider_id and c.customer_id = r.customer_id
  left join hauswart.site s on s.provider_id = r.provider_id and s.site_id = r.site_id
  where r.provider_id = $1`;

export function presentRecord(row: RoundRecordRow): RoundRecord {
  return {
    deviceId: row.device_id,
    deviceName: row.device_name,
    customerId: row.customer_id,
    customerName: row.customer_name,
    siteName: row.site_name,
    check: row.check_id,
    day: row.day,
    dueAt: isoTime(row.due_at),
    timeZone: row.time_zone,
    state: row.state,
    reason: row.reason,
    detail: row.detail,
    result: row.result,
    evidenceAt: isoTimeOrNull(row.evidence_at),
    subjects: row.subjects,
    recordedAt: isoTimeOrNull(row.recorded_at),
    isLate: row.is_late,
  };
}

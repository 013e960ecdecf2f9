/** Alarm drills as the database keeps them and as the API shows them. */
import type { AlarmDrill } from "@hauswart/protocol/api/alarm-drills.ts";
import type { DrillReason } from "@hauswart/protocol/alarm-drill.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";

/** Whose drills the timetable starts; stands as their starter. */
export const timetable = "";

export interface DrillRow {
  drill_id: Id;
  customer_id: Id;
  customer_name: string;
  time_zone: string;
  device_id: Id;
  device_name: string;
  policy_id: Id;
  started_by: string;
  started_at: Date;
  finding_id: Id | null;
  measured_at: Date | null;
  found_at: Date | null;
  mailed_at: Date | null;
  accepted_at: Date | null;
  confirmed_at: Date | null;
  confirmed_by: string | null;
  ended_at: Date | null;
  result: "done" | "failed" | null;
  reason: DrillReason | null;
  cleared_at: Date | null;
}

/** Selects drills `a` with the customer's name; $1 is the provider. */
export const selectDrills = `
  select a.drill_id, a.customer_id, c.name as customer_name, coalesce(c.time_zone, p.time_zone) as time_zone, a.device_id, a.device_name, a.policy_id,
    a.started_by, a.started_at, a.finding_id, a.measured_at, a.found_at, a.mailed_at, a.accepted_at, a.confirmed_at, a.confirmed_by, a.ended_at,
    a.result, a.reason, a.cleared_at
  from hauswart.alarm_drill a
  join hauswart.customer c on c.provider_id = a.provider_id and c.customer_id = a.customer_id
  join hauswart.provider p on p.provider_id = a.provider_id
  where a.provider_id = $1`;

/** A drill within reach; undefined when there is none. */
export async function findDrill(
  tx: Tx,
  { providerId }: { readonly providerId: Id },
  drillId: Id,
  lock: "for update of a" | "" = "",
): Promise<DrillRow | undefined> {
  const [row] = await tx.sql<DrillRow>(`${selectDrills} and a.drill_id = $2 ${lock}`, [providerId, drillId]);
  return row;
}

export function presentDrill(row: DrillRow): AlarmDrill {
  return {
    drillId: row.drill_id,
    customerId: row.customer_id,
    customerName: row.customer_name,
    deviceId: row.device_id,
    deviceName: row.device_name,
    startedBy: row.started_by === timetable ? null : row.started_by,
    startedAt: isoTime(row.started_at),
    findingId: row.finding_id,
    measuredAt: isoTimeOrNull(row.measured_at),
    foundAt: isoTimeOrNull(row.found_at),
    mailedAt: isoTimeOrNull(row.mailed_at),
    acceptedAt: isoTimeOrNull(row.accepted_at),
    confirmedAt: isoTimeOrNull(row.confirmed_at),
    confirmedBy: row.confirmed_by,
    endedAt: isoTimeOrNull(row.ended_at),
    result: row.result,
    reason: row.reason,
  };
}

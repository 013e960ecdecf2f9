/** Begins an alarm drill: its record and the policy that gives one device its marked fault, in one transaction or not at all. */
import { alarmDrillCheckId } from "@hauswart/protocol/alarm-drill.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { audit } from "../audit/audit.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { addPolicy } from "../policies/create-policy.ts";
import { isPresentSql, presenceJoin } from "../presence/presence-of.ts";
import { isoTime } from "../times.ts";

export interface DrillOrder {
  readonly customerId: Id;
  /** YYYY-MM for a drill of the timetable. */
  readonly month: string | null;
  readonly startedBy: string;
}

export interface BegunDrill {
  readonly drillId: Id;
  /** To be refreshed once the transaction is committed. */
  readonly reached: readonly Id[];
}

/** @returns why none was begun: another one runs, or was begun this month; or no device could take part */
export async function beginDrill(tx: Tx, ctx: Context, order: DrillOrder): Promise<BegunDrill | "not-twice" | "no-device"> {
  const { providerId, services } = ctx;
  const { customerId, month, startedBy } = order;
  const nowMs = services.clock.now();
  const device = await nextDevice(tx, providerId, customerId, nowMs);
  if (!device) return "no-device";
  const drillId = newId(nowMs);
  const [taken] = await tx.sql<{ one: number }>(
    `insert into hauswart.alarm_drill (provider_id, drill_id, customer_id, device_id, device_name, policy_id, month, started_by, started_at)
     values ($1, $2, $3, $4, $5, $2, $6, $7, $8) on conflict do nothing returning 1 as one`,
    [providerId, drillId, customerId, device.device_id, device.name, month, startedBy, isoTime(nowMs)],
  );
  if (!taken) return "not-twice";
  const { policyId, reached } = await addPolicy(tx, ctx, {
    name: policyNames[ctx.language],
    customerId,
    checks: [{ check: alarmDrillCheckId, instance: "", enabled: true, settings: { drillId } }],
    assignments: [{ scope: "device", scopeId: device.device_id }],
  });
  await tx.sql("update hauswart.alarm_drill set policy_id = $3 where provider_id = $1 and drill_id = $2", [providerId, drillId, policyId]);
  await audit(tx, ctx, {
    action: "alarm-drill.start",
    subject: { kind: "alarm-drill", id: drillId },
    customerId,
    detail: { deviceId: device.device_id, deviceName: device.name, month },
  });
  return { drillId, reached };
}

const policyNames = { de: "Alarmübung", en: "Alarm drill" } as const;

/** A connected device whose agent knows drills and whose alarms nobody holds back; the one that had its turn longest ago. */
async function nextDevice(tx: Tx, providerId: Id, customerId: Id, nowMs: number): Promise<{ device_id: Id; name: string } | undefined> {
  const [device] = await tx.sql<{ device_id: Id; name: string }>(
    `select d.device_id, d.name
     from hauswart.device d
     join hauswart.device_link l on l.provider_id = d.provider_id and l.device_id = d.device_id
     ${presenceJoin("l")}
     where d.provider_id = $1 and d.customer_id = $2 and d.lifecycle = 'active' and jsonb_exists(d.agent_checks, $4) and ${isPresentSql("l", "$3")}
       and not exists (select from hauswart.hold_of($1, d.customer_id, d.site_id, d.device_id, $4, 'drill', $3::timestamptz, $3::timestamptz))
     order by (select max(a.started_at) from hauswart.alarm_drill a where a.provider_id = $1 and a.device_id = d.device_id) nulls first, d.device_id
     limit 1`,
    [providerId, customerId, isoTime(nowMs), alarmDrillCheckId],
  );
  return device;
}

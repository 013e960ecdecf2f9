/** Devices as the database keeps them and as the API shows them. */
import type { Device } from "@hauswart/protocol/api/models.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { needsSomebody } from "../findings/finding-row.ts";
import { maintenanceColumns, maintenanceJoin, maintenanceNow, type MaintenanceNowRow } from "../maintenance/maintenance-now.ts";
import { deviceBefore } from "../presence/device-before.ts";
import { readAvailability, type Availability } from "../presence/availability.ts";
import { presenceColumns, presenceJoin, presenceOf, type PresenceRow } from "../presence/presence-of.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import { countedAgain, stateColumn, stateJoin } from "./device-states.ts";

interface DeviceRow extends PresenceRow, MaintenanceNowRow {
  depends_on_device_id: Id | null;
  before_device_id: Id | null;
  before_name: string | null;
  device_id: Id;
  customer_id: Id;
  customer_name: string;
  site_id: Id;
  site_name: string;
  name: string;
  hostname: string;
  kind: Device["kind"];
  role: Device["role"];
  system: Device["system"];
  system_name: string;
  agent_version: string;
  tags: string[];
  lifecycle: Device["lifecycle"];
  clock_offset_ms: number | null;
  booted_at: Date | null;
  enrolled_at: Date;
  ok: number;
  warning: number;
  failure: number;
  unknown: number;
  state: Device["state"];
  open_warnings: number;
  open_failures: number;
}

/** The devices $2 of provider $1 as they are at $3, in a handful of passes whatever their number. */
const selectDevices = `
  with ${countedAgain("$1", "$3", "s.device_id = any ($2::uuid[])")},
  open as (
    select f.device_id, count(*) filter (where f.severity = 'warning')::int as open_warnings, count(*) filter (where f.severity = 'failure')::int as open_failures
    from hauswart.finding f
    where f.provider_id = $1 and f.device_id = any ($2::uuid[]) and ${needsSomebody("$3")}
    group by f.device_id)
  select d.device_id, d.customer_id, c.name as customer_name, d.site_id, t.name as site_name, d.name, d.hostname, d.kind, d.role,
    d.system, d.system_name, d.agent_version, d.tags, d.lifecycle, d.booted_at, d.enrolled_at,
    ${presenceColumns("l")}, l.clock_offset_ms,
    ${(["ok", "warning", "failure", "unknown", "state"] as const).map((name) => `${stateColumn(name)} as ${name}`).join(", ")},
    coalesce(o.open_warnings, 0) as open_warnings, coalesce(o.open_failures, 0) as open_failures,
    d.depends_on_device_id, before.device_id as before_device_id, before.name as before_name, ${maintenanceColumns}
  from hauswart.device d
  join hauswart.customer c on c.provider_id = d.provider_id and c.customer_id = d.customer_id
  join hauswart.site t on t.provider_id = d.provider_id and t.site_id = d.site_id
  left join hauswart.device_link l on l.provider_id = d.provider_id and l.device_id = d.device_id
  ${presenceJoin("l")}
  ${stateJoin}
  left join open o on o.device_id = d.device_id
  left join hauswart.device before on before.provider_id = d.provider_id and before.device_id = ${deviceBefore("d", "t")}
  ${maintenanceJoin(["d.provider_id", "d.customer_id", "d.site_id", "d.device_id"], "$3")}
  where d.provider_id = $1 and d.device_id = any ($2::uuid[])`;

/** These devices, as far as they are within the actor's reach, in the order of the ids. */
export async function readDevices(tx: Tx, ctx: Context, deviceIds: readonly Id[]): Promise<Device[]> {
  if (deviceIds.length === 0) return [];
  const nowMs = ctx.services.clock.now();
  const rows = await tx.sql<DeviceRow>(selectDevices, [ctx.providerId, deviceIds, isoTime(nowMs)]);
  const availability = await readAvailability(tx, nowMs);
  const byId = new Map(rows.map((row) => [row.device_id, row]));
  return deviceIds.flatMap((id) => {
    const row = byId.get(id);
    return row ? [presentDevice(row, availability, nowMs)] : [];
  });
}

/** One device within the actor's reach. Errors: NOT_FOUND. */
export async function readDevice(tx: Tx, ctx: Context, deviceId: Id): Promise<Device> {
  const [device] = await readDevices(tx, ctx, [deviceId]);
  if (!device) throw new HauswartError("NOT_FOUND");
  return device;
}

function presentDevice(row: DeviceRow, availability: Availability, nowMs: number): Device {
  return {
    deviceId: row.device_id,
    customerId: row.customer_id,
    customerName: row.customer_name,
    siteId: row.site_id,
    siteName: row.site_name,
    name: row.name,
    hostname: row.hostname,
    kind: row.kind,
    role: row.role,
    system: row.system,
    systemName: row.system_name,
    agentVersion: row.agent_version,
    tags: row.tags,
    lifecycle: row.lifecycle,
    presence: presenceOf(row, availability, nowMs),
    state: row.state,
    checks: { ok: row.ok, warning: row.warning, failure: row.failure, unknown: row.unknown },
    openFindings: { warning: row.open_warnings, failure: row.open_failures },
    dependsOn:
      row.before_device_id === null
        ? null
        : { deviceId: row.before_device_id, name: row.before_name ?? "", isGateway: row.depends_on_device_id === null },
    maintenance: maintenanceNow(row),
    offline: null,
    network: null,
    signedIn: null,
    clockOffsetMs: row.clock_offset_ms,
    bootedAt: isoTimeOrNull(row.booted_at),
    enrolledAt: isoTime(row.enrolled_at),
  };
}

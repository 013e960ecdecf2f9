/** On which devices a check of a draft would run, with which settings there, and with which it runs now. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { resolveDraft, type KnownDraft } from "../policies/preview/draft-effect.ts";
import type { DesiredCheck, Resolved } from "../policies/resolve.ts";
import type { ReplaySettings } from "./replay-device.ts";

export interface PlannedDevice {
  readonly deviceId: Id;
  readonly deviceName: string;
  readonly customerId: Id;
  readonly siteId: Id;
  readonly customerName: string;
  readonly siteName: string;
  readonly checkNumber: number;
}

/** Devices with the same settings, now and then. */
export interface PlannedGroup {
  readonly draft: ReplaySettings;
  readonly now: ReplaySettings | null;
  readonly devices: readonly PlannedDevice[];
}

/**
 * Resolved by the code that resolves when the policy is saved. Devices that have never run the check are left out: nothing is
 * stored of it. Errors: INVALID_REQUEST for values that do not go together with those of other policies.
 */
export async function planReplay(tx: Tx, ctx: Context, draft: KnownDraft, check: string, instance: string): Promise<PlannedGroup[]> {
  const resolved = await resolveDraft(tx, ctx, draft);
  const deviceIds = resolved.map(({ deviceId }) => deviceId);
  const rows = new Map(
    (await tx.sql<PlannedRow>(selectDevices, [ctx.providerId, deviceIds, check, instance])).map((row) => [row.device_id, row]),
  );
  const groups = new Map<Resolved, Map<Resolved, Group>>();
  for (const { deviceId, now, drafted: then } of resolved) {
    const row = rows.get(deviceId);
    const wish = enabledIn(then, check, instance);
    if (!row || !wish) continue;
    const byThen = groups.get(now) ?? new Map<Resolved, Group>();
    groups.set(now, byThen);
    const group = byThen.get(then) ?? { draft: wish, now: enabledIn(now, check, instance) ?? null, devices: [] };
    byThen.set(then, group);
    group.devices.push(presentDevice(row));
  }
  return [...groups.values()].flatMap((byThen) =>
    [...byThen.values()].map((group) => ({
      draft: settingsOf(group.draft),
      now: group.now && settingsOf(group.now),
      devices: group.devices,
    })),
  );
}

interface Group {
  readonly draft: DesiredCheck;
  readonly now: DesiredCheck | null;
  readonly devices: PlannedDevice[];
}

const enabledIn = ({ checks }: Resolved, check: string, instance: string): DesiredCheck | undefined =>
  checks.find((wish) => wish.enabled && wish.check === check && wish.instance === instance);

const settingsOf = ({ everySeconds, dailyAtHour, failuresBeforeFinding, judgement, damping }: DesiredCheck): ReplaySettings => ({
  everySeconds,
  dailyAtHour,
  failuresBeforeFinding,
  judgement,
  damping,
});

interface PlannedRow {
  device_id: Id;
  name: string;
  customer_id: Id;
  site_id: Id;
  customer_name: string;
  site_name: string;
  number: number;
}

const presentDevice = (row: PlannedRow): PlannedDevice => ({
  deviceId: row.device_id,
  deviceName: row.name,
  customerId: row.customer_id,
  siteId: row.site_id,
  customerName: row.customer_name,
  siteName: row.site_name,
  checkNumber: row.number,
});

const selectDevices = `
  select d.device_id, d.name, d.customer_id, d.site_id, c.name as customer_name, s.name as site_name, i.number
  from hauswart.device d
  join hauswart.check_instance i on i.provider_id = d.provider_id and i.device_id = d.device_id and i.check_id = $3 and i.instance = $4
  join hauswart.customer c on c.provider_id = d.provider_id and c.customer_id = d.customer_id
  join hauswart.site s on s.provider_id = d.provider_id and s.site_id = d.site_id
  where d.provider_id = $1 and d.device_id = any ($2::uuid[]) and d.lifecycle <> 'revoked'`;

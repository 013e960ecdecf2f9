/** Sites as the database keeps them and as the API shows them. */
import type { Site } from "@hauswart/protocol/api/models.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { maintenanceColumns, maintenanceJoin, maintenanceNow, type MaintenanceNowRow } from "../maintenance/maintenance-now.ts";
import { isoTime } from "../times.ts";

export interface SiteRow extends MaintenanceNowRow {
  gateway_device_id: Id | null;
  site_id: Id;
  customer_id: Id;
  name: string;
  name_key: string;
  /** null: the customer's. */
  time_zone: string | null;
  effective_time_zone: string;
  created_at: Date;
  device_count: number;
}

/** Selects sites `s` that are there, with the number of their devices; $1 is the provider. */
export const selectSites = `
  select s.site_id, s.customer_id, s.name, lower(s.name) as name_key, s.time_zone, coalesce(s.time_zone, c.time_zone, p.time_zone) as effective_time_zone, s.created_at, s.gateway_device_id, d.device_count, ${maintenanceColumns}
  from hauswart.site s
  join hauswart.provider p on p.provider_id = s.provider_id
  join hauswart.customer c on c.provider_id = s.provider_id and c.customer_id = s.customer_id
  cross join lateral (
    select count(*)::int as device_count from hauswart.device d where d.provider_id = s.provider_id and d.site_id = s.site_id and d.lifecycle <> 'revoked') d
  ${maintenanceJoin(["s.provider_id", "s.customer_id", "s.site_id", "null::uuid"], "now()")}
  where s.provider_id = $1 and s.removed_at is null`;

/**
 * One site within the actor's reach. Errors: NOT_FOUND.
 * @param lock "for share of s" for whoever puts something there: it comes before its deletion or not at all; with "c" before its customer's erasure too
 */
export async function readSite(
  tx: Tx,
  ctx: Context,
  siteId: Id,
  lock: "for share of s" | "for share of s, c" | "for update of s" | "" = "",
): Promise<SiteRow> {
  const [row] = await tx.sql<SiteRow>(`${selectSites} and s.site_id = $2 ${lock}`, [ctx.providerId, siteId]);
  if (!row) throw new HauswartError("NOT_FOUND", "There is no such site, or it is not yours to see.");
  return row;
}

export function presentSite(row: SiteRow): Site {
  return {
    siteId: row.site_id,
    customerId: row.customer_id,
    name: row.name,
    timeZone: row.time_zone,
    effectiveTimeZone: row.effective_time_zone,
    gatewayDeviceId: row.gateway_device_id,
    deviceCount: row.device_count,
    maintenance: maintenanceNow(row),
    createdAt: isoTime(row.created_at),
  };
}

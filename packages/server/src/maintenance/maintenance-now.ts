/** The window that is open for a device or a site, as columns of a statement about it. */
import type { MaintenanceNow } from "@hauswart/protocol/api/models.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { isoTime } from "../times.ts";

export interface MaintenanceNowRow {
  maintenance_window_id: Id | null;
  maintenance_name: string | null;
  maintenance_scope: MaintenanceNow["scope"] | null;
  maintenance_since: Date | null;
  maintenance_until: Date | null;
  maintenance_by: string | null;
}

/** What to select with `maintenanceJoin`. */
export const maintenanceColumns =
  "mw.maintenance_window_id, mw.name as maintenance_name, mw.scope as maintenance_scope, mw.since as maintenance_since, mw.until as maintenance_until, mw.by as maintenance_by";

/** @param ids SQL for provider, customer, site and device. @param now a parameter's place: the moment in question. */
export const maintenanceJoin = (ids: readonly [string, string, string, string], now: string) =>
  `left join lateral hauswart.maintenance_of(${ids.join(", ")}, ${now}::timestamptz) mw on true`;

export function maintenanceNow(row: MaintenanceNowRow): MaintenanceNow | null {
  if (row.maintenance_window_id === null) return null;
  return {
    maintenanceWindowId: row.maintenance_window_id,
    name: row.maintenance_name!,
    scope: row.maintenance_scope!,
    since: isoTime(row.maintenance_since!),
    until: isoTime(row.maintenance_until!),
    by: row.maintenance_by!,
  };
}

/** Maintenance windows as the database keeps them and as the API shows them. */
import { MaintenanceSchedule, type MaintenanceWindow } from "@hauswart/protocol/api/maintenance.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";

export interface WindowRow {
  maintenance_window_id: Id;
  revision: number;
  customer_id: Id | null;
  customer_name: string | null;
  scope: MaintenanceWindow["scope"];
  scope_id: string;
  scope_name: string;
  name: string;
  schedule: unknown;
  grace_minutes: number;
  after_end: MaintenanceWindow["afterEnd"];
  created_by: string;
  created_at: Date;
  cancelled_at: Date | null;
  current_starts_at: Date | null;
  current_ends_at: Date | null;
  next_starts_at: Date | null;
  next_ends_at: Date | null;
  open_findings: number;
  closed_findings: number;
}

/** $1 the provider, $2 the present. */
export const selectWindows = `
  select w.*, c.name as customer_name,
    coalesce(case w.scope when 'provider' then p.name when 'customer' then c.name when 'tag' then w.scope_id
      when 'site' then (select s.name from hauswart.site s where s.provider_id = w.provider_id and s.site_id::text = w.scope_id)
      when 'device' then (select d.name from hauswart.device d where d.provider_id = w.provider_id and d.device_id::text = w.scope_id) end, '') as scope_name,
    now.starts_at as current_starts_at, now.ends_at as current_ends_at, next.starts_at as next_starts_at, next.ends_at as next_ends_at,
    coalesce(held.open_findings, 0) as open_findings, coalesce(held.closed_findings, 0) as closed_findings
  from hauswart.maintenance_window w
  join hauswart.provider p on p.provider_id = w.provider_id
  left join hauswart.customer c on c.provider_id = w.provider_id and c.customer_id = w.customer_id
  left join lateral (select starts_at, ends_at from hauswart.maintenance_occurrence o
    where o.provider_id = w.provider_id and o.maintenance_window_id = w.maintenance_window_id and o.starts_at <= $2::timestamptz and o.ends_at > $2::timestamptz
    order by o.ends_at desc limit 1) now on true
  left join lateral (select starts_at, ends_at from hauswart.maintenance_occurrence o
    where o.provider_id = w.provider_id and o.maintenance_window_id = w.maintenance_window_id and o.starts_at > $2::timestamptz
    order by o.starts_at limit 1) next on true
  left join lateral (select count(*) filter (where f.closed_at is null)::int as open_findings, count(*) filter (where f.closed_at is not null)::int as closed_findings
    from hauswart.finding f where f.provider_id = w.provider_id and f.hold_kind is not null and f.hold_window_id = w.maintenance_window_id) held on true
  where w.provider_id = $1`;

/** One window within the actor's reach. Errors: NOT_FOUND. */
export async function readWindow(tx: Tx, ctx: Context, maintenanceWindowId: Id, lock: "for update of w" | "" = ""): Promise<WindowRow> {
  const [row] = await tx.sql<WindowRow>(`${selectWindows} and w.maintenance_window_id = $3 ${lock}`, [
    ctx.providerId,
    isoTime(ctx.services.clock.now()),
    maintenanceWindowId,
  ]);
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

export function presentWindow(row: WindowRow): MaintenanceWindow {
  const span = (from: Date | null, until: Date | null) => (from && until ? { startsAt: isoTime(from), endsAt: isoTime(until) } : null);
  const current = span(row.current_starts_at, row.current_ends_at);
  const next = span(row.next_starts_at, row.next_ends_at);
  return {
    maintenanceWindowId: row.maintenance_window_id,
    revision: row.revision,
    customerId: row.customer_id,
    customerName: row.customer_name,
    scope: row.scope,
    scopeId: row.scope_id,
    scopeName: row.scope_name,
    name: row.name,
    graceMinutes: row.grace_minutes,
    afterEnd: row.after_end,
    schedule: MaintenanceSchedule.parse(row.schedule),
    state: current ? "open" : next ? "planned" : "over",
    current,
    next,
    suppressed: { open: row.open_findings, closed: row.closed_findings },
    createdBy: row.created_by,
    createdAt: isoTime(row.created_at),
  };
}

import type { Input } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import { announceCalendars } from "../calendars/calendars-of.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { mostUsersNamed, refuseUsed, type UserOfIt } from "../refuse-used.ts";
import { isoTime } from "../times.ts";
import { readSite } from "./site-row.ts";

/**
 * Removes a site at which nothing stands and for which nothing is set; its open enrolment tokens end. What happened there stays on
 * record: removed devices keep the site's name until the last of them is forgotten. Errors: FORBIDDEN, NOT_FOUND, IN_USE (devices,
 * policies, recipients, maintenance, calendars).
 */
export async function deleteSite({ ctx, input }: Verb<Input<"deleteSite">>): Promise<void> {
  requireScope(ctx, "customers:write");
  const { siteId } = input;
  await ctx.services.database.transaction(ctx, async (tx) => {
    // A device that enrols at this moment comes before or after, not in between.
    const { customer_id: customerId, name } = await readSite(tx, ctx, siteId, "for update of s");
    refuseUsed(await usersOf(tx, ctx, siteId));
    const own = [ctx.providerId, siteId];
    await tx.sql("delete from hauswart.update_ring where provider_id = $1 and kind = 'site' and subject_id = $2", own);
    const removedDevices = await countDevices(tx, own);
    if (removedDevices === 0) await tx.sql("delete from hauswart.site where provider_id = $1 and site_id = $2", own);
    else await keepForHistory(tx, ctx, own);
    await audit(tx, ctx, { action: "site.delete", subject: { kind: "site", id: siteId }, customerId, detail: { name, removedDevices } });
    announceCalendars(tx, ctx);
    announce(tx, ctx, { kind: "customer", id: customerId, customerId, change: "changed" });
  });
}

/** What is left of them was removed before. */
async function countDevices(tx: Tx, own: readonly Id[]): Promise<number> {
  const [row] = await tx.sql<{ count: number }>(
    "select count(*)::int as count from hauswart.device where provider_id = $1 and site_id = $2",
    own,
  );
  return row!.count;
}

/** On no list any more; only what was removed there tells of it. */
async function keepForHistory(tx: Tx, { services }: Context, own: readonly Id[]): Promise<void> {
  await tx.sql("update hauswart.site set removed_at = $3, gateway_device_id = null where provider_id = $1 and site_id = $2", [
    ...own,
    isoTime(services.clock.now()),
  ]);
  for (const table of ["enrolment_token", "round_progress"])
    await tx.sql(`delete from hauswart.${table} where provider_id = $1 and site_id = $2`, own);
}

/** What belongs to the site or means it. */
const selectUsers = `
  select 'device' as kind, name from hauswart.device where provider_id = $1 and site_id = $2::uuid and lifecycle <> 'revoked'
  union all
  select 'policy', p.name from hauswart.policy_assignment a join hauswart.policy p on p.provider_id = a.provider_id and p.policy_id = a.policy_id
  where a.provider_id = $1 and a.scope = 'site' and a.scope_id = $2::uuid::text
  union all
  select 'recipient', address from hauswart.recipient where provider_id = $1 and site_id = $2
  union all
  select 'maintenance-window', w.name from hauswart.maintenance_window w
  where w.provider_id = $1 and w.scope = 'site' and w.scope_id = $2::uuid::text and (w.cancelled_at is null
    and jsonb_typeof(w.schedule->'repeat') = 'object' and coalesce(w.schedule->>'until', '9999') >= to_char($3::timestamptz, 'YYYY-MM-DD') or exists (select from hauswart.maintenance_occurrence o
    where o.provider_id = w.provider_id and o.maintenance_window_id = w.maintenance_window_id and o.ends_at > $3::timestamptz))
  union all
  select 'calendar', c.name from hauswart.calendar_assignment a join hauswart.calendar c on c.provider_id = a.provider_id and c.calendar_id = a.calendar_id
  where a.provider_id = $1 and a.scope = 'site' and a.scope_id = $2
  limit ${mostUsersNamed}`;

const usersOf = (tx: Tx, { providerId, services }: Context, siteId: Id) =>
  tx.sql<UserOfIt>(selectUsers, [providerId, siteId, isoTime(services.clock.now())]);

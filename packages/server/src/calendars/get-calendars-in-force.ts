import { calendarPurposes } from "@hauswart/protocol/api/calendar-purposes.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { readCustomer } from "../tenancy/customer-row.ts";
import { readSite } from "../tenancy/site-row.ts";
import { calendarsOf, type Place } from "./calendars-of.ts";

/** Which calendars hold for a site, a customer or the house. Errors: FORBIDDEN, NOT_FOUND, INVALID_REQUEST (a site of another customer). */
export async function getCalendarsInForce({ ctx, input }: Verb<Input<"getCalendarsInForce">>): Promise<Result<"getCalendarsInForce">> {
  requireScope(ctx, "customers:read");
  const { place, siteIds } = await ctx.services.database.transaction(ctx, async (tx) => {
    const asked = await placeOf(tx, ctx, input);
    return { place: asked, siteIds: asked && asked.siteId === undefined ? await sitesOf(tx, ctx, asked.customerId) : [] };
  });
  const calendars = await calendarsOf(ctx.services, ctx.providerId);
  const inForce = (at: Place) => ({
    timeZone: calendars.timeZone(at),
    calendars: calendarPurposes.map((purpose) => {
      const { calendarId, name, from } = calendars.calendar(at, purpose);
      return { purpose, calendarId, calendarName: name, from };
    }),
  });
  return { ...inForce(place), sites: siteIds.map((siteId) => ({ siteId, ...inForce({ customerId: place!.customerId, siteId }) })) };
}

async function sitesOf(tx: Tx, { providerId }: Context, customerId: Id): Promise<Id[]> {
  const rows = await tx.sql<{ site_id: Id }>(
    "select site_id from hauswart.site where provider_id = $1 and customer_id = $2 and removed_at is null order by lower(name), site_id",
    [providerId, customerId],
  );
  return rows.map(({ site_id }) => site_id);
}

async function placeOf(tx: Tx, ctx: Context, { customerId, siteId }: Input<"getCalendarsInForce">): Promise<Place> {
  if (siteId !== undefined) {
    const site = await readSite(tx, ctx, siteId);
    if (customerId !== undefined && site.customer_id !== customerId) throw new HauswartError("NOT_FOUND");
    return { customerId: site.customer_id, siteId };
  }
  if (customerId === undefined) return null;
  await readCustomer(tx, ctx, customerId);
  return { customerId };
}

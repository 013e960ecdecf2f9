import { calendarPurposes } from "@hauswart/protocol/api/calendar-purposes.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
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
  const place = await ctx.services.database.transaction(ctx, (tx) => placeOf(tx, ctx, input));
  const calendars = await calendarsOf(ctx.services, ctx.providerId);
  return {
    timeZone: calendars.timeZone(place),
    calendars: calendarPurposes.map((purpose) => {
      const { calendarId, name, from } = calendars.calendar(place, purpose);
      return { purpose, calendarId, calendarName: name, from };
    }),
  };
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

import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import { announceCalendars } from "../calendars/calendars-of.ts";
import type { Verb } from "../context.ts";
import { isUniqueViolation } from "../database/errors.ts";
import { isoTime } from "../times.ts";
import { readCustomer } from "./customer-row.ts";
import { presentSite, readSite } from "./site-row.ts";

/** Adds a site to a customer. Errors: FORBIDDEN, NOT_FOUND (customer), CONFLICT (the customer has a site of this name). */
export async function createSite({ ctx, input }: Verb<Input<"createSite">>): Promise<Result<"createSite">> {
  requireScope(ctx, "customers:write");
  const { customerId, name, timeZone } = input;
  const siteId = newId(ctx.services.clock.now());
  const work = ctx.services.database.transaction(ctx, async (tx) => {
    await readCustomer(tx, ctx, customerId);
    await tx.sql(
      "insert into hauswart.site (provider_id, site_id, customer_id, name, time_zone, created_at) values ($1, $2, $3, $4, $5, $6)",
      [ctx.providerId, siteId, customerId, name, timeZone, isoTime(ctx.services.clock.now())],
    );
    await audit(tx, ctx, { action: "site.create", subject: { kind: "site", id: siteId }, customerId, detail: { name, timeZone } });
    if (timeZone !== null) announceCalendars(tx, ctx);
    announce(tx, ctx, { kind: "customer", id: customerId, customerId, change: "changed" });
    return presentSite(await readSite(tx, ctx, siteId));
  });
  return work.catch(refuseTakenSiteName);
}

/** Turns the database's word about a name that is taken into ours. */
export function refuseTakenSiteName(error: unknown): never {
  if (isUniqueViolation(error, "site_name")) throw new HauswartError("CONFLICT", "This customer has a site of this name already.");
  throw error;
}

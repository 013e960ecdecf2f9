import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import { announceCalendars } from "../calendars/calendars-of.ts";
import type { Verb } from "../context.ts";
import { refuseTakenSiteName } from "./create-site.ts";
import { presentSite, readSite } from "./site-row.ts";

/** Changes name or time zone of a site; a time zone of null is the customer's. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (the name is taken). */
export async function changeSite({ ctx, input }: Verb<Input<"changeSite">>): Promise<Result<"changeSite">> {
  requireScope(ctx, "customers:write");
  const { siteId, name, timeZone } = input;
  const work = ctx.services.database.transaction(ctx, async (tx) => {
    const before = await readSite(tx, ctx, siteId);
    await tx.sql(
      `update hauswart.site set name = coalesce($3, name), time_zone = case when $5::boolean then $4 else time_zone end
       where provider_id = $1 and site_id = $2`,
      [ctx.providerId, siteId, name ?? null, timeZone ?? null, timeZone !== undefined],
    );
    const customerId = before.customer_id;
    const detail = { before: { name: before.name, timeZone: before.time_zone }, change: { name, timeZone } };
    await audit(tx, ctx, { action: "site.change", subject: { kind: "site", id: siteId }, customerId, detail });
    if (timeZone !== undefined) announceCalendars(tx, ctx);
    announce(tx, ctx, { kind: "customer", id: customerId, customerId, change: "changed" });
    return presentSite(await readSite(tx, ctx, siteId));
  });
  return work.catch(refuseTakenSiteName);
}

import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import { announceCalendars } from "../calendars/calendars-of.ts";
import type { Verb } from "../context.ts";
import { readDevice } from "../devices/device-row.ts";
import { refuseTakenSiteName } from "./create-site.ts";
import { presentSite, readSite } from "./site-row.ts";

/** Changes name, time zone (null: the customer's) or gateway of a site. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (the name is taken), INVALID_REQUEST (device of another site). */
export async function changeSite({ ctx, input }: Verb<Input<"changeSite">>): Promise<Result<"changeSite">> {
  requireScope(ctx, "customers:write");
  const { siteId, name, timeZone, gatewayDeviceId } = input;
  const work = ctx.services.database.transaction(ctx, async (tx) => {
    const before = await readSite(tx, ctx, siteId);
    if (gatewayDeviceId && (await readDevice(tx, ctx, gatewayDeviceId)).siteId !== siteId)
      throw new HauswartError("INVALID_REQUEST", undefined, {
        issues: [{ path: "body.gatewayDeviceId", message: "This device stands at another site." }],
      });
    await tx.sql(
      `update hauswart.site set name = coalesce($3, name), time_zone = case when $5::boolean then $4 else time_zone end,
         gateway_device_id = case when $7::boolean then $6::uuid else gateway_device_id end
       where provider_id = $1 and site_id = $2`,
      [
        ctx.providerId,
        siteId,
        name ?? null,
        timeZone ?? null,
        timeZone !== undefined,
        gatewayDeviceId ?? null,
        gatewayDeviceId !== undefined,
      ],
    );
    const customerId = before.customer_id;
    const detail = {
      before: { name: before.name, timeZone: before.time_zone, gatewayDeviceId: before.gateway_device_id },
      change: { name, timeZone, gatewayDeviceId },
    };
    await audit(tx, ctx, { action: "site.change", subject: { kind: "site", id: siteId }, customerId, detail });
    if (timeZone !== undefined) announceCalendars(tx, ctx);
    announce(tx, ctx, { kind: "customer", id: customerId, customerId, change: "changed" });
    return presentSite(await readSite(tx, ctx, siteId));
  });
  return work.catch(refuseTakenSiteName);
}

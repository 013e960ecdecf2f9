import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Device } from "@hauswart/protocol/api/models.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { lockPolicies, refreshDeviceChecks } from "../policies/refresh-device-checks.ts";
import { readSite } from "../tenancy/site-row.ts";
import { readDevice } from "./device-row.ts";

const mostTags = 50;

/**
 * Renames a device, sets its role, tags and what it hangs behind, or moves it to another site of its customer; policies that reach it by tag or
 * site hold at once, and so does the hour of daily checks, which depends on the role. Findings stay at the site where they opened, so that
 * whoever was told of one is told of its end. Errors: FORBIDDEN, NOT_FOUND (device, site), INVALID_REQUEST (site of another customer, too many tags).
 */
export async function changeDevice({ ctx, input }: Verb<Input<"changeDevice">>): Promise<Result<"changeDevice">> {
  requireScope(ctx, "devices:write");
  const { deviceId, name, role, siteId, dependsOnDeviceId } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    await lockPolicies(tx, ctx.providerId, "device");
    // Who adds a tag at the same time waits here, and adds to what is then there.
    await tx.sql("select 1 from hauswart.device where provider_id = $1 and device_id = $2 for update", [ctx.providerId, deviceId]);
    const before = await readDevice(tx, ctx, deviceId);
    const tags = tagsAfter(before.tags, input);
    if (siteId !== undefined) await requireOwnSite(tx, ctx, siteId, before.customerId);
    if (dependsOnDeviceId) await requireBefore(tx, ctx, before, dependsOnDeviceId);
    await tx.sql(
      `update hauswart.device set name = coalesce($3, name), role = coalesce($4, role), site_id = coalesce($5::uuid, site_id), tags = coalesce($6::text[], tags),
         depends_on_device_id = case when $8::boolean then $7::uuid else depends_on_device_id end
       where provider_id = $1 and device_id = $2`,
      [
        ctx.providerId,
        deviceId,
        name ?? null,
        role ?? null,
        siteId ?? null,
        tags ?? null,
        dependsOnDeviceId ?? null,
        dependsOnDeviceId !== undefined,
      ],
    );
    if (tags !== undefined || siteId !== undefined || role !== undefined)
      await refreshDeviceChecks(tx, ctx.services, { providerId: ctx.providerId, deviceId });
    if (siteId !== undefined && siteId !== before.siteId)
      tx.afterCommit(() => ctx.services.bus.publish("device-configuration", { providerId: ctx.providerId, deviceId }));
    const detail = {
      before: {
        name: before.name,
        role: before.role,
        siteId: before.siteId,
        tags: before.tags,
        dependsOnDeviceId: before.dependsOn?.isGateway === false ? before.dependsOn.deviceId : null,
      },
      change: { name, role, siteId, tags, dependsOnDeviceId },
    };
    await audit(tx, ctx, { action: "device.change", subject: { kind: "device", id: deviceId }, customerId: before.customerId, detail });
    announce(tx, ctx, { kind: "device", id: deviceId, customerId: before.customerId, change: "changed" });
    return readDevice(tx, ctx, deviceId);
  });
}

/** undefined when they stay as they are. Errors: INVALID_REQUEST. */
function tagsAfter(before: readonly string[], { tags, addTags = [], removeTags = [] }: Input<"changeDevice">): string[] | undefined {
  if (tags === undefined && addTags.length + removeTags.length === 0) return undefined;
  const after = [...new Set([...(tags ?? before), ...addTags])].filter((tag) => !removeTags.includes(tag)).sort();
  if (after.length > mostTags)
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path: "body.addTags", message: `A device has at most ${mostTags} tags.` }],
    });
  return after;
}

/** A device hangs behind another of its customer, and not behind itself, however far around. */
async function requireBefore(tx: Tx, ctx: Context, device: Device, dependsOnDeviceId: Id): Promise<void> {
  const other = await readDevice(tx, ctx, dependsOnDeviceId);
  const refuse = (message: string) =>
    new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: "body.dependsOnDeviceId", message }] });
  if (other.customerId !== device.customerId) throw refuse("This device belongs to another customer.");
  const [chain] = await tx.sql<{ before: Id[] }>("select hauswart.devices_before($1, $2) as before", [ctx.providerId, dependsOnDeviceId]);
  if (dependsOnDeviceId === device.deviceId || chain!.before.includes(device.deviceId)) throw refuse("A device cannot hang behind itself.");
}

async function requireOwnSite(tx: Tx, ctx: Context, siteId: Id, customerId: Id): Promise<void> {
  const site = await readSite(tx, ctx, siteId, "for share of s");
  if (site.customer_id === customerId) return;
  throw new HauswartError("INVALID_REQUEST", undefined, {
    issues: [{ path: "body.siteId", message: "This site belongs to another customer; enrol the device there instead." }],
  });
}

import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { addPolicy } from "../policies/create-policy.ts";
import { lockPolicies, refreshDeviceChecks } from "../policies/refresh-device-checks.ts";
import { requireValidPolicy } from "../policies/validate-policy.ts";
import { customersBeingErased, requireNotErased } from "../tenancy/customer-data/being-erased.ts";
import { readSite, type SiteRow } from "../tenancy/site-row.ts";
import { isoTime } from "../times.ts";
import { readDevice } from "./device-row.ts";

/**
 * Adds a device without an agent and the policy that says what the server asks; it is asked at once. More of it is set in that
 * policy. Errors: FORBIDDEN, NOT_FOUND (site), INVALID_REQUEST (the check cannot be measured from the server, or does not take the target),
 * CONFLICT (the customer is being erased).
 */
export async function createDevice({ ctx, input }: Verb<Input<"createDevice">>): Promise<Result<"createDevice">> {
  requireScope(ctx, "devices:write");
  requireScope(ctx, "policies:write");
  const { providerId, services } = ctx;
  const { siteId, name } = input;
  const beingErased = await customersBeingErased(ctx);
  return services.database.transaction(ctx, async (tx) => {
    const site = await readSite(tx, ctx, siteId, "for share of s");
    requireNotErased(beingErased, site.customer_id);
    const checks = [checkFor(ctx, input)];
    await lockPolicies(tx, providerId, "policy");
    const deviceId = await insertDevice(tx, ctx, site, name);
    const customerId = site.customer_id;
    await addPolicy(tx, ctx, { name, customerId, checks, assignments: [{ scope: "device", scopeId: deviceId }] });
    await refreshDeviceChecks(tx, services, { providerId, deviceId });
    await audit(tx, ctx, {
      action: "device.create",
      subject: { kind: "device", id: deviceId },
      customerId,
      detail: { name, siteId, check: input.check, target: input.target },
    });
    announce(tx, ctx, { kind: "device", id: deviceId, customerId, change: "created" });
    tx.afterCommit(() => services.bus.publish("outside-devices", { providerId }));
    return readDevice(tx, ctx, deviceId);
  });
}

/** The check in the words of a policy. Errors: INVALID_REQUEST. */
function checkFor({ services }: Context, { check, target }: Input<"createDevice">): PolicyCheck {
  const fromServer = services.checks.get(check)?.definition.fromServer;
  if (!fromServer)
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path: "body.check", message: "This check cannot be measured from the server." }],
    });
  const wish = { check, instance: target, enabled: true, settings: { [fromServer.target]: target } };
  requireValidPolicy(services.checks, { checks: [wish] });
  return wish;
}

/** Its link begins when the server measures it. It has no key: nobody can come as this device. */
async function insertDevice(tx: Tx, ctx: Context, site: SiteRow, name: string): Promise<Id> {
  const nowMs = ctx.services.clock.now();
  const deviceId = newId(nowMs);
  await tx.sql(
    `insert into hauswart.device (provider_id, device_id, customer_id, site_id, name, hostname, kind, role, system, enrolled_at)
     values ($1, $2, $3, $4, $5, '', 'measured', 'server', 'linux', $6)`,
    [ctx.providerId, deviceId, site.customer_id, site.site_id, name, isoTime(nowMs)],
  );
  await tx.sql("insert into hauswart.device_link (provider_id, device_id, customer_id) values ($1, $2, $3)", [
    ctx.providerId,
    deviceId,
    site.customer_id,
  ]);
  return deviceId;
}

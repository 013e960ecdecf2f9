import type { Input } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { closeFindingsOf } from "../findings/close-findings-of.ts";
import { isoTime } from "../times.ts";
import { readDevice } from "./device-row.ts";
import { deleteSignedIn } from "./signed-in.ts";

/**
 * Ends the device's key at once and closes what is open about it; its history stays. When its agent shall remove itself, it is sent
 * away for some seconds only, and told when it comes back; an agent that is away is told when it comes. Doing it twice changes
 * nothing, but that the agent can be told later on.
 * Errors: FORBIDDEN, NOT_FOUND.
 */
export async function revokeDevice({ ctx, input }: Verb<Input<"revokeDevice">>): Promise<void> {
  requireScope(ctx, "devices:write");
  const { providerId, services, actor } = ctx;
  const { deviceId, removeAgent = false } = input;
  await services.database.transaction(ctx, async (tx) => {
    const device = await readDevice(tx, ctx, deviceId);
    const revoked = await tx.sql(
      `update hauswart.device set lifecycle = 'revoked', revoked_at = coalesce(revoked_at, $4), remove_agent = remove_agent or $3
       where provider_id = $1 and device_id = $2 and (lifecycle <> 'revoked' or ($3 and not remove_agent)) returning 1`,
      [providerId, deviceId, removeAgent, isoTime(services.clock.now())],
    );
    if (revoked.length === 0) return;
    await deleteSignedIn(tx, providerId, { deviceId });
    await closeFindingsOf(tx, services, { providerId, actor, reason: "revoked" }, [{ deviceId, number: null }]);
    await audit(tx, ctx, {
      action: "device.revoke",
      subject: { kind: "device", id: deviceId },
      customerId: device.customerId,
      detail: { name: device.name, removeAgent },
    });
    announce(tx, ctx, { kind: "device", id: deviceId, customerId: device.customerId, change: "removed" });
    tx.afterCommit(() => {
      services.bus.publish("device-disconnect", { providerId, deviceId, code: removeAgent ? "EPOCH_OUTDATED" : "DEVICE_REVOKED" });
      if (device.kind === "measured") services.bus.publish("outside-devices", { providerId });
    });
  });
}

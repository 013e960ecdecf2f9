import type { Input } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { closeFindingsOf } from "../findings/close-findings-of.ts";
import { readDevice } from "./device-row.ts";

/**
 * Ends the device's key at once and closes what is open about it; its history stays. Doing it twice changes nothing.
 * Errors: FORBIDDEN, NOT_FOUND.
 */
export async function revokeDevice({ ctx, input }: Verb<Input<"revokeDevice">>): Promise<void> {
  requireScope(ctx, "devices:write");
  const { providerId, services, actor } = ctx;
  const { deviceId } = input;
  await services.database.transaction(ctx, async (tx) => {
    const device = await readDevice(tx, ctx, deviceId);
    const revoked = await tx.sql(
      "update hauswart.device set lifecycle = 'revoked' where provider_id = $1 and device_id = $2 and lifecycle <> 'revoked' returning 1",
      [providerId, deviceId],
    );
    if (revoked.length === 0) return;
    await closeFindingsOf(tx, services, { providerId, actor, reason: "revoked" }, [{ deviceId, number: null }]);
    await audit(tx, ctx, {
      action: "device.revoke",
      subject: { kind: "device", id: deviceId },
      customerId: device.customerId,
      detail: { name: device.name },
    });
    announce(tx, ctx, { kind: "device", id: deviceId, customerId: device.customerId, change: "removed" });
    tx.afterCommit(() => services.bus.publish("device-disconnect", { providerId, deviceId, code: "DEVICE_REVOKED" }));
  });
}

import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { readDevice } from "./device-row.ts";

/**
 * Asks the agent to measure now. `delivered` is false when the agent is not connected; it measures when it comes back anyhow.
 * Errors: FORBIDDEN, NOT_FOUND.
 */
export async function measureDevice({ ctx, input }: Verb<Input<"measureDevice">>): Promise<Result<"measureDevice">> {
  requireScope(ctx, "devices:write");
  const { deviceId, checks } = input;
  const { providerId, services } = ctx;
  return services.database.transaction(ctx, async (tx) => {
    const device = await readDevice(tx, ctx, deviceId);
    const delivered = device.lifecycle === "active" && device.presence.state === "present";
    await audit(tx, ctx, {
      action: "device.measure",
      subject: { kind: "device", id: deviceId },
      customerId: device.customerId,
      detail: { checks, delivered },
    });
    if (delivered) tx.afterCommit(() => services.bus.publish("device-measure", { providerId, deviceId, ...(checks ? { checks } : {}) }));
    return { delivered };
  });
}

import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Device } from "@hauswart/protocol/api/models.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { readAvailability } from "../presence/availability.ts";
import { readOffline } from "../presence/read-offline.ts";
import { isoTime } from "../times.ts";
import { readDevice } from "./device-row.ts";

/** One device, also when it was revoked. Errors: FORBIDDEN, NOT_FOUND. */
export async function getDevice({ ctx, input }: Verb<Input<"getDevice">>): Promise<Result<"getDevice">> {
  requireScope(ctx, "devices:read");
  return ctx.services.database.transaction(ctx, async (tx) => {
    const device = await readDevice(tx, ctx, input.deviceId);
    const { state } = device.presence;
    return state === "silent" || state === "shut-down" ? { ...device, offline: await offlineOf(tx, ctx, device.deviceId) } : device;
  });
}

async function offlineOf(tx: Tx, { services, providerId }: Context, deviceId: Id): Promise<Device["offline"]> {
  const nowMs = services.clock.now();
  const found = (await readOffline(tx, providerId, [deviceId], await readAvailability(tx, nowMs), nowMs)).get(deviceId);
  if (!found) return null;
  const { verdict, witnesses } = found;
  return {
    ...verdict,
    clues: [...verdict.clues],
    witnesses: witnesses.map(({ atMs, ...seen }) => ({ ...seen, at: isoTime(atMs) })),
  };
}

import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Device } from "@hauswart/protocol/api/models.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { readAvailability } from "../presence/availability.ts";
import { readOffline } from "../presence/read-offline.ts";
import type { GatewayColumns } from "../presence/same-network.ts";
import { isoTime } from "../times.ts";
import { readDevice } from "./device-row.ts";
import { readSignedIn } from "./signed-in.ts";

/** One device, also when it was revoked. Errors: FORBIDDEN, NOT_FOUND. */
export async function getDevice({ ctx, input }: Verb<Input<"getDevice">>): Promise<Result<"getDevice">> {
  requireScope(ctx, "devices:read");
  return ctx.services.database.transaction(ctx, async (tx) => {
    const device = await readDevice(tx, ctx, input.deviceId);
    const { state } = device.presence;
    const isAway = state === "silent" || state === "shut-down";
    return {
      ...device,
      signedIn: device.kind === "agent" ? await readSignedIn(tx, ctx, device.deviceId, state === "present") : null,
      network: await networkOf(tx, ctx, device.deviceId),
      offline: isAway ? await offlineOf(tx, ctx, device.deviceId) : null,
    };
  });
}

interface NetworkRow extends GatewayColumns {
  readonly local_addresses: string[];
}

async function networkOf(tx: Tx, { providerId }: Context, deviceId: Id): Promise<Device["network"]> {
  const [row] = await tx.sql<NetworkRow>(
    "select local_addresses, gateway_addresses, gateway_cards from hauswart.device where provider_id = $1 and device_id = $2",
    [providerId, deviceId],
  );
  if (!row) return null;
  const gateways = row.gateway_addresses.map((address, index) => ({ address, card: row.gateway_cards[index] || null }));
  return { addresses: row.local_addresses, gateways };
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

/** What other parts of the server ask of connected agents. Who has no link here has it elsewhere, or nowhere. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Bus } from "../bus/bus.ts";
import type { DeviceIdentity } from "../ingest/device-memory.ts";
import type { Care } from "./care.ts";
import type { Desk } from "./desk.ts";
import { isRefusalCode } from "./refusals.ts";
import type { Witnesses } from "./witnesses.ts";

/** @returns ends it. */
export function followBus(
  bus: Bus,
  care: Care,
  configurations: Desk<Id>,
  witnesses: Witnesses,
  ask: (providerId: Id, isMeant: (identity: DeviceIdentity) => boolean) => Promise<void>,
): () => void {
  const ends = [
    bus.subscribe("device-configuration", ({ deviceId }) => {
      care.alsoWithArriving(deviceId, () => {
        if (care.linkOf(deviceId)) configurations.add(deviceId);
      });
    }),
    bus.subscribe("device-measure", ({ deviceId, checks }) => {
      care.linkOf(deviceId)?.send({ type: "measure-now", ...(checks ? { checks } : {}) });
    }),
    bus.subscribe("look-for-device", ({ deviceId, witnessId, addresses }) => witnesses.ask(deviceId, witnessId, addresses)),
    bus.subscribe("signed-in-asked", async ({ providerId, customerId }) => {
      const isMeant = (identity: DeviceIdentity) => customerId === undefined || identity.customerId === customerId;
      const come = care.onceArrived((deviceIds) => ask(providerId, (identity) => deviceIds.has(identity.deviceId) && isMeant(identity)));
      await Promise.all([ask(providerId, isMeant), come]);
    }),
    bus.subscribe("device-disconnect", ({ deviceId, code }) => {
      care.alsoWithArriving(deviceId, () => {
        const link = care.linkOf(deviceId);
        if (!link) return;
        if (link.device) link.device.isForgotten = true;
        care.refuse(link, isRefusalCode(code) ? code : "EPOCH_OUTDATED");
      });
    }),
  ];
  return () => ends.forEach((end) => end());
}

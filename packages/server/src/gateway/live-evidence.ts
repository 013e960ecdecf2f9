/** Tells the console that a device has new evidence: changed states at once, new numbers not more often than anybody can read. */
import type { Bus } from "../bus/bus.ts";
import type { DeviceMemory } from "../ingest/device-memory.ts";
import type { Clock } from "../services.ts";

const atMostEveryMs = 5_000;

export function tellConsole({ bus, clock }: { bus: Bus; clock: Clock }, device: DeviceMemory, isNews: boolean): void {
  const nowMs = clock.now();
  if (!isNews && nowMs - device.toldLiveAtMs < atMostEveryMs) return;
  device.toldLiveAtMs = nowMs;
  const { providerId, customerId, deviceId } = device.identity;
  bus.publish("live", { providerId, kind: "device", id: deviceId, customerId, change: "changed" });
}

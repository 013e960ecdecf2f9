/** Findings about the device as such that ingest raises: what, when, and with which evidence. Pure but for the memory's marks. */
import type { Evidence } from "@hauswart/protocol/check.ts";
import { deviceCheckId, deviceFindings, type DeviceFindingCode } from "@hauswart/protocol/device-findings.ts";
import type { CloseReason, FindingChange, FindingScope } from "../findings/finding-change.ts";
import type { DeviceIdentity, DeviceMemory } from "./device-memory.ts";

/** A clock that is off by more than this is a finding, milliseconds; it is over when the clock is clearly right again. */
const wrongClockMs = 300_000;
const rightClockMs = 240_000;

export function deviceScope({ customerId, siteId, deviceId }: DeviceIdentity): FindingScope {
  return { customerId, siteId, deviceId, check: deviceCheckId, checkNumber: null, instance: "" };
}

/** Opens a finding about the device; its severity is the one that its declaration raises. */
export function openDeviceFinding(identity: DeviceIdentity, code: DeviceFindingCode, evidence: Evidence, atMs: number): FindingChange {
  return {
    kind: "open",
    scope: deviceScope(identity),
    code,
    subject: "",
    severity: deviceFindings[code].raises[0],
    evidence,
    atMs,
    noticeDueAtMs: null,
  };
}

export function closeDeviceFinding(identity: DeviceIdentity, code: DeviceFindingCode, reason: CloseReason, atMs: number): FindingChange {
  return { kind: "close", scope: deviceScope(identity), code, subject: "", reason, evidence: null, atMs };
}

/** Compares the clock with what is open, and says what changes. */
export function judgeClock(device: DeviceMemory, atMs: number): FindingChange | undefined {
  const off = Math.abs(device.clockOffsetMs);
  const isOpen = device.hasOpen("clock-wrong");
  if (!isOpen && off > wrongClockMs) {
    device.setOpen("clock-wrong", true);
    return openDeviceFinding(device.identity, "clock-wrong", { offsetSeconds: Math.round(device.clockOffsetMs / 1_000) }, atMs);
  }
  if (isOpen && off < rightClockMs) {
    device.setOpen("clock-wrong", false);
    return closeDeviceFinding(device.identity, "clock-wrong", "recovered", atMs);
  }
  return undefined;
}

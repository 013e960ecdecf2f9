/**
 * NVMe's pages (NVM Express Base Specification): Identify Controller, and the SMART / Health Information log (02h). All numbers are
 * little endian; temperatures in kelvins.
 */
import { asCelsius, asCount, asLifeSeconds, asPercent, unknownHealth, type Health } from "./health.ts";

export interface NvmeIdentity {
  readonly model: string;
  readonly serial: string;
  readonly firmware: string;
  readonly capacityBytes: number | null;
  readonly warningAtCelsius: number | null;
  readonly criticalAtCelsius: number | null;
}

const view = (page: Uint8Array) => new DataView(page.buffer, page.byteOffset, page.byteLength);
const text = (page: Uint8Array, start: number, end: number) =>
  Buffer.from(page.subarray(start, end))
    .toString("latin1")
    .replaceAll(/[\0-\x1f\x7f-\xff]/g, " ")
    .trim();
const celsius = (kelvins: number) => (kelvins === 0 ? null : asCelsius(kelvins - 273));
/** 16 bytes; what is beyond 2^53 is no number that a drive reaches. */
const large = (page: Uint8Array, at: number) => {
  const upper = view(page).getBigUint64(at + 8, true);
  return upper === 0n ? Number(view(page).getBigUint64(at, true)) : Number.NaN;
};

/** @returns undefined for a page that is too short or empty */
export function parseNvmeIdentity(page: Uint8Array): NvmeIdentity | undefined {
  if (page.length < 512) return undefined;
  const [serial, model, firmware] = [text(page, 4, 24), text(page, 24, 64), text(page, 64, 72)];
  if (model === "" && serial === "") return undefined;
  const capacity = large(page, 280);
  const [warning, critical] = [view(page).getUint16(266, true), view(page).getUint16(268, true)];
  return {
    model,
    serial,
    firmware,
    capacityBytes: capacity > 0 ? capacity : null,
    warningAtCelsius: celsius(warning),
    criticalAtCelsius: celsius(critical),
  };
}

/** Bits of the critical warning. */
const critical = {
  spare: 0x01,
  temperature: 0x02,
  reliability: 0x04,
  readOnly: 0x08,
  backup: 0x10,
  persistentMemory: 0x20,
} as const;

/** Reliability and backup are the drive's own word that it is at its end; spare, temperature and read-only have findings of their own. */
const reasons = [
  [critical.reliability, "reliability degraded"],
  [critical.backup, "volatile memory backup failed"],
  [critical.persistentMemory, "persistent memory unreliable"],
] as const;

/** @returns undefined for a page that is too short, or that holds nothing at all */
export function parseNvmeHealth(page: Uint8Array): Health | undefined {
  if (page.length < 200 || page.subarray(0, 200).every((byte) => byte === 0)) return undefined;
  const warning = page[0]!;
  const failing = reasons.filter(([bit]) => (warning & bit) !== 0).map(([, reason]) => reason);
  return {
    ...unknownHealth,
    kind: "nvme",
    prediction: failing.length > 0 ? "failing" : "healthy",
    failingReasons: failing.join(", "),
    isReadOnly: (warning & critical.readOnly) !== 0,
    temperatureCelsius: celsius(view(page).getUint16(1, true)),
    availableSparePercent: asPercent(page[3]!),
    spareThresholdPercent: asPercent(page[4]!),
    wearPercent: asPercent(page[5]!),
    powerOnSeconds: asLifeSeconds(large(page, 128)),
    mediaErrorCount: asCount(large(page, 160)),
  };
}

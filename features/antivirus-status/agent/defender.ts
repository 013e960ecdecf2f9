/** Microsoft Defender on Windows: by its own WMI class, else by its registry and service. */
import { OsError } from "@hauswart/agent/os/os.ts";
import type { WindowsCalls, WindowsService, WmiValue } from "@hauswart/agent/os/windows/calls.ts";
import { fromFileTime } from "@hauswart/agent/readers/file-time.ts";
import { makeProduct, type Product } from "./product.ts";
import { fromCimTime } from "./windows-times.ts";

export const defenderName = "Microsoft Defender";
const key = "HKLM\\SOFTWARE\\Microsoft\\Windows Defender";
const query =
  "SELECT AMRunningMode, AMServiceEnabled, AntivirusEnabled, RealTimeProtectionEnabled, AMProductVersion, AMEngineVersion, " +
  "AntivirusSignatureVersion, AntivirusSignatureLastUpdated, DefenderSignaturesOutOfDate, IsTamperProtected, QuickScanEndTime, " +
  "FullScanEndTime FROM MSFT_MpComputerStatus";

/** @returns undefined when Defender is not there */
export async function readDefender(windows: WindowsCalls, services: readonly WindowsService[]): Promise<Product | undefined> {
  const service = services.find(({ name }) => name.toLowerCase() === "windefend");
  try {
    const [row] = await windows.wmi("ROOT\\Microsoft\\Windows\\Defender", query);
    if (row) return fromStatus(row, service);
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
  }
  return service && fromRegistry(windows, service);
}

const engineOf = (service: WindowsService | undefined): Product["engine"] =>
  service ? (service.state === "running" ? "running" : "not-running") : "unknown";

/** Exported for tests. */
export function fromStatus(row: Readonly<Record<string, WmiValue>>, service: WindowsService | undefined): Product {
  const mode = text(row["AMRunningMode"]);
  // Passive, beside another product, or only to answer EDR: it protects nobody by itself.
  const isPassive = mode !== "" && mode !== "Normal";
  const isOn =
    row["AntivirusEnabled"] === true && row["AMServiceEnabled"] !== false && row["RealTimeProtectionEnabled"] === true && !isPassive;
  const scans = [fromCimTime(row["QuickScanEndTime"]), fromCimTime(row["FullScanEndTime"])].filter((at) => at !== null);
  const outOfDate = flag(row["DefenderSignaturesOutOfDate"]);
  return makeProduct({
    product: defenderName,
    source: "defender",
    isBuiltIn: true,
    state: isOn ? "active" : "off",
    engine: engineOf(service),
    realTime: onOff(row["RealTimeProtectionEnabled"]),
    signatures: outOfDate === undefined ? "not-told" : outOfDate ? "outdated" : "current",
    signatureVersion: text(row["AntivirusSignatureVersion"]),
    signatureAt: fromCimTime(row["AntivirusSignatureLastUpdated"]),
    productVersion: text(row["AMProductVersion"]),
    engineVersion: text(row["AMEngineVersion"]),
    tamperProtection: onOff(row["IsTamperProtected"]),
    lastScanAt: scans.length > 0 ? Math.max(...scans) : null,
  });
}

async function fromRegistry({ registry }: WindowsCalls, service: WindowsService): Promise<Product> {
  const read = async (subkey: string) => (await registry.values(`${key}${subkey}`)) ?? new Map<string, never>();
  const [own, updates, realTime, features] = [
    await read(""),
    await read("\\Signature Updates"),
    await read("\\Real-Time Protection"),
    await read("\\Features"),
  ];
  const isRunning = service.state === "running";
  const isDisabled = own.get("DisableAntiSpyware") === 1 || own.get("DisableAntiVirus") === 1 || own.get("PassiveMode") === 1;
  const isWatching = realTime.get("DisableRealtimeMonitoring") !== 1;
  const tamper = features.get("TamperProtection");
  return makeProduct({
    product: defenderName,
    source: "defender",
    isBuiltIn: true,
    state: isRunning && !isDisabled && isWatching ? "active" : "off",
    engine: engineOf(service),
    realTime: isWatching && isRunning ? "on" : "off",
    signatureVersion: text(updates.get("AVSignatureVersion")),
    signatureAt: fromFileTime(updates.get("AVSignatureApplied")) ?? fromFileTime(updates.get("SignaturesLastUpdated")),
    engineVersion: text(updates.get("EngineVersion")),
    // 5 and 1: on, by the maker or by an administrator; 4 and 0: off.
    tamperProtection: tamper === 5 || tamper === 1 ? "on" : tamper === 4 || tamper === 0 ? "off" : "unknown",
  });
}

const text = (value: unknown) => (typeof value === "string" ? value.trim() : "");
const flag = (value: WmiValue | undefined) => (typeof value === "boolean" ? value : undefined);
const onOff = (value: WmiValue | undefined) => (value === true ? "on" : value === false ? "off" : "unknown");

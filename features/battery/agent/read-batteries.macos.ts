import { parsePlist, plistFlag, plistNumber, plistText, type PlistValue } from "@hauswart/agent/os/macos/plist.ts";
import { OsError } from "@hauswart/agent/os/os.ts";
import { clip, textLimit } from "@hauswart/agent/readers/clip.ts";
import { count, share, type Battery, type ReadBatteries } from "./battery-state.ts";

/** The battery's driver in the I/O registry; capacities in milliampere hours. Asked once an hour. */
export const readBatteries: ReadBatteries = async (os) => {
  const { exitCode, stdout, stderr } = await os.run("ioreg", ["-a", "-r", "-c", "AppleSmartBattery"]);
  if (exitCode !== 0) throw new OsError("COLLECT_UNREADABLE", `ioreg ended with ${exitCode}: ${stderr.trim().slice(0, 200)}`);
  // A Mac without a battery has no such driver, and ioreg then writes nothing.
  if (stdout.trim() === "") return [];
  const drivers = parsePlist(stdout);
  const found = Array.isArray(drivers) ? (drivers as readonly PlistValue[]) : [drivers];
  return found
    .filter((driver) => plistFlag(driver, "BatteryInstalled") !== false)
    .map((driver, index) => batteryOf(driver, index === 0 ? "InternalBattery" : `InternalBattery-${index}`));
};

function batteryOf(driver: PlistValue, name: string): Battery {
  const design = plistNumber(driver, "DesignCapacity");
  const maximum = plistNumber(driver, "MaxCapacity");
  // On Macs with Apple's own processors MaxCapacity and CurrentCapacity are percent.
  const full =
    plistNumber(driver, "AppleRawMaxCapacity") ?? plistNumber(driver, "NominalChargeCapacity") ?? (maximum === 100 ? undefined : maximum);
  const cycles = plistNumber(driver, "CycleCount");
  return {
    name,
    model: clip([plistText(driver, "Manufacturer"), plistText(driver, "DeviceName")].filter(Boolean).join(" "), textLimit),
    designCapacity: design === undefined ? "" : `${design} mAh`,
    healthPercent: share(full, design),
    chargePercent: share(plistNumber(driver, "CurrentCapacity"), maximum),
    cycleCount: count(cycles),
    activity: activityOf(driver),
    failed: (plistNumber(driver, "PermanentFailureStatus") ?? 0) !== 0,
  };
}

function activityOf(driver: PlistValue): Battery["activity"] {
  if (plistFlag(driver, "IsCharging")) return "charging";
  if (plistFlag(driver, "FullyCharged")) return "full";
  const isOnMains = plistFlag(driver, "ExternalConnected");
  return isOnMains === undefined ? "not-told" : isOnMains ? "idle" : "discharging";
}

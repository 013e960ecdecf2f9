/** macOS: `diskutil info -plist` tells each drive's verdict, and of its own NVMe drives the health log too. */
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { plistArray, plistAt, plistFlag, plistNumber, plistText, runForPlist, type PlistValue } from "@hauswart/agent/os/macos/plist.ts";
import { asCelsius, asCount, asLifeSeconds, asPercent, driveName, makeDrive, type Drive, type ReadDrives } from "./health.ts";
import { isVirtualModel } from "./virtual-models.ts";

const log = "SMARTDeviceSpecificKeysMayVaryNotGuaranteed";
const diskLimit = 32;

export const readDrives: ReadDrives = async ({ os, selection }) => {
  const list = await runForPlist(os, "diskutil", ["list", "-plist", "physical"]);
  const names = plistArray(list, "WholeDisks")
    .filter((name) => typeof name === "string")
    .filter((name) => /^disk\d+$/.test(name))
    .slice(0, diskLimit);
  const found: (Drive | "virtual" | undefined)[] = [];
  for (const name of names) found.push(await readDisk(os, name, selection.usbDrives));
  const drives = found.filter((drive) => typeof drive === "object");
  const virtualCount = found.filter((drive) => drive === "virtual").length;
  if (drives.length === 0 && virtualCount === 0) return { noData: "no-disk-found" };
  // Its numbers of disks change when another one is plugged in, so nobody can say which one is missing.
  const places = new Map(drives.map(({ device }) => [device, { systemName: device.slice("/dev/".length), isLoose: true }]));
  return { ok: { environment: drives.length > 0 ? "physical" : "virtual", drives, places, virtualCount } };
};

/** @returns undefined for removable disks and disk images */
async function readDisk(os: Os, name: string, usbDrives: boolean): Promise<Drive | "virtual" | undefined> {
  const device = `/dev/${name}`;
  try {
    return parseDisk(await runForPlist(os, "diskutil", ["info", "-plist", name]), device, usbDrives);
  } catch (error) {
    if (error instanceof OsError)
      return makeDrive({ drive: name, device, state: "unreadable", problem: `${error.code}: ${error.message}` });
    throw error;
  }
}

/** Exported for tests. */
export function parseDisk(disk: PlistValue, device: string, usbDrives: boolean): Drive | "virtual" | undefined {
  const bus = plistText(disk, "BusProtocol") ?? "";
  const isRemovable = plistFlag(disk, "RemovableMedia") === true;
  if (isRemovable || bus === "Disk Image" || bus === "Secure Digital" || (bus === "USB" && !usbDrives)) return undefined;
  const model = (plistText(disk, "MediaName") ?? "").replace(/ Media$/, "");
  if (plistText(disk, "VirtualOrPhysical") === "Virtual" || isVirtualModel(model) || bus === "Virtual Interface") return "virtual";
  const status = plistText(disk, "SMARTStatus") ?? "";
  const prediction = status === "Verified" ? "healthy" : status === "Failing" ? "failing" : "not-told";
  const hasLog = plistAt(disk, log) !== undefined;
  const isSsd = plistFlag(disk, "SolidState");
  return makeDrive({
    drive: driveName(model, device.slice("/dev/".length), device),
    device,
    kind: bus.startsWith("PCI") || bus === "Apple Fabric" ? "nvme" : isSsd === undefined ? "unknown" : isSsd ? "ssd" : "hard-disk",
    state: prediction === "not-told" ? "unreadable" : "measured",
    source: prediction === "not-told" ? "none" : "drive",
    problem: prediction === "not-told" ? `macOS says of its S.M.A.R.T. status: ${status || "nothing"}.` : "",
    capacityBytes: plistNumber(disk, "TotalSize") ?? plistNumber(disk, "Size") ?? null,
    prediction,
    failingReasons: prediction === "failing" ? "S.M.A.R.T. status: Failing" : "",
    ...(hasLog && healthLog(disk)),
  });
}

/** Numbers of 16 bytes are split in two of eight, the lower one first. */
function healthLog(disk: PlistValue): Partial<Drive> {
  const number = (name: string) => plistNumber(disk, log, name);
  const percent = (name: string) => {
    const value = number(name);
    return value === undefined ? null : asPercent(value);
  };
  const kelvins = number("TEMPERATURE");
  return {
    availableSparePercent: percent("AVAILABLE_SPARE"),
    spareThresholdPercent: percent("AVAILABLE_SPARE_THRESHOLD"),
    wearPercent: percent("PERCENTAGE_USED"),
    temperatureCelsius: asCelsius(kelvins === undefined ? undefined : kelvins - 273),
    mediaErrorCount: asCount(number("MEDIA_ERRORS_0")),
    powerOnSeconds: asLifeSeconds(number("POWER_ON_HOURS_0")),
  };
}

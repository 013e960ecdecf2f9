import { OsError, type DiskPageName } from "@hauswart/agent/os/os.ts";
import type { WindowsDevices } from "@hauswart/agent/os/windows/calls.ts";
import { ataDrive, nvmeDrive } from "./drive-pages.ts";
import { asCelsius, driveName, makeDrive, type Drive, type Place, type ReadDrives } from "./health.ts";
import { isVirtualModel } from "./virtual-models.ts";
import {
  busTypes,
  controlCodes,
  deviceQuery,
  nvmePage,
  nvmeQuery,
  nvmeQuestions,
  parseDeviceDescriptor,
  parseTemperature,
  predictBytes,
  saysFailing,
  smartHeaderBytes,
  smartPage,
  smartQuery,
  smartQuestions,
  temperatureBytes,
  temperatureQuery,
  type DeviceDescriptor,
} from "./windows-structures.ts";

const numberLimit = 64;
/** Numbers of drives have gaps where one was unplugged. */
const gapLimit = 4;

type Pages = Partial<Record<DiskPageName, Uint8Array>>;
type Asked = { readonly drive: Drive; readonly place: Place } | "virtual" | "left out" | undefined;

export const readDrives: ReadDrives = async ({ os, selection, signal }) => {
  const { devices } = await os.windows();
  const found: Asked[] = [];
  let gap = 0;
  for (let number = 0; number < numberLimit && gap < gapLimit && !signal.aborted; number++) {
    const asked = await readDrive(devices, number, selection.usbDrives);
    gap = asked === undefined ? gap + 1 : 0;
    found.push(asked);
  }
  const there = found.filter((asked) => typeof asked === "object");
  const drives = there.map(({ drive }) => drive);
  const places = new Map(there.map(({ drive, place }) => [drive.device, place]));
  const virtualCount = found.filter((asked) => asked === "virtual").length;
  if (drives.length === 0 && virtualCount === 0) return { noData: "no-disk-answered" };
  return { ok: { environment: drives.length > 0 ? "physical" : "virtual", drives, places, virtualCount } };
};

/** @returns undefined when there is no drive with this number. Throws OsError when drives may not be asked. */
async function readDrive(devices: WindowsDevices, number: number, usbDrives: boolean): Promise<Asked> {
  const path = `\\\\.\\PhysicalDrive${number}`;
  const answer = await ask(devices, path, controlCodes.queryProperty, deviceQuery(), 1_024);
  const descriptor = answer && parseDeviceDescriptor(answer);
  if (!descriptor) return undefined;
  const { busType, model, isRemovable } = descriptor;
  if (busType === busTypes.virtual || busType === busTypes.fileBackedVirtual || isVirtualModel(model)) return "virtual";
  if (isRemovable || busType === busTypes.sd || busType === busTypes.iscsi || (busType === busTypes.usb && !usbDrives)) return "left out";
  const name = driveName(model, descriptor.serial, path);
  const drive = await askDrive(devices, path, number, name, descriptor);
  return { drive, place: { systemName: name, isLoose: busType === busTypes.usb } };
}

async function askDrive(devices: WindowsDevices, path: string, number: number, name: string, descriptor: DeviceDescriptor): Promise<Drive> {
  const { busType } = descriptor;
  if (busType === busTypes.nvme) return withTemperature(devices, path, nvmeDrive(await nvmePages(devices, path), path, name));
  if (busType === busTypes.spaces) return behindController(path, name, descriptor);
  if (busType === busTypes.raid) return askThroughController(devices, path, number, name, descriptor);
  const ata = await askAta(devices, path, number, name);
  // Logical volumes of RAID controllers call themselves disks at SAS or SCSI.
  return busType === busTypes.sas || busType === busTypes.scsi ? ownWordOnly(ata, descriptor) : ata;
}

/**
 * Many computers have a single drive at a controller that could make RAIDs (Intel RST) and lets questions through. What comes back
 * counts only when it is the drive's own page: a controller may vouch for its volume.
 */
async function askThroughController(
  devices: WindowsDevices,
  path: string,
  number: number,
  name: string,
  descriptor: DeviceDescriptor,
): Promise<Drive> {
  const nvme = nvmeDrive(await nvmePages(devices, path), path, name);
  if (nvme.state === "measured") return withTemperature(devices, path, nvme);
  return ownWordOnly(await askAta(devices, path, number, name), descriptor);
}

/** What only predicts may be a controller that speaks for a volume: that it fails is worth hearing, that it is healthy says nothing. */
function ownWordOnly(ata: Drive, descriptor: DeviceDescriptor): Drive {
  if (ata.state === "measured" && ata.problem === "") return ata;
  const { prediction, failingReasons } = ata;
  const behind = behindController(ata.device, ata.drive, descriptor);
  return prediction === "failing" ? { ...behind, prediction, failingReasons } : behind;
}

const controllers: Readonly<Record<number, string>> = {
  [busTypes.spaces]: "Storage Spaces answers for its drives.",
  [busTypes.raid]: "The RAID controller answers for its drives.",
};

function behindController(device: string, drive: string, { busType, firmware }: DeviceDescriptor): Drive {
  const problem = controllers[busType] ?? "The drive tells nothing itself; a RAID controller may stand before it and answer for it.";
  return makeDrive({ drive, device, firmware, state: "behind-controller", problem });
}

/** What is refused is not there; that we may not ask at all, or have no answer, is an error. */
async function ask(devices: WindowsDevices, path: string, code: number, input: Uint8Array, bytes: number): Promise<Uint8Array | undefined> {
  try {
    return await devices.control(path, code, input, bytes);
  } catch (error) {
    if (error instanceof OsError && error.code !== "COLLECT_PERMISSION_DENIED" && error.code !== "COLLECT_TIMED_OUT") return undefined;
    throw error;
  }
}

/** As `ask`; a single question may need more rights than others have. */
async function askQuietly(...question: Parameters<typeof ask>): Promise<Uint8Array | undefined> {
  try {
    return await ask(...question);
  } catch (error) {
    if (error instanceof OsError) return undefined;
    throw error;
  }
}

async function nvmePages(devices: WindowsDevices, path: string) {
  const pages: Pages = {};
  for (const [name, question] of Object.entries(nvmeQuestions)) {
    const answer = await askQuietly(devices, path, controlCodes.queryProperty, nvmeQuery(question), 48 + question.bytes);
    const page = answer && nvmePage(answer, question.bytes);
    if (page) pages[name as DiskPageName] = page;
  }
  return { pages, predictsFailure: undefined, problem: pages["nvme-health"] ? "" : "The driver does not hand out the drive's health log." };
}

async function askAta(devices: WindowsDevices, path: string, number: number, name: string): Promise<Drive> {
  const pages: Pages = {};
  for (const [page, question] of Object.entries(smartQuestions)) {
    const answer = await askQuietly(devices, path, controlCodes.smartReceive, smartQuery(question, number), smartHeaderBytes + 512);
    const found = answer && smartPage(answer);
    if (found) pages[page as DiskPageName] = found;
  }
  const predicted = await askQuietly(devices, path, controlCodes.predictFailure, new Uint8Array(), predictBytes);
  // Some drivers hand out the SMART data with the prediction only.
  if (predicted && predicted.length >= predictBytes) pages["ata-attributes"] ??= predicted.subarray(4, predictBytes);
  const predictsFailure = predicted && saysFailing(predicted);
  const drive = ataDrive({ pages, predictsFailure, problem: "The driver does not hand out S.M.A.R.T. data." }, path, name);
  return withTemperature(devices, path, drive);
}

/** Fills in what the drive's own pages left open. */
async function withTemperature(devices: WindowsDevices, path: string, drive: Drive): Promise<Drive> {
  if (drive.state !== "measured" || (drive.temperatureCelsius !== null && drive.warningAtCelsius !== null)) return drive;
  const answer = await askQuietly(devices, path, controlCodes.queryProperty, temperatureQuery(), temperatureBytes);
  const told = answer && parseTemperature(answer);
  if (!told) return drive;
  const limit = (value: number) => (value > 0 ? asCelsius(value) : null);
  return {
    ...drive,
    temperatureCelsius: drive.temperatureCelsius ?? asCelsius(told.temperature),
    warningAtCelsius: drive.warningAtCelsius ?? limit(told.warning),
    criticalAtCelsius: drive.criticalAtCelsius ?? limit(told.critical),
  };
}

import { describe, expect, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { Context } from "./health.ts";
import { readDrives } from "./read-drives.windows.ts";
import { ataIdentity, nvmeHealth, nvmeIdentity, smartData, smartThresholds, type MadeAttribute } from "./testing/made-pages.ts";
import { busTypes, controlCodes } from "./windows-structures.ts";

const attributes: MadeAttribute[] = [
  { id: 5, raw: 3, threshold: 10, isPrefailure: true },
  { id: 194, raw: 40 },
];

interface MadeDrive {
  readonly bus: number;
  readonly vendor?: string;
  readonly product?: string;
  readonly isRemovable?: boolean;
  readonly health?: Uint8Array;
  /** Pages of SMART_RCV_DRIVE_DATA; none: the driver refuses. */
  readonly smart?: boolean;
  /** IOCTL_STORAGE_PREDICT_FAILURE. */
  readonly predicts?: boolean;
  /** Its first attribute lies at its limit. */
  readonly isWorn?: boolean;
  /** Without a page of the drive: the controller speaks for its volume. */
  readonly vouches?: boolean;
  readonly temperature?: number;
}

/** STORAGE_DEVICE_DESCRIPTOR: texts behind 40 bytes, each ended by a zero. */
function descriptor({ bus, vendor = "", product = "HAUSWART HD 4000", isRemovable = false }: MadeDrive): Uint8Array {
  const texts = [vendor, product, "1.02", "   HW-0001"];
  const bytes = new Uint8Array(40 + texts.join("").length + texts.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 40, true);
  view.setUint32(4, bytes.length, true);
  bytes[10] = isRemovable ? 1 : 0;
  let at = 40;
  texts.forEach((text, index) => {
    view.setUint32(12 + index * 4, text === "" ? 0 : at, true);
    bytes.set(new TextEncoder().encode(text), at);
    at += text.length + 1;
  });
  view.setUint32(28, bus, true);
  return bytes;
}

/** STORAGE_PROTOCOL_DATA_DESCRIPTOR. */
function protocolAnswer(page: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(48 + page.length);
  new DataView(bytes.buffer).setUint32(24, 40, true);
  new DataView(bytes.buffer).setUint32(28, page.length, true);
  bytes.set(page, 48);
  return bytes;
}

function temperatureAnswer(celsius: number): Uint8Array {
  const bytes = new Uint8Array(40);
  const view = new DataView(bytes.buffer);
  view.setInt16(8, 90, true);
  view.setInt16(10, 80, true);
  view.setUint16(12, 1, true);
  view.setInt16(26, celsius, true);
  return bytes;
}

const refused = () => new OsError("COLLECT_UNREADABLE", "DeviceIoControl: 1 (ERROR_INVALID_FUNCTION)");

function answer(drive: MadeDrive, code: number, input: Uint8Array): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset);
  if (code === controlCodes.predictFailure && drive.predicts !== undefined) {
    const bytes = new Uint8Array(516);
    bytes[0] = drive.predicts ? 1 : 0;
    if (!drive.vouches) bytes.set(smartData(attributes), 4);
    return bytes;
  }
  if (code === controlCodes.smartReceive && drive.smart) {
    expect([input.length, view.getUint32(0, true)]).toEqual([33, 512]);
    const [feature, , , low, high, , command] = input.subarray(4);
    const page =
      command === 0xec
        ? ataIdentity()
        : feature === 0xd0
          ? smartData(drive.isWorn ? attributes.map((one) => ({ ...one, value: 10 })) : attributes)
          : feature === 0xd1
            ? smartThresholds(attributes)
            : undefined;
    if (!page) throw refused();
    if (command === 0xb0) expect([low, high]).toEqual([0x4f, 0xc2]);
    return Uint8Array.of(...new Uint8Array(16), ...page);
  }
  if (code !== controlCodes.queryProperty) throw refused();
  switch (view.getUint32(0, true)) {
    case 0:
      return descriptor(drive);
    case 49:
      if (!drive.health) throw refused();
      expect([view.getUint32(8, true), view.getUint32(12, true), view.getUint32(16, true), view.getUint32(28, true), input.length]).toEqual(
        [3, 1, 1, 4_096, 48 + 4_096],
      );
      return protocolAnswer(nvmeIdentity());
    case 50:
      if (!drive.health) throw refused();
      expect([view.getUint32(12, true), view.getUint32(16, true), view.getUint32(24, true), view.getUint32(28, true)]).toEqual([
        2, 2, 40, 512,
      ]);
      return protocolAnswer(drive.health);
    case 52:
      if (drive.temperature !== undefined) return temperatureAnswer(drive.temperature);
  }
  throw refused();
}

function contextOf(drives: Readonly<Record<number, MadeDrive | OsError>>, usbDrives = false): Context {
  const control = async (path: string, code: number, input: Uint8Array) => {
    const found = drives[Number(/^\\\\\.\\PhysicalDrive(\d+)$/.exec(path)?.[1])];
    if (found === undefined) throw new OsError("COLLECT_UNREADABLE", `${path}: 2`);
    if (found instanceof OsError) throw found;
    return answer(found, code, input);
  };
  return {
    os: { windows: async () => ({ devices: { control } }) } as unknown as Os,
    signal: new AbortController().signal,
    selection: { exclude: [], usbDrives, useSmartctl: false, forgetMissingDays: 30 },
  };
}

async function found(...input: Parameters<typeof contextOf>) {
  const read = await readDrives(contextOf(...input));
  if (!("ok" in read)) throw new Error(JSON.stringify(read));
  return read.ok;
}

describe("a drive on Windows", () => {
  test.each<[string, MadeDrive, object]>([
    [
      "at NVMe",
      { bus: busTypes.nvme, vendor: "NVMe", product: "HAUSWART NVME 1TB", health: nvmeHealth({ used: 90, warning: 0x04 }) },
      {
        drive: "HAUSWART NVME 1TB HW-N-0002",
        kind: "nvme",
        state: "measured",
        prediction: "failing",
        wearPercent: 90,
        temperatureCelsius: 37,
        warningAtCelsius: 82,
      },
    ],
    [
      "at NVMe, whose driver hides the log",
      { bus: busTypes.nvme, product: "HAUSWART NVME 1TB" },
      { drive: "HAUSWART NVME 1TB HW-0001", state: "unreadable", problem: "The driver does not hand out the drive's health log." },
    ],
    [
      "at SATA",
      { bus: busTypes.sata, smart: true, predicts: false },
      {
        drive: "HAUSWART HD 4000 HW-0001",
        kind: "hard-disk",
        state: "measured",
        prediction: "healthy",
        reallocatedCount: 3,
        temperatureCelsius: 40,
      },
    ],
    ["at SATA, which predicts its failure", { bus: busTypes.sata, smart: true, predicts: true }, { prediction: "failing" }],
    [
      "whose data come with the prediction only",
      { bus: busTypes.sata, predicts: false },
      { drive: "HAUSWART HD 4000 HW-0001", kind: "unknown", prediction: "healthy", reallocatedCount: 3 },
    ],
    [
      "at SATA, whose limits Windows knows",
      { bus: busTypes.sata, smart: true, predicts: false, temperature: 44 },
      { temperatureCelsius: 40, warningAtCelsius: 80, criticalAtCelsius: 90 },
    ],
    [
      "at its maker's limit, by the thresholds alone",
      { bus: busTypes.sata, smart: true, isWorn: true },
      { prediction: "failing", failingReasons: "5 Reallocated_Sector_Ct (10, limit 10)" },
    ],
    [
      "which tells its temperature to Windows alone",
      { bus: busTypes.nvme, health: nvmeHealth({ kelvins: 0 }), temperature: 44 },
      { temperatureCelsius: 44, warningAtCelsius: 82 },
    ],
    [
      "that tells nothing",
      { bus: busTypes.sata },
      { state: "unreadable", prediction: "not-told", problem: "The driver does not hand out S.M.A.R.T. data." },
    ],
    [
      "behind a RAID controller",
      { bus: busTypes.raid, vendor: "DELL", product: "PERC H730P" },
      { drive: "DELL PERC H730P HW-0001", state: "behind-controller" },
    ],
    [
      "behind a RAID controller that vouches for its volume",
      { bus: busTypes.raid, predicts: false, vouches: true },
      { state: "behind-controller" },
    ],
    [
      "at a RAID controller that lets questions through to NVMe",
      { bus: busTypes.raid, vendor: "NVMe", product: "HAUSWART NVME 1TB", health: nvmeHealth() },
      { drive: "HAUSWART NVME 1TB HW-N-0002", kind: "nvme", state: "measured" },
    ],
    [
      "at a RAID controller that lets questions through to ATA",
      { bus: busTypes.raid, smart: true, predicts: true },
      { kind: "hard-disk", state: "measured", prediction: "failing" },
    ],
    ["of Storage Spaces", { bus: busTypes.spaces }, { state: "behind-controller", problem: "Storage Spaces answers for its drives." }],
    [
      "behind a RAID controller that says that its volume fails",
      { bus: busTypes.raid, predicts: true, vouches: true },
      { state: "behind-controller", prediction: "failing" },
    ],
    ["at SAS", { bus: busTypes.sas }, { state: "behind-controller" }],
    ["at SAS, with its own page", { bus: busTypes.sas, smart: true }, { state: "measured", prediction: "healthy" }],
    ...(["sas", "scsi"] as const).flatMap((bus): [string, MadeDrive, object][] => [
      [
        `a volume at ${bus} for which a controller vouches`,
        { bus: busTypes[bus], vendor: "HPE", product: "LOGICAL VOLUME", predicts: false, vouches: true },
        { state: "behind-controller", prediction: "not-told" },
      ],
      [
        `a volume at ${bus} that a controller says will fail`,
        { bus: busTypes[bus], predicts: true, vouches: true },
        { prediction: "failing" },
      ],
    ]),
  ])("%s", async (_, drive, expected) => {
    const { drives, environment } = await found({ 0: drive });
    expect(environment).toBe("physical");
    expect(drives).toMatchObject([{ device: "\\\\.\\PhysicalDrive0", ...expected }]);
  });

  test.each<[string, MadeDrive]>([
    ["of Hyper-V", { bus: busTypes.sas, vendor: "Msft", product: "Virtual Disk" }],
    ["a mounted image", { bus: busTypes.fileBackedVirtual }],
    ["of VMware", { bus: busTypes.sas, vendor: "VMware", product: "Virtual disk" }],
  ])("%s is counted and no drive", async (_, drive) => {
    expect(await found({ 0: drive })).toEqual({ environment: "virtual", drives: [], places: new Map(), virtualCount: 1 });
  });

  test.each<[string, MadeDrive]>([
    ["removable", { bus: busTypes.usb, isRemovable: true }],
    ["at USB", { bus: busTypes.usb }],
    ["a card", { bus: busTypes.sd }],
    ["of another computer", { bus: busTypes.iscsi }],
  ])("%s is left out", async (_, drive) => {
    expect((await found({ 0: { bus: busTypes.sata, smart: true }, 1: drive })).drives).toHaveLength(1);
  });
});

test("numbers have gaps, and end somewhere", async () => {
  const drive: MadeDrive = { bus: busTypes.sata, smart: true };
  expect((await found({ 0: drive, 3: drive })).drives.map(({ device }) => device)).toEqual([
    "\\\\.\\PhysicalDrive0",
    "\\\\.\\PhysicalDrive3",
  ]);
  expect((await found({ 0: drive, 5: drive })).drives).toHaveLength(1);
  expect(await readDrives(contextOf({}))).toEqual({ noData: "no-disk-answered" });
});

test.each<OsError["code"]>(["COLLECT_PERMISSION_DENIED", "COLLECT_TIMED_OUT"])(
  "a drive that is not for us, or does not answer, is not passed over: %s",
  async (code) => {
    await expect(readDrives(contextOf({ 0: { bus: busTypes.sata, smart: true }, 1: new OsError(code, "drive 1") }))).rejects.toMatchObject({
      code,
    });
  },
);

test("a drive that refuses the first question is none", async () => {
  expect(await readDrives(contextOf({ 0: new OsError("COLLECT_UNSUPPORTED", "50") }))).toEqual({ noData: "no-disk-answered" });
});

test("answers that are too short are no drives", async () => {
  const os = { windows: async () => ({ devices: { control: async () => new Uint8Array(4) } }) } as unknown as Os;
  expect(await readDrives({ ...contextOf({}), os })).toEqual({ noData: "no-disk-answered" });
});

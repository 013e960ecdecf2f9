/** What smartctl said of real drives, and how Windows calls them. The made answers are in testing/made-smartctl.ts. */
import { expect } from "bun:test";
import { readRecording, recordings, testOnRecordings } from "@hauswart/testkit/recorded.ts";
import { wmiRowsOf } from "@hauswart/testkit/recorded-windows.ts";
import { parseDevice, parseScan } from "./smartctl.ts";
import { isVirtualModel } from "./virtual-models.ts";
import { busTypes } from "./windows-structures.ts";

const jsonOf = (path: string) => JSON.parse(readRecording(path)) as Record<string, unknown>;
const hours = (count: number) => count * 3_600;

/** What is true of each drive, read from its recording by eye. */
const drives: Readonly<Record<string, object>> = {
  "smart-ata": {
    drive: expect.stringContaining("WDC WD140EDFZ-11A0VA0 "),
    kind: "hard-disk",
    state: "measured",
    prediction: "healthy",
    temperatureCelsius: 32,
    powerOnSeconds: hours(1_730),
    reallocatedCount: 0,
    capacityBytes: 14_000_519_643_136,
  },
  "smart-ata-date2": {
    kind: "hard-disk",
    prediction: "healthy",
    temperatureCelsius: 62,
    powerOnSeconds: hours(3_030),
    reallocatedCount: 10,
    pendingCount: 10,
    uncorrectableCount: 10,
    transferErrorCount: 10,
  },
  "smart-ata-full": {
    drive: expect.stringContaining("Samsung SSD 860 EVO 500GB "),
    kind: "ssd",
    prediction: "healthy",
    wearPercent: 19,
    temperatureCelsius: 36,
    mediaErrorCount: 0,
    powerOnSeconds: hours(14_551),
  },
  "smart-ata2": { kind: "ssd", wearPercent: 1, temperatureCelsius: 32, powerOnSeconds: hours(846), capacityBytes: 128_035_676_160 },
  "smart-megaraid0": {
    kind: "hard-disk",
    prediction: "healthy",
    reallocatedCount: 0,
    powerOnSeconds: hours(37_787),
    temperatureCelsius: 36,
  },
  "smart-megaraid1": {
    kind: "hard-disk",
    prediction: "healthy",
    reallocatedCount: 387,
    powerOnSeconds: hours(37_788),
    temperatureCelsius: 36,
  },
  "smart-nvme-failed": {
    drive: expect.stringContaining("Samsung SSD 970 EVO 500GB "),
    kind: "nvme",
    prediction: "healthy",
    mediaErrorCount: 7,
    wearPercent: 3,
    availableSparePercent: 99,
    spareThresholdPercent: 10,
    powerOnSeconds: hours(12_798),
  },
  // Asked for its verdict alone.
  "smart-pass": { kind: "unknown", state: "measured", prediction: "healthy", temperatureCelsius: null },
  // A controller that answers for its volume: no verdict, and a temperature of 0 that is none.
  "smart-raid": { drive: "Intel Raid 1 Volume Volume1", state: "unreadable", temperatureCelsius: null, prediction: "not-told" },
  // Asked who they are, not how they are.
  smartctl_info_nvme: { drive: expect.stringContaining("KCD61LUL3T84 "), state: "unreadable", prediction: "not-told" },
  smartctl_info_sata_smart_support_object: {
    drive: expect.stringContaining("WD Red SA500 2.5 4TB "),
    state: "unreadable",
    prediction: "not-told",
  },
};

testOnRecordings("every recorded answer of smartctl about a drive", () => {
  const found = recordings("scrutiny", /^(?!smartctl_scan).*\.json$/).map((path): [string, object] => [
    path.replace(/^scrutiny\/|\.json$/g, ""),
    parseDevice(jsonOf(path), "/dev/sda"),
  ]);
  expect(found.map(([name]) => name).sort()).toEqual(Object.keys(drives).sort());
  for (const [name, drive] of found) expect([name, drive]).toMatchObject([name, drives[name]!]);
});

testOnRecordings("every recorded list of smartctl's devices", () => {
  const lists = recordings("scrutiny", /^smartctl_scan.*\.json$/).map((path) =>
    parseScan(jsonOf(path)).map(({ device, type }) => `${device} ${type}`),
  );
  expect(lists).toEqual([
    ["/dev/bus/0 megaraid,0", "/dev/bus/0 megaraid,1"],
    ["/dev/nvme0 nvme"],
    ["a", "b", "c", "d", "e", "f", "g"].map((letter) => `/dev/sd${letter} scsi`),
  ]);
});

testOnRecordings("virtual drives are told from real ones by the names that Windows has for them", () => {
  const rows = recordings("glpi-agent/win32/wmi", /(DiskDrive|PhysicalDisk)\.wmi$/).flatMap((path) => wmiRowsOf(readRecording(path)));
  expect(rows.map(({ Model: model }) => [model, isVirtualModel(String(model))])).toEqual([
    ["PC300 NVMe SK hynix 512GB", false],
    ["PC300 NVMe SK hynix 512GB", false],
    ["KXG50ZNV512G NVMe TOSHIBA 512GB", false],
    ["VBOX HARDDISK", true],
    ["VBOX HARDDISK ATA Device", true],
    ["Msft Virtual Disk SCSI Disk Device", true],
  ]);
  // MSFT_PhysicalDisk.BusType and STORAGE_BUS_TYPE count alike.
  const [nvme] = wmiRowsOf(readRecording("glpi-agent/win32/wmi/latitude-7480-MSFT_PhysicalDisk.wmi"));
  expect(nvme!["BusType"]).toBe(busTypes.nvme);
});

import { describe, expect, test } from "bun:test";
import { OsError, type Os } from "../../os/os.ts";
import type { WindowsCalls, WindowsVolume } from "../../os/windows/calls.ts";
import { readVolumes } from "./read-volumes.windows.ts";
import type { VolumeSelection } from "./volume.ts";
import { chooseWindowsVolumes, isPluggedDevice, mountOf, windowsMountPoints } from "./windows-volumes.ts";

const defaults: VolumeSelection = { include: [], exclude: [], networkVolumes: false, removableVolumes: false, readOnlyVolumes: false };
const size = { totalBytes: 1_000, freeBytes: 300, availableBytes: 250 };
const none = { totalBytes: 0, freeBytes: 0, availableBytes: 0 };

function volume(number: number, paths: string[], changes: Partial<WindowsVolume> = {}): WindowsVolume {
  return { id: `\\\\?\\Volume{${number}}\\`, paths, label: "", fileSystem: "NTFS", kind: "fixed", isReadOnly: false, ...size, ...changes };
}

const all = [
  volume(1, [], { label: "Wiederherstellung" }),
  volume(2, ["C:\\"], { label: "System" }),
  volume(3, ["C:\\Daten\\Archiv\\", "E:\\"]),
  volume(4, ["C:\\Daten\\Fotos\\"], { fileSystem: "ReFS" }),
  volume(5, ["F:\\"], { kind: "removable", fileSystem: "", ...none }),
  volume(6, ["G:\\"], { kind: "removable", fileSystem: "exFAT" }),
  volume(7, ["H:\\"], { kind: "optical", fileSystem: "UDF", isReadOnly: true }),
  volume(8, ["I:\\"], { fileSystem: "", ...none }),
  volume(9, ["J:\\"]),
  volume(10, ["N:\\"], { id: "N:\\", kind: "network" }),
];
const onUsb = ({ id }: WindowsVolume) => id.includes("{9}");
const chosen = (changes: Partial<VolumeSelection> = {}) => chooseWindowsVolumes(all, { ...defaults, ...changes }, onUsb);
const mounts = (changes: Partial<VolumeSelection> = {}) => chosen(changes).map(({ mount }) => mount);

describe("volumes of Windows", () => {
  test("are disks, wherever they are mounted; not what is mounted nowhere, plugged in, or another computer's", () => {
    expect(mounts()).toEqual(["C:", "C:\\Daten\\Fotos", "E:", "I:"]);
  });

  test("come with label, size and no limit of files", () => {
    expect(chosen()[0]).toEqual({
      mount: "C:",
      device: "System \\\\?\\Volume{2}\\",
      fileSystem: "ntfs",
      removable: false,
      size: { ...size, totalInodes: 0, freeInodes: 0 },
      problem: "",
    });
    expect(chosen()[1]).toMatchObject({ device: "\\\\?\\Volume{4}\\", fileSystem: "refs" });
  });

  test("that cannot be read say so", () => {
    expect(chosen().at(-1)).toMatchObject({ mount: "I:", size: undefined, problem: expect.stringContaining("BitLocker") });
  });

  test("that are plugged in, another computer's or read only count when the settings want them; an empty reader never does", () => {
    expect(mounts({ removableVolumes: true })).toEqual(["C:", "C:\\Daten\\Fotos", "E:", "G:", "I:", "J:"]);
    expect(mounts({ networkVolumes: true })).toContain("N:");
    expect(mounts({ removableVolumes: true, readOnlyVolumes: true })).toContain("H:");
  });

  test("are chosen by name, in capitals or not, with or without a backslash", () => {
    expect(mounts({ include: ["c:\\", "c:\\daten\\*"] })).toEqual(["C:", "C:\\Daten\\Fotos"]);
    expect(mounts({ include: ["N:"] })).toEqual(["N:"]);
    expect(mounts({ exclude: ["C:\\*", "i:"] })).toEqual(["C:", "E:"]);
  });

  test("have one name: a letter before a folder", () => {
    expect([mountOf(all[2]!), mountOf(all[0]!), mountOf({ paths: ["C:\\long\\", "C:\\a\\"] })]).toEqual(["E:", undefined, "C:\\a"]);
    expect([...windowsMountPoints(all.slice(0, 3))]).toEqual(["C:", "C:\\Daten\\Archiv", "E:"]);
  });
});

test("a device on USB, in a slot or on FireWire is plugged in; one that says too little is not", () => {
  const descriptor = (bus: number) => {
    const bytes = Buffer.alloc(64);
    bytes.writeUInt32LE(bus, 28);
    return isPluggedDevice(bytes);
  };
  expect([7, 4, 12, 13, 11, 17, 0].map(descriptor)).toEqual([true, true, true, false, false, false, false]);
  expect(isPluggedDevice(new Uint8Array(8))).toBe(false);
});

test("devices are asked once each, and those that refuse count as built in", async () => {
  const asked: string[] = [];
  const usb = Buffer.alloc(64);
  usb.writeUInt32LE(7, 28);
  const windows = {
    volumes: async () => all,
    devices: {
      control: async (path: string) => {
        asked.push(path);
        if (path.includes("{9}")) return usb;
        throw new OsError("COLLECT_UNREADABLE", "Windows error 1");
      },
    },
  } as unknown as WindowsCalls;
  const os = { windows: async () => windows } as unknown as Os;
  for (let times = 0; times < 2; times++) {
    const read = await readVolumes({ os, selection: defaults, waiting: new Set() });
    expect("ok" in read && read.ok.volumes.map(({ mount }) => mount)).toEqual(["C:", "C:\\Daten\\Fotos", "E:", "I:"]);
  }
  expect(asked).toEqual(["\\\\?\\Volume{2}", "\\\\?\\Volume{3}", "\\\\?\\Volume{4}", "\\\\?\\Volume{8}", "\\\\?\\Volume{9}"]);
});

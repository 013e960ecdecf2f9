import { expect, test } from "bun:test";
import type { MacosMount } from "../../os/macos/calls.ts";
import type { Os } from "../../os/os.ts";
import { chooseMounts } from "./macos-mounts.ts";
import { readVolumes } from "./read-volumes.macos.ts";
import type { VolumeSelection } from "./volume.ts";

const selection: VolumeSelection = { include: [], exclude: [], networkVolumes: false, removableVolumes: false, readOnlyVolumes: false };
const mount = (mountPoint: string, source: string, fileSystem = "apfs", flags = 0): MacosMount => ({
  mountPoint,
  source,
  fileSystem,
  flags,
});
const notShown = 0x10_0000;

/** A Mac with an Apple processor, as the documentation of APFS and mount(8) have it. */
const appleMac = [
  mount("/", "/dev/disk3s1s1", "apfs", 0x4000_0001),
  mount("/dev", "devfs", "devfs", notShown),
  mount("/System/Volumes/VM", "/dev/disk3s6", "apfs", notShown),
  mount("/System/Volumes/Preboot", "/dev/disk3s2", "apfs", notShown),
  mount("/System/Volumes/Data", "/dev/disk3s5", "apfs", notShown),
  mount("/System/Volumes/Data/home", "map auto_home", "autofs", notShown),
  mount("/System/Volumes/iSCPreboot", "/dev/disk1s1", "apfs", notShown),
  mount("/Volumes/Projekte", "/dev/disk3s7"),
  mount("/Volumes/com.apple.TimeMachine.localsnapshots", "com.apple.TimeMachine.2026-11-22", "apfs", 0x4000_0001),
  mount("/Volumes/Archiv", "/dev/disk5s1", "hfs"),
  mount("/Volumes/STICK", "/dev/disk6s1", "msdos"),
  mount("/Volumes/Firefox", "/dev/disk7s1", "hfs", 0x1),
  mount("/Volumes/Ablage", "//anna@server/Ablage", "smbfs"),
];
const names = (changes: Partial<VolumeSelection>) =>
  chooseMounts(appleMac, { ...selection, ...changes }, ({ mountPoint }) => mountPoint === "/Volumes/STICK").map(
    ({ mountPoint }) => mountPoint,
  );

test("volumes of one APFS container count once, under the start volume's name, though that is sealed", () => {
  expect(names({})).toEqual(["/", "/Volumes/Archiv"]);
});

test("what the settings want is there as well", () => {
  expect(names({ networkVolumes: true, removableVolumes: true, readOnlyVolumes: true })).toEqual([
    "/",
    "/Volumes/Ablage",
    "/Volumes/Archiv",
    "/Volumes/Firefox",
    "/Volumes/STICK",
  ]);
  expect(names({ include: ["/Volumes/Projekte", "/Volumes/Ablage"] })).toEqual(["/Volumes/Ablage", "/Volumes/Projekte"]);
  expect(names({ exclude: ["/Volumes/*"] })).toEqual(["/"]);
});

test("diskutil is asked once for each device, and what is measured are sizes of containers", async () => {
  const asked: string[] = [];
  const size = { totalBytes: 500e9, availableBytes: 100e9, freeBytes: 100e9, totalInodes: 0, freeInodes: 0 };
  const os = {
    macos: async () => ({ mounts: () => appleMac }),
    fileSystemSize: async () => size,
    run: async (program: string, argumentList: readonly string[]) => {
      asked.push([program, ...argumentList].join(" "));
      const isStick = argumentList.includes("/dev/disk6s1");
      return {
        exitCode: 0,
        stderr: "",
        stdout: `<plist version="1.0"><dict><key>RemovableMediaOrExternalDevice</key><${isStick}/></dict></plist>`,
      };
    },
  } as unknown as Os;
  for (let round = 0; round < 2; round++) {
    const read = await readVolumes({ os, selection: { ...selection, removableVolumes: true }, waiting: new Set() });
    if (!("ok" in read)) throw new Error(JSON.stringify(read));
    expect(read.ok.volumes.map(({ mount, removable, size }) => [mount, removable, size?.totalBytes])).toEqual([
      ["/", false, 500e9],
      ["/Volumes/Archiv", false, 500e9],
      ["/Volumes/STICK", true, 500e9],
    ]);
    expect(read.ok.mountPoints.has("/Volumes/Ablage")).toBe(true);
  }
  expect(asked.filter((line) => line.endsWith("/dev/disk6s1"))).toEqual(["diskutil info -plist /dev/disk6s1"]);
  expect(new Set(asked).size).toBe(asked.length);
});

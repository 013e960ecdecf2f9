import { describe, expect, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { hasBattery } from "@hauswart/agent/readers/batteries/has-battery.ts";
import { readEncryption as linux } from "./read-encryption.linux.ts";
import { readEncryption as macos } from "./read-encryption.macos.ts";
import { readEncryption as windows } from "./read-encryption.windows.ts";

const unreadable = (what: string) => new OsError("COLLECT_UNREADABLE", what);

describe("Linux", () => {
  const line = (number: string, mount: string, source: string, fileSystem = "ext4") =>
    `29 1 ${number} / ${mount} rw,relatime shared:1 - ${fileSystem} ${source} rw\n`;
  /** /boot in plain, root in LVM on LUKS, /srv on RAID of one encrypted and one plain disk, /data on a plain one. */
  const files: Record<string, string> = {
    "/proc/self/mountinfo": [
      line("253:1", "/", "/dev/mapper/vg-root"),
      line("8:2", "/boot", "/dev/sda2"),
      line("9:0", "/srv", "/dev/md0"),
      line("8:17", "/data", "/dev/sdb1"),
      line("0:42", "/home", "/dev/mapper/home", "btrfs"),
      line("0:50", "/tank", "tank/data", "zfs"),
    ].join(""),
    "/sys/class/block/dm-0/dm/uuid": "CRYPT-LUKS2-0123-cryptroot\n",
    "/sys/class/block/dm-1/dm/uuid": "LVM-abcdef\n",
    "/sys/class/block/dm-2/dm/uuid": "CRYPT-LUKS2-4567-a\n",
    "/sys/class/block/dm-3/dm/uuid": "CRYPT-LUKS1-89ab-home\n",
  };
  const links: Record<string, string> = {
    "/sys/dev/block/253:1": "../../devices/virtual/block/dm-1",
    "/sys/dev/block/8:2": "../../devices/pci/block/sda/sda2",
    "/sys/dev/block/9:0": "../../devices/virtual/block/md0",
    "/sys/dev/block/8:17": "../../devices/pci/block/sdb/sdb1",
    "/dev/mapper/home": "../dm-3",
  };
  const folders: Record<string, string[]> = { "/sys/class/block/dm-1/slaves": ["dm-0"], "/sys/class/block/md0/slaves": ["dm-2", "sdc1"] };
  const os = {
    readFile: async (path: string) => {
      if (files[path] === undefined) throw unreadable(path);
      return files[path];
    },
    readLink: async (path: string) => links[path],
    listDirectory: async (path: string) => {
      if (!folders[path]) throw unreadable(path);
      return folders[path];
    },
  } as unknown as Os;

  test("LUKS below LVM, below Btrfs; not where one of several disks is plain", async () => {
    const volumes = await linux(os);
    expect(Object.fromEntries(volumes.map(({ name, state }) => [name, state]))).toEqual({
      "/": "encrypted",
      "/data": "not-encrypted",
      "/home": "encrypted",
      "/srv": "not-encrypted",
      "/tank": "not-told",
    });
  });

  test("devices that lead back to themselves come to an end", async () => {
    const circle = {
      ...os,
      readFile: async (path: string) =>
        path === "/proc/self/mountinfo" ? line("8:17", "/", "/dev/sdb1") : Promise.reject(unreadable(path)),
      listDirectory: async () => ["sdb1"],
    } as unknown as Os;
    expect(await linux(circle)).toMatchObject([{ state: "not-encrypted" }]);
  });

  test("a battery is the computer's own", async () => {
    const supplies = (scope: string) =>
      ({
        listDirectory: async () => ["AC", "BAT"],
        readFile: async (path: string) => (path.endsWith("/AC/type") ? "Mains\n" : path.endsWith("type") ? "Battery\n" : scope),
      }) as unknown as Os;
    expect(await hasBattery("linux", supplies("POWER_SUPPLY_SCOPE=Device\n"))).toBe(false);
    expect(await hasBattery("linux", supplies("POWER_SUPPLY_STATUS=Full\n"))).toBe(true);
    expect(await hasBattery("linux", os)).toBeUndefined();
  });
});

describe("Windows", () => {
  const answer = async (rows: object[] | undefined, isOld = false) => {
    const os = {
      windows: async () => ({
        wmi: async (_: string, query: string) => {
          if (!rows || (isOld && query.includes("VolumeType"))) throw unreadable("invalid");
          return rows;
        },
        volumes: async () => [
          { paths: ["C:\\"], kind: "fixed" },
          { paths: ["E:\\"], kind: "removable" },
        ],
      }),
    } as unknown as Os;
    return (await windows(os)).map(({ name, state }) => `${name} ${state}`);
  };
  const volume = (letter: string, protection: number, conversion?: number, type = 1) => ({
    DeviceID: `\\\\?\\Volume{${letter}}\\`,
    DriveLetter: letter,
    ProtectionStatus: protection,
    ...(conversion === undefined ? {} : { ConversionStatus: conversion, VolumeType: type }),
  });
  test("what BitLocker says of each volume", async () => {
    expect(
      await answer([
        volume("C:", 1, 1, 0),
        volume("D:", 0, 0),
        volume("F:", 0, 1),
        volume("G:", 0, 2),
        volume("H:", 2, 1),
        volume("I:", 0, 0, 2),
      ]),
    ).toEqual(["C: encrypted", "D: not-encrypted", "F: suspended", "G: in-progress", "H: not-told"]);
  });
  test.each<[string, number | undefined, "present" | "none" | "not-told", boolean | undefined]>([
    ["a notebook", 10, "present", true],
    ["a notebook whose battery no longer tells", 10, "not-told", true],
    ["a tower with an uninterruptible power supply", 3, "present", false],
    ["a computer that does not say what it is, with a battery", undefined, "present", true],
    ["the same, whose maker wrote unknown", 2, "present", true],
    ["the same, of which nothing is known", 2, "not-told", undefined],
    ["a desktop", 3, "none", false],
    ["a computer that does not say what it is, without one", undefined, "none", false],
  ])("%s is told from what is carried about", async (_, enclosure, battery, expected) => {
    const os = {
      windows: async () => ({ power: async () => ({ isOnline: true, battery }), registry: { value: async () => enclosure } }),
    } as unknown as Os;
    expect(await hasBattery("win32", os)).toBe(expected as boolean);
  });
  test("BitLocker that names no volume does not say that there is none", async () => {
    expect(await answer([])).toEqual(["C: not-told"]);
    expect(await answer([volume("I:", 0, 0, 2)])).toEqual(["C: not-told"]);
  });
  test("an older Windows that knows fewer properties", async () => {
    expect(await answer([volume("C:", 1)], true)).toEqual(["C: encrypted"]);
  });
  test("a server without BitLocker", async () => {
    expect(await answer(undefined)).toEqual(["C: not-told"]);
  });
});

describe("macOS", () => {
  const volume = (name: string, role: string, more: string) =>
    `<dict><key>Name</key><string>${name}</string><key>Roles</key><array>${role ? `<string>${role}</string>` : ""}</array>${more}</dict>`;
  const list = (...containers: string[][]) =>
    `<plist version="1.0"><dict><key>Containers</key><array>${containers
      .map((volumes) => `<dict><key>Volumes</key><array>${volumes.join("")}</array></dict>`)
      .join("")}</array></dict></plist>`;
  const on = "<key>FileVault</key><true/>";
  const off = "<key>FileVault</key><false/>";
  const states = async (text: string) => {
    const os = { run: async () => ({ exitCode: 0, stdout: text, stderr: "" }) } as unknown as Os;
    return (await macos(os)).map(({ name, state }) => `${name} ${state}`);
  };
  test("volumes of people's data count, the system's own parts and other disks do not", async () => {
    const system = [
      volume("Macintosh HD", "System", off),
      volume("Preboot", "Preboot", off),
      volume("Data", "Data", on),
      volume("Projekte", "", off),
    ];
    expect(await states(list(system, [volume("Stick", "", off)]))).toEqual(["Data encrypted", "Projekte not-encrypted"]);
  });
  test("one that is being encrypted, and one that is not told of", async () => {
    expect(await states(list([volume("Data", "Data", `${on}<key>CryptoMigrationOn</key><true/>`)]))).toEqual(["Data in-progress"]);
    expect(await states(list([volume("Data", "Data", "")]))).toEqual(["Data not-told"]);
  });
});

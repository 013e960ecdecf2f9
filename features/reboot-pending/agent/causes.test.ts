import { describe, expect, test } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { RegistryValue } from "@hauswart/agent/os/windows/calls.ts";
import collectors from "./index.ts";
import { readCauses as linux } from "./read-causes.linux.ts";
import { readCauses as macos } from "./read-causes.macos.ts";
import { readCauses as windows, replacedFiles } from "./read-causes.windows.ts";

interface FakeComputer {
  files?: Record<string, string>;
  links?: Record<string, string>;
  folders?: Record<string, string[]>;
}

function osOf({ files = {}, links = {}, folders = {} }: FakeComputer): Os {
  const found = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new OsError("COLLECT_UNREADABLE", what);
    return value;
  };
  return {
    readFile: async (path: string) => found({ "/proc/sys/kernel/osrelease": "6.1.0-26-amd64\n", ...files }[path], path),
    readLink: async (path: string) => links[path],
    listDirectory: async (path: string) => found(folders[path], path),
  } as unknown as Os;
}

const osWithout = (os: Os, call: "listDirectory"): Os => ({
  ...os,
  [call]: async () => Promise.reject(new OsError("COLLECT_UNREADABLE", call)),
});

describe("Linux", () => {
  const both = { "/boot": ["vmlinuz-6.1.0-26-amd64", "vmlinuz-6.1.0-28-amd64"] };
  const toNewer = { "/vmlinuz": "boot/vmlinuz-6.1.0-28-amd64" };
  const id = "0123456789abcdef0123456789abcdef";
  test.each<[string, FakeComputer, string[]]>([
    ["nothing waits", {}, []],
    [
      "packages",
      { files: { "/run/reboot-required": "*** System restart required ***\n", "/run/reboot-required.pkgs": "libssl3\nlibc6\nlibssl3\n" } },
      ["packages: libc6, libssl3"],
    ],
    ["without a reason", { files: { "/run/reboot-required": "" } }, ["packages: "]],
    ["SUSE's packages", { files: { "/run/reboot-needed": "" } }, ["packages: "]],
    ["a newer kernel", { folders: both, links: toNewer }, ["kernel: 6.1.0-28-amd64"]],
    ["not the kernel that runs", { folders: both, links: { "/vmlinuz": "boot/vmlinuz-6.1.0-26-amd64" } }, []],
    ["not where the running kernel came from outside", { folders: { "/boot": ["vmlinuz-6.1.0-28-amd64"] }, links: toNewer }, []],
    ["not a link into nothing", { folders: { "/boot": ["vmlinuz-6.1.0-26-amd64"] }, links: toNewer }, []],
    [
      "a newer kernel of Fedora's boot loader",
      { folders: both, files: { "/boot/grub2/grubenv": `# GRUB\nsaved_entry=${id}-6.1.0-28-amd64\nboot_success=1\n###` } },
      ["kernel: 6.1.0-28-amd64"],
    ],
    ["a kernel whose modules went", { folders: { "/boot": ["vmlinuz-linux"], "/usr/lib/modules": ["6.12.1-arch1-1"] } }, ["kernel: "]],
    ["a kernel whose modules are there", { folders: { "/boot": ["vmlinuz-linux"], "/usr/lib/modules": ["6.1.0-26-amd64"] } }, []],
  ])("%s", async (_, computer, expected) => {
    expect((await linux(osOf(computer)))!.map(({ cause, detail }) => `${cause}: ${detail}`)).toEqual(expected);
  });
});

describe("Windows", () => {
  const currentVersion = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion";
  const control = "HKLM\\SYSTEM\\CurrentControlSet\\Control";
  const names = (active: string, next: string) => ({
    [`${control}\\ComputerName\\ActiveComputerName`]: { ComputerName: active },
    [`${control}\\ComputerName\\ComputerName`]: { ComputerName: next },
  });
  type Keys = Record<string, Record<string, RegistryValue>>;
  const osWith = (keys: Keys) =>
    ({
      windows: async () => ({
        registry: {
          value: async (key: string, name: string) => keys[key]?.[name],
          values: async (key: string) => keys[key] && new Map(Object.entries(keys[key])),
          keys: async (key: string) => (keys[key] ? [] : undefined),
        },
      }),
    }) as unknown as Os;
  test.each<[string, Keys, string[]]>([
    ["nothing waits", names("PC-1", "pc-1"), []],
    [
      "updates and servicing",
      {
        [`${currentVersion}\\Component Based Servicing\\RebootPending`]: {},
        [`${currentVersion}\\WindowsUpdate\\Auto Update\\RebootRequired`]: {},
      },
      ["servicing: ", "windows-update: "],
    ],
    ["a new name", names("PC-1", "PC-2"), ["computer-name: PC-2"]],
    ["a new domain", { "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Netlogon": { JoinDomain: "x" } }, ["domain: "]],
    [
      "a driver is replaced",
      {
        [`${control}\\Session Manager`]: {
          PendingFileRenameOperations: ["\\??\\C:\\Windows\\Temp\\a.sys", "!\\??\\C:\\Windows\\System32\\drivers\\a.sys"],
        },
      },
      ["file-replacement: a.sys"],
    ],
  ])("%s", async (_, keys, expected) => {
    expect((await windows(osWith(keys)))!.map(({ cause, detail }) => `${cause}: ${detail}`)).toEqual(expected);
  });

  test("what programs clear away at the next start is nothing", () => {
    expect(
      replacedFiles([
        "\\??\\C:\\Users\\a\\AppData\\Local\\Temp\\b.tmp",
        "",
        "\\??\\C:\\Program Files\\Google\\Chrome\\Temp\\old.exe",
        "!\\??\\C:\\Program Files\\Google\\Chrome\\new.exe",
        "\\??\\C:\\Windows\\System32\\spool\\drivers\\x64\\old.dll",
        "!\\??\\C:\\Windows\\System32\\spool\\drivers\\x64\\new.dll",
        "\\??\\C:\\Windows\\System32\\deleted.dll",
      ]),
    ).toEqual([]);
  });

  test("pairs are told apart also where an empty target was lost", () => {
    expect(replacedFiles(["\\??\\C:\\a", "\\??\\C:\\Windows\\Temp\\n.dll", "!\\??\\C:\\Windows\\System32\\n.dll"])).toEqual([
      "C:\\Windows\\System32\\n.dll",
    ]);
  });
});

describe("macOS", () => {
  const group = "/System/Volumes/Preboot/0A1B2C3D-0000-4444-8888-0123456789AB";
  const plist = (version: string, build: string) =>
    `<plist version="1.0"><dict><key>ProductBuildVersion</key><string>${build}</string><key>ProductVersion</key><string>${version}</string></dict></plist>`;
  /** Folders of a Mac that runs 26.1 (25B78). */
  const mac = (folders: Record<string, string[]>, files: Record<string, string> = {}, running: string | undefined = "25B78") => {
    const preboot = { "/System/Volumes/Preboot": [group.slice(-36), "bootstrap.plist"], ...folders };
    return { ...osOf({ folders: preboot, files }), macos: async () => ({ sysctlText: () => running }) } as unknown as Os;
  };
  const cryptex = `${group}/cryptex1`;
  const prepared = (...names: string[]) => ({ [cryptex]: ["current", "proposed"], [`${cryptex}/proposed`]: names });
  const waiting = [{ cause: "system-version", detail: "26.2 (25C56)" }];
  test.each<[string, Os, unknown]>([
    ["nothing is prepared", mac({ [cryptex]: ["current"] }), []],
    [
      "an update is prepared",
      mac(prepared("os.dmg", "SystemVersion.plist"), { [`${cryptex}/proposed/SystemVersion.plist`]: plist("26.2", "25C56") }),
      waiting,
    ],
    [
      "an update that names itself in its manifest alone",
      mac(prepared("os.dmg", "BuildManifest.plist"), { [`${cryptex}/proposed/BuildManifest.plist`]: plist("26.2", "25C56") }),
      waiting,
    ],
    [
      "what runs already",
      mac(prepared("SystemVersion.plist"), { [`${cryptex}/proposed/SystemVersion.plist`]: plist("26.1", "25B78") }),
      [],
    ],
    ["an empty folder", mac(prepared()), []],
    ["a system that keeps none of it", mac({}), undefined],
    ["one whose volume tells nothing", osWithout(mac({}), "listDirectory"), undefined],
  ])("%s", async (_, os, expected) => expect(await macos(os)).toEqual(expected as never));
  test("what does not say what it is, is unknown", async () => {
    await expect(macos(mac(prepared("os.dmg")))).rejects.toBeInstanceOf(OsError);
    await expect(macos(mac(prepared("os.dmg"), {}, ""))).rejects.toBeInstanceOf(OsError);
  });
  test("a Mac that does not tell has no data", async () => {
    const context = {
      system: "darwin" as const,
      selection: {},
      instance: "",
      os: mac({}),
      signal: new AbortController().signal,
      now: () => 1,
    };
    expect(await collectors[0]!.collect(context, { values: new Map(), kept: {} })).toEqual({ noData: "not-told" });
  });
});

test("a pending restart keeps its time until it is over", async () => {
  const memory: Memory = { values: new Map(), kept: {} };
  const measure = async (files: Record<string, string>, nowMs: number) => {
    const answer = await collectors[0]!.collect(
      { system: "linux", selection: {}, instance: "", os: osOf({ files }), signal: new AbortController().signal, now: () => nowMs },
      memory,
    );
    return "ok" in answer ? answer.ok.pendingSince : answer;
  };
  const needed = { "/run/reboot-required": "" };
  expect([await measure({}, 100), await measure(needed, 200), await measure(needed, 300)]).toEqual([null, 200, 200]);
  expect([await measure(needed, 150), await measure({}, 400), await measure(needed, 500)]).toEqual([150, null, 500]);
});

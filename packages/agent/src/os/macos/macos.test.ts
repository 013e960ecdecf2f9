import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Os } from "../os.ts";
import { asleepMs, mountBytes, readMounts, readProcessorTicks, readSwapUsed, readTimeMs, readVirtualMemory } from "./native-structures.ts";
import { parsePlist, plistAt, plistFlag, plistText } from "./plist.ts";
import { launchdService } from "./service.macos.ts";
import { endReason, systemName } from "./system.macos.ts";

describe("the kernel's structures", () => {
  test("ticks go on where 32 bits end", () => {
    const view = new DataView(new ArrayBuffer(16));
    const write = (...ticks: number[]) => ticks.forEach((tick, index) => view.setUint32(index * 4, tick, true));
    write(4_294_967_290, 10, 100, 0);
    const first = readProcessorTicks(view, undefined);
    write(4, 12, 130, 0);
    expect(readProcessorTicks(view, first)).toEqual({ user: 4_294_967_300, system: 12, idle: 130, nice: 0 });
  });

  test("pages count in bytes", () => {
    const view = new DataView(new ArrayBuffer(152));
    for (const [offset, pages] of [
      [0, 1],
      [12, 2],
      [88, 3],
      [128, 4],
      [140, 5],
    ] as const)
      view.setUint32(offset, pages, true);
    expect(readVirtualMemory(view, 16_384)).toEqual({
      freeBytes: 16_384,
      wiredBytes: 32_768,
      purgeableBytes: 49_152,
      compressorBytes: 65_536,
      internalBytes: 81_920,
    });
  });

  test("mounts have their names, and no more are read than there are", () => {
    const bytes = new Uint8Array(3 * mountBytes);
    const write = (start: number, text: string) => bytes.set(new TextEncoder().encode(text), start);
    new DataView(bytes.buffer).setUint32(64, 0x4000_0001, true);
    write(72, "apfs");
    write(88, "/");
    write(1_112, "/dev/disk3s1s1");
    write(mountBytes + 72, "smbfs");
    write(mountBytes + 88, "/Volumes/Büro");
    write(mountBytes + 1_112, "//anna@server/Büro");
    expect(readMounts(bytes, 2)).toEqual([
      { flags: 0x4000_0001, fileSystem: "apfs", mountPoint: "/", source: "/dev/disk3s1s1" },
      { flags: 0, fileSystem: "smbfs", mountPoint: "/Volumes/Büro", source: "//anna@server/Büro" },
    ]);
    expect(readMounts(bytes, 9)).toHaveLength(3);
  });

  test("sleep is what one clock is ahead of the other, in milliseconds", () => {
    // Apple silicon ticks 24 million times a second.
    expect(asleepMs(24_000_000n * 5_000n, 24_000_000n * 1_400n, new Uint32Array([125, 3]))).toBe(3_600_000);
    expect(asleepMs(7_000_000_000n, 7_000_000_000n, new Uint32Array([1, 1]))).toBe(0);
  });

  test("times and swap space are numbers", () => {
    const view = new DataView(new ArrayBuffer(32));
    view.setBigInt64(0, 1_790_000_000n, true);
    view.setInt32(8, 250_000, true);
    expect(readTimeMs(view)).toBe(1_790_000_000_250);
    view.setBigUint64(16, 1_073_741_824n, true);
    expect(readSwapUsed(view)).toBe(1_073_741_824);
  });
});

describe("the service", () => {
  const computer = (answers: Record<string, number> = {}) => {
    const root = mkdtempSync(join(tmpdir(), "hauswart-launchd-"));
    mkdirSync(join(root, "Library/LaunchDaemons"), { recursive: true });
    const executable = join(root, "downloaded");
    writeFileSync(executable, "program");
    const ran: string[] = [];
    const os = {
      run: async (program: string, words: readonly string[]) => {
        ran.push([program, ...words].join(" ").replaceAll(root, ""));
        return { exitCode: answers[words[0]!] ?? 0, stdout: "", stderr: "no such thing" };
      },
    } as unknown as Os;
    return {
      root,
      ran,
      service: launchdService(os, { root, executable, isRoot: true, retryMs: 0 }),
      [Symbol.dispose]: () => rmSync(root, { recursive: true }),
    };
  };

  test("is written, loaded, and gone again", async () => {
    using mac = computer({ bootout: 3 });
    await mac.service.install();
    const plist = join(mac.root, "Library/LaunchDaemons/hauswart-agent.plist");
    expect(readFileSync(join(mac.root, "usr/local/bin/hauswart-agent"), "utf8")).toBe("program");
    const written = parsePlist(readFileSync(plist, "utf8"));
    expect([plistText(written, "Label"), plistAt(written, "ProgramArguments")]).toEqual([
      "hauswart-agent",
      ["/bin/sh", "-c", expect.stringContaining('exec "$0" run'), "/usr/local/bin/hauswart-agent"],
    ]);
    expect([plistFlag(written, "KeepAlive"), plistFlag(written, "RunAtLoad"), plistAt(written, "Umask")]).toEqual([true, true, 0o077]);
    expect(mac.ran).toEqual([
      "launchctl bootout system/hauswart-agent",
      "launchctl enable system/hauswart-agent",
      "launchctl bootstrap system /Library/LaunchDaemons/hauswart-agent.plist",
    ]);
    // newsyslog(8) splits at spaces, and a path that it does not find is none that it turns over.
    const rotation = join(mac.root, "private/etc/newsyslog.d/hauswart-agent.conf");
    const [path, ...fields] = readFileSync(rotation, "utf8").trim().split("\n").at(-1)!.split(/\s+/);
    expect([path, fields]).toEqual([plistText(written, "StandardErrorPath"), ["root:wheel", "640", "3", "1024", "*", "NJ"]]);
    await mac.service.uninstall(false);
    expect(existsSync(rotation)).toBe(false);
    expect([existsSync(plist), existsSync(join(mac.root, "usr/local/bin/hauswart-agent"))]).toEqual([false, false]);
    expect(mac.ran.at(-1)).toBe("launchctl bootout system/hauswart-agent");
  });

  test("says so when launchd does not take it, or when nobody allows it", async () => {
    using mac = computer({ bootstrap: 5 });
    await expect(mac.service.install()).rejects.toThrow("launchctl bootstrap system");
    const service = launchdService({} as Os, { root: mac.root, executable: "x", isRoot: false, retryMs: 0 });
    await expect(service.install()).rejects.toThrow("Only root");
  });
});

test.each([
  ["14.5", "macOS Sonoma 14.5"],
  ["26.1", "macOS Tahoe 26.1"],
  ["99.0", "macOS 99.0"],
])("macOS %s is called as people call it", (version, name) => expect(systemName(version)).toBe(name));

test.each<[string, string, number | undefined, string]>([
  ["a program was ended", "/sbin/launchd\n/usr/libexec/rebootd-helper\n", 0, "agent-stop"],
  ["reboot", "/sbin/launchd\n/sbin/reboot\n", 0, "restart"],
  ["shutdown -r now", "/sbin/shutdown -r now\n", undefined, "restart"],
  ["shutdown -h +1", "  /sbin/shutdown -h +1\n", 0, "shutdown"],
  ["the menu", "/sbin/launchd\n", 1, "shutdown"],
])("the reason of an end: %s", async (_, processes, willShutDown, reason) => {
  const run = async () => ({ exitCode: 0, stdout: processes, stderr: "" });
  expect(await endReason(run, { sysctlNumber: () => willShutDown })).toBe(reason as never);
});

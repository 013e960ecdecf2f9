import { describe, expect, test } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { OsError, type Os, type ProgramResult } from "@hauswart/agent/os/os.ts";
import collectors from "./index.ts";
import { isToBeFoundOut, recordFrom, updateRecord, type BootRecord } from "./boot-record.ts";
import { parseBoot, parseLast, reader } from "./read-boot.linux.ts";

const processOne = (start: number) => `1 (systemd (x)) S 0 1 1 0 -1 4194560 2518 9885 0 0 7 4 4 6 20 0 1 0 ${start} 20398080 2883`;

interface FakeComputer {
  files?: Record<string, string>;
  links?: Record<string, string>;
  folders?: Record<string, string[]>;
  programs?: Record<string, (argumentList: readonly string[]) => ProgramResult | undefined>;
}

function osOf({ files = {}, links = {}, folders = {}, programs = {} }: FakeComputer): Os {
  const found = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new OsError("COLLECT_UNREADABLE", what);
    return value;
  };
  return {
    readFile: async (path: string) => found(files[path], path),
    readLink: async (path: string) => links[path],
    listDirectory: async (path: string) => found(folders[path], path),
    run: async (program: string, argumentList: readonly string[]) => {
      const answer = programs[program]?.(argumentList);
      if (!answer) throw new OsError("COLLECT_UNSUPPORTED", `there is no program ${program}`);
      return answer;
    },
  } as unknown as Os;
}

const says = (stdout: string, exitCode = 0): ProgramResult => ({ exitCode, stdout, stderr: "" });
/** A journal that holds these messages of the run before; undefined: none is kept. */
const journal = (before: "shutdown" | "crash" | undefined) => (argumentList: readonly string[]) =>
  before === undefined
    ? says("", 1)
    : says(
        argumentList.some((argument) => argument.startsWith("MESSAGE_ID")) && before === "crash" ? "" : "Reached target shutdown.target\n",
      );

describe("the start", () => {
  test("of a computer, as recorded", () => {
    const boot = parseBoot({
      bootId: "31832e4f-480f-49ea-a27c-b7d6e16c98de\n",
      stat: "cpu 1\nbtime 1795294281\n",
      uptime: "3006.55 5000.00\n",
      firstProcess: processOne(4),
    });
    expect(boot).toEqual({ id: "31832e4f-480f-49ea-a27c-b7d6e16c98de", bootedAt: 1_795_294_281_000, uptimeSeconds: 3_007 });
  });
  test("of a container is its own, not its host's", () => {
    expect(parseBoot({ bootId: "a", stat: "btime 1795294281\n", uptime: "3006.59 5000.00\n", firstProcess: processOne(300_609) })).toEqual({
      id: "a",
      bootedAt: 1_795_297_287_000,
      uptimeSeconds: 1,
    });
  });
  test.each([
    ["no boot time", { bootId: "a", stat: "", uptime: "1 1", firstProcess: processOne(4) }],
    ["no uptime", { bootId: "a", stat: "btime 1\n", uptime: "", firstProcess: processOne(4) }],
    ["no first process", { bootId: "a", stat: "btime 1\n", uptime: "1 1", firstProcess: "" }],
    ["no boot id", { bootId: "\n", stat: "btime 1\n", uptime: "1 1", firstProcess: processOne(4) }],
  ])("with %s is not understood", (_, files) => {
    expect(parseBoot(files)).toBeUndefined();
  });
});

describe("how the run before ended", () => {
  const orderlyLast =
    "reboot   system boot  6.1.0-28-amd64   Sat Nov 21 21:41\nshutdown system down  6.1.0-28-amd64   Sat Nov 21 21:40\n\nwtmp begins Sat\n";
  const crashLast = "reboot   system boot  6.1.0-28-amd64   Sat Nov 21 21:41\nreboot   system boot  6.1.0-28-amd64   Sat Nov 21 20:40\n";
  test.each<[string, FakeComputer["programs"], string]>([
    ["the journal holds a shutdown", { journalctl: journal("shutdown"), last: () => says(crashLast) }, "orderly"],
    ["the journal breaks off", { journalctl: journal("crash"), last: () => says(orderlyLast) }, "unexpected"],
    ["no journal, a shutdown on record", { journalctl: journal(undefined), last: () => says(orderlyLast) }, "orderly"],
    ["no journal, two starts on record", { last: () => says(crashLast) }, "unexpected"],
    ["no journal and no record", {}, "undetermined"],
    ["the record begins with this start", { last: () => says("reboot   system boot  6.1.0\n\nwtmp begins Sat\n") }, "undetermined"],
    ["the record does not know of this start", { last: () => says("shutdown system down\nreboot   system boot\n") }, "undetermined"],
  ])("%s", async (_, programs, expected) => {
    expect(await reader.howThePreviousRunEnded(osOf({ programs }))).toBe(expected as never);
  });
  test("an empty record tells nothing", () => {
    expect(parseLast("")).toBe("undetermined");
  });
});

describe("a restart is needed", () => {
  const kernels = { files: { "/proc/sys/kernel/osrelease": "6.1.0-26-amd64\n" }, links: { "/vmlinuz": "boot/vmlinuz-6.1.0-28-amd64" } };
  const both = { "/boot": ["vmlinuz-6.1.0-26-amd64", "vmlinuz-6.1.0-28-amd64"] };
  test.each<[string, FakeComputer, string[]]>([
    ["not at all", {}, []],
    [
      "by packages",
      { files: { "/run/reboot-required": "*** System restart required ***\n", "/run/reboot-required.pkgs": "libssl3\nlibc6\nlibssl3\n" } },
      ["libc6", "libssl3"],
    ],
    ["without a reason", { files: { "/run/reboot-required": "" } }, ["reboot-required"]],
    ["by a newer kernel", { ...kernels, folders: both }, ["kernel 6.1.0-28-amd64"]],
    ["not by the kernel that runs", { ...kernels, folders: both, links: { "/vmlinuz": "boot/vmlinuz-6.1.0-26-amd64" } }, []],
    ["not where the running kernel came from outside", { ...kernels, folders: { "/boot": ["vmlinuz-6.1.0-28-amd64"] } }, []],
    ["not by a link into nothing", { ...kernels, folders: { "/boot": ["vmlinuz-6.1.0-26-amd64"] } }, []],
  ])("%s", async (_, computer, expected) => {
    expect(await reader.restartReasons(osOf(computer))).toEqual(expected);
  });
});

describe("the record", () => {
  const boot = { id: "one", bootedAt: 1_000_000, uptimeSeconds: 100 };
  const record: BootRecord = { bootId: "one", bootedAt: 1_000_000, lastRestart: "none-seen", pendingSince: null };
  test.each<[string, BootRecord | undefined, typeof boot, boolean]>([
    ["at the first measurement", undefined, boot, false],
    ["in the same run", record, boot, false],
    ["after a restart", record, { ...boot, id: "two" }, true],
    ["again, while the system may still write it down", { ...record, lastRestart: "undetermined" }, boot, true],
    ["no more, when it has had its time", { ...record, lastRestart: "undetermined" }, { ...boot, uptimeSeconds: 1_000 }, false],
  ])("how the run before ended is asked: %s", (_, before, now, expected) => {
    expect(isToBeFoundOut(before, now)).toBe(expected);
  });
  test("the start stays where it was while only the rounding moves it", () => {
    expect(updateRecord(record, { ...boot, bootedAt: 1_001_000 }, undefined, false, 0).bootedAt).toBe(1_000_000);
    expect(updateRecord(record, { ...boot, bootedAt: 9_000_000 }, undefined, false, 0).bootedAt).toBe(9_000_000);
  });
  test("a pending restart keeps its time, until it is over or the computer was restarted", () => {
    const pending = updateRecord(record, boot, undefined, true, 500);
    expect(pending.pendingSince).toBe(500);
    expect(updateRecord(pending, boot, undefined, true, 900).pendingSince).toBe(500);
    expect(updateRecord(pending, boot, undefined, false, 900).pendingSince).toBeNull();
    expect(updateRecord(pending, { ...boot, id: "two" }, "orderly", true, 900).pendingSince).toBe(900);
  });
  test("survives its way through a file, and nonsense does not", () => {
    expect(recordFrom(JSON.parse(JSON.stringify(record)))).toEqual(record);
    for (const kept of [undefined, null, 3, {}, { ...record, lastRestart: "maybe" }, { ...record, bootedAt: "x" }])
      expect(recordFrom(kept)).toBeUndefined();
  });
});

test("over three runs: the first is history, a crash is told, a restart in order ends it", async () => {
  const memory: Memory = { values: new Map(), kept: {} };
  const measure = async (bootId: string, before: "shutdown" | "crash") => {
    const files = {
      "/proc/sys/kernel/random/boot_id": bootId,
      "/proc/stat": "btime 1795294281\n",
      "/proc/uptime": "60.00 1.00",
      "/proc/1/stat": processOne(4),
      "/proc/sys/kernel/osrelease": "6.1.0",
    };
    const os = osOf({ files, programs: { journalctl: journal(before) } });
    const answer = await collectors[0]!.collect(
      { system: "linux", selection: {}, instance: "", os, signal: new AbortController().signal, now: () => 1 },
      memory,
    );
    return "ok" in answer ? answer.ok.lastRestart : answer;
  };
  expect(await measure("one", "crash")).toBe("none-seen");
  expect(await measure("two", "crash")).toBe("unexpected");
  expect(await measure("two", "shutdown")).toBe("unexpected");
  expect(await measure("three", "shutdown")).toBe("orderly");
});

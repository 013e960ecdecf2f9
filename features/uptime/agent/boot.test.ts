import { describe, expect, test } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { OsError, type Os, type ProgramResult } from "@hauswart/agent/os/os.ts";
import collectors from "./index.ts";
import { isToBeFoundOut, recordFrom, updateRecord, type BootRecord } from "./boot-record.ts";
import { parseLast } from "./parse-last.ts";
import { parseBoot, reader } from "./read-boot.linux.ts";
import { reader as macos } from "./read-boot.macos.ts";
import { reader as windows } from "./read-boot.windows.ts";

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

describe("a Windows computer", () => {
  const bootedAt = Date.UTC(2026, 10, 21);
  const pc = (changes: { starts?: number; events?: readonly number[]; queries?: string[] }) => {
    const calls = {
      bootedAtMs: async () => bootedAt,
      registry: { value: async (_: string, name: string) => (name === "BootId" ? changes.starts : undefined) },
      processes: async () => [null, 5_000, 4_000].map((startedAtMs) => ({ startedAtMs })),
      events: {
        read: async (channel: string, query: string) => {
          changes.queries?.push(`${channel} ${query}`);
          if (!changes.events) throw new OsError("COLLECT_UNREADABLE", "event log");
          return changes.events.map((eventId, index) => ({ eventId, recordId: 1_000n + BigInt(index) })).toReversed();
        },
      },
    };
    return { windows: async () => calls } as unknown as Os;
  };

  test("was started when Windows says; the number of the start tells it from others, or when its first process began", async () => {
    expect(await windows.boot(pc({ starts: 17 }))).toMatchObject({ id: "start 17", bootedAt });
    expect(await windows.boot(pc({}))).toMatchObject({ id: "since 4000" });
  });
  test.each<[string, readonly number[] | undefined, string]>([
    ["after a shutdown", [6005], "orderly"],
    ["after a power cut", [6005, 41, 6008], "unexpected"],
    ["soon after another start that was one", [41, 6008, 6005, 6006, 6005], "orderly"],
    ["after a power cut soon after a restart", [6006, 6005, 41, 6008, 6005], "unexpected"],
    ["while the log is about to begin", [6006], "undetermined"],
    ["when the log was cleared since", [], "undetermined"],
    ["when the log cannot be read", undefined, "undetermined"],
  ])("%s the run before ended so", async (_, events, ended) => {
    expect(await windows.howThePreviousRunEnded(pc(events ? { events } : {}))).toBe(ended as never);
  });
  test("only what was written since shortly before the start is asked for", async () => {
    const queries: string[] = [];
    await windows.howThePreviousRunEnded(pc({ events: [], queries }));
    expect(queries[0]).toStartWith("System *[System[TimeCreated[@SystemTime>='2026-11-20T23:50:00.000Z'] and (");
  });
});

describe("a Mac", () => {
  const mac = (calls: object, last?: ProgramResult) =>
    ({ ...osOf({ programs: { last: () => last } }), macos: async () => calls }) as unknown as Os;
  test("was started when its kernel says", async () => {
    const bootedAtMs = Date.now() - 3_600_000;
    const boot = await macos.boot(mac({ sysctlText: () => "6A1D-uuid", bootedAtMs: () => bootedAtMs }));
    expect(boot.id).toBe("6A1D-uuid");
    expect(Math.abs(boot.bootedAt - bootedAtMs)).toBeLessThanOrEqual(500);
    expect(Math.abs(boot.uptimeSeconds - 3_600)).toBeLessThanOrEqual(5);
    await expect(macos.boot(mac({ sysctlText: () => undefined, bootedAtMs: () => undefined }))).rejects.toBeInstanceOf(OsError);
  });
  test.each<[string, ProgramResult | undefined, string]>([
    [
      "in order",
      says("reboot time                                Sun Nov 22 04:00\nshutdown time                              Sun Nov 22 03:59\n"),
      "orderly",
    ],
    [
      "by a crash, in the words of an older system",
      says("reboot    ~                         Sun Nov 22 04:00\nreboot    ~                         Sat Nov 21 08:00\n"),
      "unexpected",
    ],
    ["without a record", undefined, "undetermined"],
  ])("tells how the run before ended: %s", async (_, last, expected) => {
    expect(await macos.howThePreviousRunEnded(mac({}, last))).toBe(expected as never);
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

describe("the record", () => {
  const boot = { id: "one", bootedAt: 1_000_000, uptimeSeconds: 100 };
  const record: BootRecord = { bootId: "one", bootedAt: 1_000_000, lastRestart: "none-seen" };
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
    expect(updateRecord(record, { ...boot, bootedAt: 1_001_000 }, undefined).bootedAt).toBe(1_000_000);
    expect(updateRecord(record, { ...boot, bootedAt: 9_000_000 }, undefined).bootedAt).toBe(9_000_000);
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

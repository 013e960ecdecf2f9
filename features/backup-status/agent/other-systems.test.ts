/** Windows and macOS, on made answers of the documented form. */
import { describe, expect, test } from "bun:test";
import { parsePlist } from "@hauswart/agent/os/macos/plist.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { WindowsCalls, WindowsEvent } from "@hauswart/agent/os/windows/calls.ts";
import { backupStatus } from "../protocol.ts";
import collectors from "./index.ts";
import { understand } from "./macos-adapters.macos.ts";
import { fromFileTime } from "./windows-adapters.windows.ts";
import { fold, knownRules, noEvents, parseRule, queryOf, type EventRule } from "./windows-events.ts";

const now = Date.UTC(2026, 10, 22, 10);
const hour = 3_600_000;
const event = (eventId: number, level: number, hoursAgo: number, changes: Partial<WindowsEvent> = {}): WindowsEvent => ({
  channel: "Microsoft-Windows-Backup",
  provider: "Microsoft-Windows-Backup",
  eventId,
  level,
  keywords: 0n,
  recordId: BigInt(1_000 - hoursAgo),
  at: now - hoursAgo * hour,
  computer: "PC",
  userSid: null,
  data: {},
  message: "",
  ...changes,
});
const stateOf = (rule: EventRule, events: readonly WindowsEvent[]) => fold(rule, noEvents, events).jobs.get(rule.name);
const rule = (program: string) => knownRules.find((one) => one.program === program)!;

describe("Windows Server Backup", () => {
  test.each<[string, WindowsEvent[], string, number | null, number | null]>([
    ["success", [event(1, 4, 3), event(4, 4, 2), event(14, 4, 2)], "success", 2, null],
    ["failure after a success", [event(4, 4, 26), event(1, 4, 3), event(5, 2, 2), event(14, 4, 2)], "failed", 26, null],
    ["a part", [event(1, 4, 3), event(7, 3, 2)], "partial", null, null],
    ["cancelled", [event(8, 2, 2)], "failed", null, null],
    ["one that runs", [event(4, 4, 26), event(1, 4, 3)], "success", 26, 3],
  ])("%s", (_, events, result, successHours, runningHours) => {
    expect(stateOf(rule("windows-server-backup"), events)).toMatchObject({
      result: result as never,
      lastSuccessAt: successHours === null ? null : now - successHours * hour,
      runningSince: runningHours === null ? null : now - runningHours * hour,
    });
  });

  test("says what went wrong", () => {
    const failed = event(5, 2, 2, {
      data: { HRESULT: "0x80780049", ErrorMessage: "None of the items included in backup were backed up." },
    });
    expect(stateOf(rule("windows-server-backup"), [failed])!.problem).toBe(
      "event 5: 0x80780049: None of the items included in backup were backed up.",
    );
  });
});

test.each([
  [4, "success"],
  [3, "partial"],
  [2, "failed"],
])("Veeam Agent: level %i of event 190 is %s", (level, result) => {
  expect(stateOf(rule("veeam"), [event(190, level, 2)])!.result).toBe(result as never);
});

test("Veeam Agent: jobs are told apart, so that the success of one hides no failure of another", () => {
  const said = (eventId: number, level: number, hoursAgo: number, message: string) => event(eventId, level, hoursAgo, { message });
  const { jobs, after } = fold(rule("veeam"), noEvents, [
    said(190, 2, 5, "Veeam Agent 'Server Tag' finished with Failed."),
    said(190, 4, 4, "Veeam Agent Laptop finished with Success."),
    said(110, 4, 1, "Veeam Agent 'Laptop' has been started."),
  ]);
  expect([...jobs].map(([name, { result, runningSince }]) => [name, result, runningSince !== null])).toEqual([
    ["Veeam Agent Server Tag", "failed", false],
    ["Veeam Agent Laptop", "success", true],
  ]);
  expect(after).toBe(999n);
});

describe("own rules", () => {
  test("name a log, a source and ids", () => {
    const own = parseRule("Acronis | Application | Acronis Backup | 1, 2 | 3 | 4")!;
    expect(own).toMatchObject({ name: "Acronis", channel: "Application", provider: "Acronis Backup" });
    expect(queryOf(own, 2)).toBe(
      "*[System[Provider[@Name='Acronis Backup'] and (EventID=1 or EventID=2 or EventID=3 or EventID=4) and TimeCreated[timediff(@SystemTime) <= 172800000]]]",
    );
    expect(stateOf(own, [event(2, 4, 5), event(4, 4, 1)])).toMatchObject({ result: "partial", lastSuccessAt: now - 5 * hour });
  });
  test.each(["", "Acronis", "Acronis | Application | x", "| Application | x | 1", "a | b | c | eins"])("%p is none", (text) => {
    expect(parseRule(text)).toBeUndefined();
  });
  test("cannot break out of the query", () => {
    expect(queryOf(parseRule("a | b | x'] or * | 1")!, 1)).not.toContain("x']");
  });
});

describe("a Windows computer", () => {
  const windowsWith = (events: readonly WindowsEvent[], services: readonly string[] = []) => {
    const asked: (bigint | undefined)[] = [];
    const calls = {
      events: {
        channels: async () => ["Application", "Microsoft-Windows-Backup"],
        read: async (_channel: string, _query: string, after: bigint | undefined) => {
          asked.push(after);
          return events.filter(({ recordId }) => after === undefined || recordId > after);
        },
      },
      registry: {
        keys: async (key: string) => (key === "HKU" ? ["S-1-5-18", "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1001_Classes"] : undefined),
        value: async (key: string, name: string) =>
          key.includes("S-1-5-21-1-2-3-1001\\") && name === "ProtectedUpToTime" ? 134_083_584_000_000_000n : undefined,
        values: async (key: string) => (services.some((name) => key.endsWith(`\\${name}`)) ? new Map() : undefined),
      },
    } as unknown as WindowsCalls;
    const os: Partial<Os> = {
      windows: async () => calls,
      fileInfo: async () => undefined,
      listDirectory: async () => [],
    };
    const memory = { values: new Map(), kept: {} };
    const measure = async (selection = {}) => {
      const context = { system: "win32" as const, instance: "", os: os as Os, signal: new AbortController().signal, now: () => now };
      const answer = await collectors[0]!.collect({ ...context, selection: backupStatus.selection.parse(selection) }, memory);
      if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
      return backupStatus.sample.parse(answer.ok);
    };
    return { measure, asked };
  };

  test("tells of its backup and of File History, and reads each entry once", async () => {
    const { measure, asked } = windowsWith([event(1, 4, 3), event(4, 4, 2)]);
    const first = await measure();
    expect(first.jobs.map(({ name, result }) => [name, result])).toEqual([
      ["File History S-1-5-21-1-2-3-1001", "success"],
      ["Windows Server Backup", "success"],
    ]);
    expect((await measure()).jobs).toEqual(first.jobs);
    expect(asked).toEqual([undefined, 998n]);
  });

  test("a program that is installed and says nothing is named, with what to do", async () => {
    const { measure } = windowsWith([], ["MacriumService", "AcronisAgent"]);
    const sample = await measure();
    expect(sample.programs.map(({ name, problem }) => [name, problem.includes("not read yet")])).toEqual([
      ["acronis", true],
      ["file-history", false],
      ["macrium", true],
    ]);
    expect((await measure({ eventRules: ["nonsense"] })).programs.at(-1)).toMatchObject({ problem: "The rule cannot be understood." });
  });

  test("FILETIME", () => {
    expect(fromFileTime(134_083_584_000_000_000n)).toBe(1_763_884_800_000);
    for (const value of [0n, "x", undefined, -1]) expect(fromFileTime(value)).toBeNull();
  });
});

describe("Time Machine", () => {
  const preferences = (content: string) => parsePlist(`<plist version="1.0"><dict>${content}</dict></plist>`);
  const destination = (result: number) => `<key>Destinations</key><array><dict>
<key>LastKnownVolumeName</key><string>Sicherung</string><key>RESULT</key><integer>${result}</integer>
<key>AttemptDates</key><array><date>2026-11-22T08:00:00Z</date></array>
<key>SnapshotDates</key><array><date>2026-11-21T08:00:00Z</date><date>2026-11-22T07:00:00Z</date></array></dict></array>`;
  test("success", () => {
    expect(understand(preferences(destination(0))).jobs).toMatchObject([
      { name: "Time Machine Sicherung", result: "success", lastSuccessAt: Date.UTC(2026, 10, 22, 7) },
    ]);
  });
  test("failure", () => {
    expect(understand(preferences(destination(18))).jobs).toMatchObject([
      { result: "failed", lastRunAt: Date.UTC(2026, 10, 22, 8), lastSuccessAt: Date.UTC(2026, 10, 22, 7), problem: "RESULT 18" },
    ]);
  });
  test("no destination, and switched off", () => {
    expect(understand(preferences("")).programs[0]!.problem).toBe("Time Machine has no destination.");
    expect(understand(preferences(`<key>AutoBackup</key><false/>${destination(0)}`)).programs[0]!.problem).toBe(
      "Automatic backups are switched off.",
    );
  });
});

/** Windows and macOS, on made answers of the documented form. */
import { describe, expect, test } from "bun:test";
import { parsePlist } from "@hauswart/agent/os/macos/plist.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { RegistryValue, WindowsCalls, WindowsEvent } from "@hauswart/agent/os/windows/calls.ts";
import { noTaskRun, understandRun, type TaskRun } from "@hauswart/agent/readers/windows-tasks.ts";
import { madeTaskActions, madeTaskRun } from "@hauswart/agent/testing/made-task.ts";
import { backupStatus } from "../protocol.ts";
import collectors from "./index.ts";
import type { FoundJob } from "./jobs.ts";
import { understand } from "./macos-adapters.macos.ts";
import { definitionOf, jobOf } from "./macrium.ts";
import { madeEvent, madeEventLog } from "@hauswart/agent/testing/made-event-log.ts";
import { fold, knownRules, noEvents, parseRule, queryOf, type EventRule } from "./windows-events.ts";

const now = Date.UTC(2026, 10, 22, 10);
const hour = 3_600_000;
const event = (eventId: number, level: number, hoursAgo: number, changes: Partial<WindowsEvent> = {}): WindowsEvent =>
  madeEvent(1_000 - hoursAgo, {
    channel: "Microsoft-Windows-Backup",
    provider: "Microsoft-Windows-Backup",
    eventId,
    level,
    at: now - hoursAgo * hour,
    ...changes,
  });
const stateOf = (rule: EventRule, events: readonly WindowsEvent[]) => fold(rule, noEvents, events).get(rule.name);
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
  const jobs = fold(rule("veeam"), noEvents, [
    said(190, 2, 5, "Veeam Agent 'Server Tag' finished with Failed."),
    said(190, 4, 4, "Veeam Agent Laptop finished with Success."),
    said(110, 4, 1, "Veeam Agent 'Laptop' has been started."),
  ]);
  expect([...jobs].map(([name, { result, runningSince }]) => [name, result, runningSince !== null])).toEqual([
    ["Veeam Agent Server Tag", "failed", false],
    ["Veeam Agent Laptop", "success", true],
  ]);
});

describe("Acronis", () => {
  /** As monitoring scripts in the field read it: the first line ends with the number, the second names the task. */
  const said = (code: number, level: number, hoursAgo: number, task = "Büro-PC") =>
    event(1, level, hoursAgo, {
      channel: "Application",
      provider: "Acronis Backup and Recovery",
      data: { "0": `Ereignisprotokoll: Code: ${code}\r\nTask '${task}' beendet\r\nMaschine: PC` },
    });
  const jobsOf = (events: readonly WindowsEvent[]) => [...fold(rule("acronis"), noEvents, events)];

  test.each<[number, number, string]>([
    [12, 4, "success"],
    [12, 3, "partial"],
    [14, 2, "failed"],
    [29, 3, "failed"],
  ])("code %i at level %i is %s", (code, level, result) => {
    expect(jobsOf([said(code, level, 2)])).toMatchObject([["Acronis Büro-PC", { result }]]);
  });

  test("a success that its level denies, another code and another text say nothing", () => {
    const other = event(12, 4, 1, { data: { "0": "Backup ended" } });
    expect(jobsOf([said(12, 2, 3), said(503, 4, 2), other])).toEqual([]);
  });

  test("tasks are told apart, and a failure is told of with its number", () => {
    const jobs = jobsOf([said(12, 4, 5), said(12, 4, 4, "Prüfung"), said(14, 2, 1)]);
    expect(jobs.map(([name, { result, problem }]) => [name, result, problem])).toEqual([
      ["Acronis Büro-PC", "failed", "event 14"],
      ["Acronis Prüfung", "success", ""],
    ]);
  });

  test("its entries are asked for by their source, because their ids tell nothing", () => {
    expect(queryOf(rule("acronis"), 2)).toBe(
      "*[System[Provider[@Name='Acronis Backup and Recovery'] and TimeCreated[timediff(@SystemTime) <= 172800000]]]",
    );
  });
});

describe("Macrium Reflect", () => {
  const reflect = "C:\\Program Files\\Macrium\\Reflect\\Reflect.exe";
  test.each<[string, string, string | undefined]>([
    [reflect, '-e -w -full "C:\\Users\\Büro\\Documents\\Reflect\\Büro-PC.xml"', "Büro-PC"],
    [`"${reflect}"`, "-e -w -inc C:\\Reflect\\server.XML -g {1}", "server"],
    ["reflect.exe", '-e -diff "daily.xml"', "daily"],
    [reflect, "-u", undefined],
    [reflect, "-e", undefined],
    ["C:\\Windows\\notepad.exe", "-e a.xml", undefined],
  ])("%s %s", (command, argumentText, definition) => {
    expect(definitionOf({ command, argumentText })).toBe(definition);
  });

  const run = (code: number, hoursAgo: number) => understandRun(madeTaskRun(now - hoursAgo * hour - 60_000, code, now - hoursAgo * hour));
  test.each<[string, TaskRun[], Partial<FoundJob>]>([
    ["the incremental ran after the full", [run(0, 90), run(0, 2)], { result: "success", lastSuccessAt: now - 2 * hour }],
    [
      "the last one failed",
      [run(1, 2), run(0, 90)],
      { result: "failed", lastRunAt: now - 2 * hour, lastSuccessAt: now - 90 * hour, problem: "0x00000001, Reflect: the backup failed" },
    ],
    ["one that has never run beside one that has", [noTaskRun, run(0, 5)], { result: "success", lastRunAt: now - 5 * hour }],
    ["none has run", [noTaskRun], { result: "unknown", lastSuccessAt: null }],
    [
      "one is running",
      [understandRun(madeTaskRun(now - hour, 0x41301, now - 30 * hour)), run(0, 90)],
      { result: "success", runningSince: now - hour },
    ],
  ])("%s", (_, runs, expected) => {
    expect(jobOf("Büro-PC", runs)).toMatchObject(expected);
  });
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
  const windowsWith = (
    events: readonly WindowsEvent[],
    services: readonly string[] = [],
    tasks: Readonly<Record<string, Readonly<Record<string, RegistryValue>>>> = {},
    person = "S-1-5-21-1-2-3-1001",
  ) => {
    let log = events;
    let isSignedIn = true;
    let savesFiles = true;
    const made = madeEventLog(() => log, ["Application", "Microsoft-Windows-Backup"]);
    const calls = {
      events: made,
      registry: {
        keys: async (key: string) =>
          key === "HKU" ? ["S-1-5-18", ...(isSignedIn ? [person, `${person}_Classes`] : [])] : Object.keys(tasks),
        value: async (key: string, name: string) =>
          savesFiles && key.includes(`${person}\\`) && name === "ProtectedUpToTime"
            ? 134_083_584_000_000_000n
            : tasks[key.split("\\").at(-1)!]?.[name],
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
    const write = (entries: readonly WindowsEvent[]) => void (log = entries);
    const signOut = () => void (isSignedIn = false);
    const switchOff = () => void (savesFiles = false);
    return { measure, write, signOut, switchOff, asked: made.asked };
  };

  test("tells of its backup and of File History, and reads each entry once", async () => {
    const { measure, asked } = windowsWith([event(1, 4, 3), event(4, 4, 2)]);
    const first = await measure();
    expect(first.jobs.map(({ name, result }) => [name, result])).toEqual([
      ["File History S-1-5-21-1-2-3-1001", "success"],
      ["Windows Server Backup", "success"],
    ]);
    expect((await measure()).jobs).toEqual(first.jobs);
    // Application, where Acronis would write, is empty.
    expect(asked).toHaveLength(1);
  });

  test("File History of an account of Microsoft Entra ID", async () => {
    const { jobs } = await windowsWith([], [], {}, "S-1-12-1-1-2-3-4").measure();
    expect(jobs.map(({ name }) => name)).toEqual(["File History S-1-12-1-1-2-3-4"]);
  });

  test("File History of somebody who has signed out is told from one that was switched off", async () => {
    const away = windowsWith([]);
    const [there] = (await away.measure()).jobs;
    expect(there).toMatchObject({ isThere: true, ownerIsAway: false });
    away.signOut();
    expect((await away.measure()).jobs).toEqual([{ ...there!, isThere: false, ownerIsAway: true }]);
    const off = windowsWith([]);
    await off.measure();
    off.switchOff();
    expect((await off.measure()).jobs).toEqual([{ ...there!, isThere: false, ownerIsAway: false }]);
  });

  test("MON-12: runs after its log was emptied are told of, and those before it stay known", async () => {
    const { measure, write } = windowsWith([event(4, 4, 30), event(5, 2, 20)]);
    const backup = async () => (await measure()).jobs.find(({ program }) => program === "windows-server-backup");
    expect(await backup()).toMatchObject({ result: "failed", lastSuccessAt: now - 30 * hour });
    write([]);
    expect(await backup()).toMatchObject({ result: "failed", lastSuccessAt: now - 30 * hour });
    write([event(4, 4, 2, { recordId: 1n })]);
    expect(await backup()).toMatchObject({ result: "success", lastSuccessAt: now - 2 * hour });
  });

  test("a program that is installed and says nothing is named, with what to do", async () => {
    const { measure } = windowsWith([], ["MacriumService", "AcronisAgent"]);
    const sample = await measure();
    expect(sample.programs.map(({ name, problem }) => [name, problem.split(".")[0]])).toEqual([
      ["acronis", "It has noted no run in the Windows event log"],
      ["file-history", ""],
      ["macrium", "Macrium Reflect has no backup in the Windows Task Scheduler"],
    ]);
    expect((await measure({ eventRules: ["nonsense"] })).programs.at(-1)).toMatchObject({ problem: "The rule cannot be understood." });
    const known = await measure({ eventRules: ["Acronis | Own | x | 1", "Macrium | Own | x | 1"] });
    expect(known.programs.map(({ problem }) => problem)).toEqual(["", "", ""]);
  });

  test("the definitions of Macrium Reflect by its tasks", async () => {
    const program = { command: "C:\\Program Files\\Macrium\\Reflect\\Reflect.exe", argumentText: '-e -w -inc "C:\\Büro-PC.xml"' };
    const { measure } = windowsWith([], ["ReflectService"], {
      "{1}": { Path: "\\Macrium-Backup-{1}", Actions: madeTaskActions(program), DynamicInfo: madeTaskRun(now - 2 * hour, 0, now - hour) },
      "{2}": { Path: "\\Other", DynamicInfo: madeTaskRun(now - 2 * hour, 1, now - hour) },
    });
    const { jobs, programs } = await measure({ exclude: ["File History*"] });
    expect(jobs).toMatchObject([{ name: "Macrium Büro-PC", program: "macrium", result: "success", lastSuccessAt: now - hour }]);
    expect(programs.find(({ name }) => name === "macrium")).toMatchObject({ problem: "" });
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

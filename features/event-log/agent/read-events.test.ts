/** Windows and macOS on made entries of the form that the systems write. */
import { describe, expect, test } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { WindowsEvent } from "@hauswart/agent/os/windows/calls.ts";
import { madeEvent, madeEventLog } from "@hauswart/agent/testing/made-event-log.ts";
import { eventLog } from "../protocol.ts";
import collectors from "./index.ts";
import { predicate } from "./read-events.macos.ts";
import { parseOwnRule, type OwnRule } from "../protocol/own-rule.ts";

const now = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;
const event = (recordId: number, changes: Partial<WindowsEvent> = {}) =>
  madeEvent(recordId, { provider: "disk", eventId: 7, level: 2, at: now - minute, ...changes });

function windowsWith(log: () => readonly WindowsEvent[], channels = ["System", "Application", "Security"]): Os {
  const made = madeEventLog(log, channels);
  const newest = async (channel: string) => {
    if (channel === "Application") throw new OsError("COLLECT_PERMISSION_DENIED", "Application: 5");
    return made.newest(channel);
  };
  return { windows: async () => ({ events: { ...made, newest } }) } as unknown as Os;
}

function agentOn(system: "win32" | "darwin", os: Os, changes: object = {}) {
  let memory: Memory = { values: new Map(), kept: {} };
  let nowMs = now;
  return {
    later: (ms: number) => void (nowMs += ms),
    restart: () => void (memory = { values: new Map(), kept: JSON.parse(JSON.stringify(memory.kept)) as Record<string, unknown> }),
    measure: () =>
      collectors[0]!.collect(
        { system, selection: eventLog.selection.parse(changes), instance: "", os, signal: AbortSignal.timeout(10_000), now: () => nowMs },
        memory,
      ) as Promise<{ ok: ReturnType<typeof eventLog.sample.parse> }>,
  };
}

describe("Windows", () => {
  test("entries are matched by number, the few that are shown get their text, and nothing comes twice", async () => {
    const log = [event(0, { at: now - 48 * 60 * minute }), event(1), event(2, { eventId: 3, provider: "other" }), event(3)];
    const agent = agentOn(
      "win32",
      windowsWith(() => log),
    );
    const { ok } = await agent.measure();
    expect(ok).toMatchObject({ matchedCount: 2, problem: "Application: Application: 5" });
    expect(ok.rules).toMatchObject([{ rule: "disk-error", windowCount: 2, source: "disk", eventId: "7", texts: "text of 3\ntext of 1" }]);
    agent.restart();
    log.push(event(5), event(6, { channel: "Security", provider: "Microsoft-Windows-Eventlog", eventId: 1102, level: 4 }));
    const next = (await agent.measure()).ok;
    expect(next.matches.map(({ rule }) => rule).sort()).toEqual(["disk-error", "log-cleared"]);
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 0 });
  });

  test("a log that was emptied and counts from 1 again loses nothing", async () => {
    let log = [event(500), event(501)];
    const agent = agentOn(
      "win32",
      windowsWith(() => log),
    );
    await agent.measure();
    log = [event(1, { at: now + minute })];
    agent.later(2 * minute);
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 1 });
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 0 });
  });

  test("neither a clock that was set back nor entries out of the order of time count twice, and both are seen", async () => {
    const log = [event(1, { at: now }), event(2, { at: now - 3 * minute })];
    const agent = agentOn(
      "win32",
      windowsWith(() => log),
    );
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 2 });
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 0 });
    agent.later(-90 * minute);
    log.push(event(3, { at: now - 90 * minute }));
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 1 });
    agent.later(5 * minute);
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 0 });
  });

  test("a log that was emptied and has grown past the place since is read whole; one whose oldest entries went is not", async () => {
    let log = [event(1), event(2)];
    const agent = agentOn(
      "win32",
      windowsWith(() => log),
    );
    await agent.measure();
    log = [1, 2, 3].map((record) => event(record, { at: now + minute }));
    agent.later(2 * minute);
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 3 });
    log = [event(8, { at: now + minute }), event(9, { at: now + minute })];
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 2 });
    log = [];
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 0 });
    log = [event(1, { at: now + minute })];
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 1 });
  });

  test("of a storm 2,000 of a channel are compared, and the others counted", async () => {
    const log = Array.from({ length: 5_000 }, (_, index) =>
      event(index + 1, { level: 3, provider: "chatty", eventId: 9, at: now - 5_000 + index }),
    );
    const agent = agentOn(
      "win32",
      windowsWith(() => log),
      { ownRules: ["Chatty: source=chatty"] },
    );
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 2_000, unreadCount: 3_000 });
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 0, unreadCount: 0 });
  });

  test("nothing that can be read is a failure, no log at all no data", async () => {
    const refusing = windowsWith(() => [], ["Application"]);
    expect(await agentOn("win32", refusing).measure()).toMatchObject({ failed: "COLLECT_UNREADABLE" });
    expect(
      await agentOn(
        "win32",
        windowsWith(() => [], []),
      ).measure(),
    ).toHaveProperty("noData");
  });
});

describe("macOS", () => {
  const line = (changes: object) =>
    JSON.stringify({
      timestamp: "2026-11-22 12:58:00.123456+0100",
      traceID: 4503599627370500,
      threadID: 7,
      eventType: "logEvent",
      messageType: "Default",
      processImagePath: "/kernel",
      subsystem: "",
      category: "",
      eventMessage: "disk2s1: I/O error.",
      ...changes,
    });
  const end = '{"count":1,"finished":1}';
  const computer = (answer: () => string) => {
    const asked: string[][] = [];
    const os = {
      run: async (program: string, words: readonly string[]) => {
        asked.push([program, ...words]);
        return { exitCode: 0, stdout: answer(), stderr: "" };
      },
    } as unknown as Os;
    return { os, asked };
  };
  const hour = 60 * minute;
  const asEntry = (atMs: number) => line({ timestamp: `${new Date(atMs).toISOString().replace("T", " ").replace("Z", "000")}+0000` });

  /** A log of which `log show` gives what it is asked for; it fails where it is asked for more than `limitMs` at once. */
  function logOf(entries: () => readonly number[], limitMs = () => Number.POSITIVE_INFINITY, now = () => 0) {
    const asked: string[] = [];
    const run = async (_: string, words: readonly string[]) => {
      const after = (word: string) => (words.includes(word) ? Number(words[words.indexOf(word) + 1]!.slice(1)) * 1_000 : undefined);
      const [from, to] = [after("--start")!, after("--end")];
      asked.push(`${new Date(from).toISOString().slice(11, 16)}-${to === undefined ? "" : new Date(to).toISOString().slice(11, 16)}`);
      if ((to ?? now()) - from > limitMs()) throw new OsError("COLLECT_TIMED_OUT", "log took longer");
      const found = entries().filter((at) => at >= from && (to === undefined || at <= to));
      return { exitCode: 0, stdout: [...found.map(asEntry), end].join("\n"), stderr: "" };
    };
    return { os: { run } as unknown as Os, asked };
  }

  test("entries are matched; the log is asked every fifteen minutes, from where it ended", async () => {
    let answer = [line({}), line({ threadID: 8, eventMessage: "nothing" }), "damaged {", end].join("\n");
    const { os, asked } = computer(() => answer);
    const agent = agentOn("darwin", os, { lookBackHours: 1 });
    const { ok } = await agent.measure();
    expect(ok).toMatchObject({ matchedCount: 1, readCount: 2 });
    expect(ok.rules).toMatchObject([{ rule: "disk-error", source: "kernel", lastAt: Date.parse("2026-11-22T11:58:00.123Z") }]);
    expect(asked).toHaveLength(1);
    expect(asked[0]!.slice(0, 7)).toEqual(["log", "show", "--style", "ndjson", "--info", "--start", `@${(now - 60 * minute) / 1_000}`]);

    agent.later(5 * minute);
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 0, readCount: 0 });
    expect(asked).toHaveLength(1);
    agent.later(10 * minute);
    agent.restart();
    answer = [line({}), line({ threadID: 8, eventMessage: "nothing" }), line({ timestamp: "2026-11-22 13:01:00.000000+0100" }), end].join(
      "\n",
    );
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 1, readCount: 1 });
  });

  test("MON-4: what was logged while the agent was down is read, and the first reading looks back as far as it is told", async () => {
    const log = [now - 20 * hour, now - 3 * hour, now - 2 * hour, now - minute];
    const { os, asked } = logOf(() => log);
    const agent = agentOn("darwin", os);
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 4, problem: "" });
    expect(asked).toEqual(["12:00-13:00", "13:00-15:00", "15:00-19:00", "19:00-03:00", "03:00-11:00", "11:00-"]);
    agent.restart();
    agent.later(3 * hour);
    log.push(now + hour, now + 2 * hour);
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 2, problem: "" });
    agent.later(30 * minute);
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 0, problem: "" });
    agent.restart();
    agent.later(10 * 24 * hour);
    const { problem } = (await agent.measure()).ok;
    expect(problem).toContain("nothing was read");
  });

  test("a log that is slow is read in smaller pieces; until its end is reached that is said, and nothing comes twice", async () => {
    const log = [now - 50 * minute, now - 30 * minute, now - 10 * minute];
    let limit = 20 * minute;
    let clock = now;
    const { os } = logOf(
      () => log,
      () => limit,
      () => clock,
    );
    const agent = agentOn("darwin", os, { lookBackHours: 1 });
    expect(await agent.measure()).toMatchObject({ failed: "COLLECT_TIMED_OUT" });
    expect(await agent.measure()).toMatchObject({ failed: "COLLECT_TIMED_OUT" });
    const first = (await agent.measure()).ok;
    expect(first).toMatchObject({ matchedCount: 1, problem: expect.stringContaining("the rest follows") });
    limit = hour;
    const second = (await agent.measure()).ok;
    expect(second).toMatchObject({ matchedCount: 2, problem: "" });
    clock += 16 * minute;
    agent.later(16 * minute);
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 0, problem: "" });
  });

  test("a clock that was set back does not silence the log until it has caught up", async () => {
    const log = [now - minute];
    const agent = agentOn("darwin", logOf(() => log).os);
    await agent.measure();
    agent.later(-5 * hour);
    log.push(now - 5 * hour - minute);
    expect((await agent.measure()).ok).toMatchObject({ matchedCount: 1, problem: "" });
  });

  test("what is asked for is filtered at the source; quotes of a rule do not end its text", () => {
    const own = parseOwnRule('Own: source=back"upd*; level=error') as OwnRule;
    const asked = predicate({ isCurated: false, ownRules: [own] });
    expect(asked).toBe('((process LIKE "backupd*") AND (messageType == fault OR messageType == error))');
    expect(predicate({ isCurated: true, ownRules: [] })).toContain('(process == "kernel" AND (eventMessage CONTAINS "I/O error"))');
  });
});

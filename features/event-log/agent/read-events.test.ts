/** Windows and macOS on made entries of the form that the systems write. */
import { describe, expect, test } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { WindowsEvent } from "@hauswart/agent/os/windows/calls.ts";
import { eventLog } from "../protocol.ts";
import collectors from "./index.ts";
import { predicate } from "./read-events.macos.ts";
import { parseOwnRule, type OwnRule } from "../protocol/own-rule.ts";

const now = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;
const event = (recordId: number, changes: Partial<WindowsEvent> = {}): WindowsEvent => ({
  channel: "System",
  provider: "disk",
  eventId: 7,
  level: 2,
  keywords: 0n,
  recordId: BigInt(recordId),
  at: now - minute,
  computer: "PC-7",
  userSid: null,
  data: {},
  message: "",
  ...changes,
});

/** An event log that filters by level, id, moment and number, as far as this check asks. */
function windowsWith(log: () => readonly WindowsEvent[], channels = ["System", "Application", "Security"]): Os {
  const read = async (channel: string, query: string, after: bigint | undefined, limit: number, withMessage?: boolean) => {
    if (channel === "Application") throw new OsError("COLLECT_PERMISSION_DENIED", "Application: 5");
    const levels = [...query.matchAll(/Level=(\d)/g)].map(([, level]) => Number(level));
    const ids = [...query.matchAll(/EventID=(\d+)/g)].map(([, id]) => Number(id));
    const record = /EventRecordID=(\d+)/.exec(query)?.[1];
    const [, sign, since] = /@SystemTime(>=?)'([^']+)'/.exec(query) ?? [];
    return log()
      .filter((one) => one.channel === channel && (after === undefined || one.recordId > after))
      .filter((one) => record === undefined || one.recordId === BigInt(record))
      .filter((one) => levels.length + ids.length === 0 || levels.includes(one.level) || ids.includes(one.eventId))
      .filter((one) => since === undefined || (sign === ">" ? one.at > Date.parse(since) : one.at >= Date.parse(since)))
      .slice(0, limit)
      .map((one) => (withMessage ? { ...one, message: `text of ${one.recordId}` } : one));
  };
  return { windows: async () => ({ events: { read, channels: async () => channels } }) } as unknown as Os;
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

  test("of a storm 2,000 of a channel are compared, and the others counted", async () => {
    const log = Array.from({ length: 5_000 }, (_, index) => event(index + 1, { level: 3, provider: "chatty", eventId: 9 }));
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

  test("entries are matched; the log is asked every fifteen minutes, from where it ended", async () => {
    let answer = [line({}), line({ threadID: 8, eventMessage: "nothing" }), "damaged {", end].join("\n");
    const { os, asked } = computer(() => answer);
    const agent = agentOn("darwin", os);
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

  test("what is asked for is filtered at the source; quotes of a rule do not end its text", () => {
    const own = parseOwnRule('Own: source=back"upd*; level=error') as OwnRule;
    const asked = predicate({ isCurated: false, ownRules: [own] });
    expect(asked).toBe('((process LIKE "backupd*") AND (messageType == fault OR messageType == error))');
    expect(predicate({ isCurated: true, ownRules: [] })).toContain('(process == "kernel" AND (eventMessage CONTAINS "I/O error"))');
  });
});

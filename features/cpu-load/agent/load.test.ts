import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Memory } from "@hauswart/agent/collector.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { cpuLoad } from "../protocol.ts";
import collectors from "./index.ts";
import { busiestPrograms, loadBetween, LoadWindow } from "./load-window.ts";
import type { ProcessorTimes } from "./processor-times.ts";
import { parseProcessStat, parseStat } from "./read-processor-times.linux.ts";
import { reader as windows } from "./read-processor-times.windows.ts";

const second = 1_000;
/** Two processors: 200 ticks a second. */
const times = (seconds: number, busyTicks: number, more: Partial<ProcessorTimes> = {}): ProcessorTimes => {
  const total = 1_000 + seconds * 200;
  return {
    atMs: seconds * second,
    total,
    idle: total - busyTicks,
    inputOutputWait: 0,
    stolen: 0,
    processorCount: 2,
    ...more,
  };
};

describe("/proc/stat", () => {
  test("as recorded", () => {
    const text = readFileSync(join(import.meta.dir, "../testdata/two-processors.stat"), "utf8");
    const parsed = parseStat(text)!;
    const ticks = /^cpu +(.*)$/m.exec(text)![1]!.split(" ").map(Number);
    expect(parsed.processorCount).toBe(2);
    expect(parsed.idle).toBe(ticks[3]!);
    expect(parsed.total).toBe(ticks.slice(0, 8).reduce((sum, tick) => sum + tick, 0));
  });
  test.each([
    ["empty", ""],
    ["old and short", "cpu  1 2 3 4\n"],
    ["nonsense", "cpu  a b c d e f g h\n"],
  ])("%s is not understood", (_, text) => {
    expect(parseStat(text)).toBeUndefined();
  });
});

describe("/proc/PID/stat", () => {
  test("a name with brackets and blanks", () => {
    const text = "4242 (tmux: server (1)) S 1 4242 4242 0 -1 4194368 1 2 3 4 70 30 0 0 20 0 1 0 987654 11 22";
    expect(parseProcessStat(text, 4242)).toEqual({ key: "4242 987654", name: "tmux: server (1)", used: 100 });
  });
  test("nonsense is left out", () => {
    expect(parseProcessStat("", 1)).toBeUndefined();
    expect(parseProcessStat("1 (x) S", 1)).toBeUndefined();
  });
});

test("Windows' times are seconds of all processors, and processes are told apart by their start", async () => {
  const calls = {
    processorTimes: async () => ({ processorCount: 4, idleSeconds: 70, kernelSeconds: 10, userSeconds: 20 }),
    processes: async () => [
      { processId: 7, name: "a.exe", startedAtMs: 5, cpuSeconds: 1.5 },
      { processId: 8, name: "b.exe", startedAtMs: null, cpuSeconds: 0 },
    ],
  };
  const os = { windows: async () => calls } as unknown as Os;
  expect(await windows.times(os)).toMatchObject({ total: 100, idle: 70, inputOutputWait: 0, stolen: 0, processorCount: 4 });
  expect(await windows.processes(os)).toEqual([
    { key: "7 5", name: "a.exe", used: 1.5 },
    { key: "8 ", name: "b.exe", used: 0 },
  ]);
});

describe("load between two readings", () => {
  test.each<[string, ProcessorTimes, ProcessorTimes, Partial<ReturnType<typeof loadBetween>>]>([
    ["half busy", times(0, 0), times(10, 1_000), { averagePercent: 50, measuredSeconds: 10 }],
    [
      "waiting for a disk is not busy",
      times(0, 0),
      times(10, 1_000, { inputOutputWait: 500 }),
      { averagePercent: 25, inputOutputWaitPercent: 25 },
    ],
    ["stolen time is busy", times(0, 0), times(10, 1_500, { stolen: 1_000 }), { averagePercent: 75, stolenPercent: 50 }],
    ["no time", times(0, 0), times(0, 0), { averagePercent: 0, measuredSeconds: 0 }],
    [
      "counters that run backwards stay in bounds",
      times(10, 900, { inputOutputWait: 90, stolen: 50 }),
      times(0, 0),
      { averagePercent: 0, inputOutputWaitPercent: 0, stolenPercent: 0, measuredSeconds: 0 },
    ],
  ])("%s", (_, from, to, expected) => {
    expect(loadBetween(from, to)).toMatchObject(expected);
  });
});

describe("a window", () => {
  test("gives the exact average and the highest look", () => {
    const window = new LoadWindow(times(0, 0), 0);
    for (const [seconds, busy] of [
      [100, 0],
      [105, 900],
      [300, 900],
    ] as const)
      window.look(times(seconds, busy));
    expect(window.close(0)).toMatchObject({ averagePercent: 1.5, peakPercent: 90, measuredSeconds: 300 });
  });
  test("begins anew where it ended", () => {
    const window = new LoadWindow(times(0, 0), 0);
    window.look(times(300, 60_000));
    expect(window.close(0).averagePercent).toBe(100);
    window.look(times(600, 60_000));
    expect(window.close(0)).toMatchObject({ averagePercent: 0, peakPercent: 0, measuredSeconds: 300 });
  });
  test("that is short is taken together with those before, as many as it takes", () => {
    const window = new LoadWindow(times(0, 0), 0);
    window.look(times(300, 60_000));
    window.close(0);
    window.look(times(310, 60_000));
    expect(window.close(0)).toMatchObject({ measuredSeconds: 310, peakPercent: 100 });
    window.look(times(340, 60_000));
    expect(window.close(0)).toMatchObject({ measuredSeconds: 30, averagePercent: 0, peakPercent: 0 });
  });
});

test.each<[string, number | undefined, number | undefined, number | null]>([
  ["as it rose", 5, 2_000_005, 20],
  ["not told", undefined, undefined, null],
  ["told only since", undefined, 5, null],
  ["a counter that began anew stays in bounds", 900, 0, 0],
])("pressure: %s", (_, from, to, expected) => {
  const window = new LoadWindow(times(0, 0), from);
  window.look(times(10, 0));
  expect(window.close(to).pressurePercent).toBe(expected);
});

describe("programs", () => {
  const process = (key: string, name: string, used: number) => ({ key, name, used });
  test("that used most since the baseline, taken together by name", () => {
    const before = { times: times(0, 0), processes: [process("1 a", "db", 5_000), process("2 a", "shell", 10)] };
    const now = {
      times: times(10, 1_800),
      processes: [process("1 a", "db", 5_600), process("2 a", "shell", 10), process("3 b", "db", 400), process("4 c", "job", 300)],
    };
    expect(busiestPrograms(before, now)).toEqual([
      { name: "db", processCount: 2, percent: 50 },
      { name: "job", processCount: 1, percent: 15 },
    ]);
  });
  test("a process number used again is another process", () => {
    const before = { times: times(0, 0), processes: [process("7 100", "old", 900)] };
    expect(busiestPrograms(before, { times: times(10, 0), processes: [process("7 200", "new", 200)] })).toEqual([
      { name: "new", processCount: 1, percent: 10 },
    ]);
  });
});

test("a measurement without a watcher takes a second, and names programs when the load is high", async () => {
  let reads = 0;
  const files = (path: string) => {
    if (path === "/proc/stat") return `cpu  ${++reads * 100} 0 0 50 0 0 0 0 0 0\ncpu0 1 0 0 1 0 0 0 0 0 0\n`;
    if (path === "/proc/7/stat") return `7 (busy) R 1 7 7 0 -1 0 0 0 0 0 ${reads * 90} 0 0 0 20 0 1 0 5 1 1`;
    return undefined;
  };
  const os = {
    listDirectory: async () => ["7", "net"],
    readFile: async (path: string) => {
      const text = files(path);
      if (text === undefined) throw new OsError("COLLECT_UNREADABLE", path);
      // Readings of one moment are shared; this one takes a moment.
      if (path !== "/proc/stat") await new Promise((resolve) => setTimeout(resolve, 10));
      return text;
    },
  } as unknown as Os;
  const memory: Memory = { values: new Map(), kept: {} };
  const selection = cpuLoad.selection.parse({});
  const answer = await collectors[0]!.collect(
    { system: "linux", selection, instance: "", os, signal: new AbortController().signal, now: () => 5 },
    memory,
  );
  expect(answer).toMatchObject({
    ok: { averagePercent: 100, pressurePercent: null, processes: [{ at: 5, name: "busy", processCount: 1, percent: 90 }] },
  });
});

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MemoryState } from "./memory-state.ts";
import { MemoryWindow } from "./memory-window.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import { parseMemInfo, parseProcessStatus } from "./read-memory.linux.ts";
import { reader as windows } from "./read-memory.windows.ts";

describe("/proc/meminfo", () => {
  test("as recorded", () => {
    const text = readFileSync(join(import.meta.dir, "../testdata/24-gigabytes.meminfo"), "utf8");
    const kilobytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(text)![1]) * 1_024;
    expect(parseMemInfo(text)).toEqual({
      totalBytes: kilobytes("MemTotal"),
      availableBytes: kilobytes("MemAvailable"),
      swapTotalBytes: 0,
      swapUsedBytes: 0,
      commitLimitBytes: kilobytes("CommitLimit"),
      committedBytes: kilobytes("Committed_AS"),
    });
  });
  test.each([
    ["used swap space", "SwapTotal: 1000 kB\nSwapFree: 400 kB\n", 600 * 1_024],
    ["without what is in memory again", "SwapTotal: 1000 kB\nSwapFree: 400 kB\nSwapCached: 100 kB\n", 500 * 1_024],
    ["never less than none", "SwapTotal: 1000 kB\nSwapFree: 990 kB\nSwapCached: 100 kB\n", 0],
  ])("%s", (_, text, swapUsedBytes) => {
    expect(parseMemInfo(`MemTotal: 10 kB\nMemAvailable: 5 kB\n${text}`)?.swapUsedBytes).toBe(swapUsedBytes);
  });
  test.each([
    ["empty", ""],
    ["of a kernel before 3.14, which does not tell what is available", "MemTotal: 10 kB\nMemFree: 5 kB\n"],
  ])("%s is not understood", (_, text) => {
    expect(parseMemInfo(text)).toBeUndefined();
  });
});

describe("/proc/PID/status", () => {
  test("tells what a process holds for itself", () => {
    expect(parseProcessStatus("Name:\tWeb Content\nUmask:\t0002\nVmRSS:\t  900 kB\nRssAnon:\t     300 kB\nRssFile:\t  600 kB\n")).toEqual({
      name: "Web Content",
      amount: 300 * 1_024,
    });
  });
  test("a kernel thread holds nothing", () => {
    expect(parseProcessStatus("Name:\tkthreadd\nThreads:\t1\n")).toBeUndefined();
  });
});

test("Windows' memory, with page files as swap space, and what processes hold of their own", async () => {
  const memory = {
    totalBytes: 100,
    availableBytes: 40,
    commitLimitBytes: 150,
    committedBytes: 90,
    pageFileBytes: 50,
    pageFileUsedBytes: 5,
  };
  const processes = [
    { name: "swapped.exe", privateBytes: 30, workingSetBytes: 10 },
    { name: "sharing.exe", privateBytes: 20, workingSetBytes: 70 },
    { name: "silent.exe", privateBytes: 0, workingSetBytes: 7 },
  ];
  const os = { windows: async () => ({ memory: async () => memory, processes: async () => processes }) } as unknown as Os;
  expect(await windows.state(os)).toEqual({
    atMs: expect.any(Number),
    totalBytes: 100,
    availableBytes: 40,
    commitLimitBytes: 150,
    committedBytes: 90,
    swapTotalBytes: 50,
    swapUsedBytes: 5,
  });
  expect((await windows.processes(os)).map(({ amount }) => amount)).toEqual([10, 20, 7]);
  expect(await windows.isCommitEnforced(os)).toBe(true);
});

describe("a window", () => {
  const state = (seconds: number, availableBytes: number): MemoryState => ({
    atMs: seconds * 1_000,
    totalBytes: 1_000,
    availableBytes,
    swapTotalBytes: 100,
    swapUsedBytes: 10,
    commitLimitBytes: 500,
    committedBytes: 200,
  });

  test("averages by time and remembers the least", () => {
    const window = new MemoryWindow(state(0, 800), 0);
    window.look(state(100, 800));
    window.look(state(101, 200));
    window.look(state(102, 800));
    window.look(state(300, 800));
    expect(window.close(3_000_000)).toEqual({
      availableBytes: 798,
      swapUsedBytes: 10,
      committedBytes: 200,
      lowestAvailableBytes: 200,
      pressurePercent: 1,
      measuredSeconds: 300,
    });
  });
  test("begins anew where it ended", () => {
    const window = new MemoryWindow(state(0, 100), undefined);
    window.look(state(300, 100));
    window.close(undefined);
    window.look(state(300.001, 900));
    window.look(state(600, 900));
    expect(window.close(undefined)).toMatchObject({
      availableBytes: 900,
      lowestAvailableBytes: 100,
      measuredSeconds: 300,
      pressurePercent: null,
    });
  });
  test("that is short is taken together with those before", () => {
    const window = new MemoryWindow(state(0, 100), 0);
    window.look(state(300, 100));
    window.close(0);
    window.look(state(301, 900));
    expect(window.close(301_000)).toMatchObject({
      availableBytes: 101,
      lowestAvailableBytes: 100,
      measuredSeconds: 301,
      pressurePercent: 0.1,
    });
  });
  test("of no time gives what it saw", () => {
    expect(new MemoryWindow(state(0, 700), 0).close(0)).toMatchObject({ availableBytes: 700, measuredSeconds: 0, pressurePercent: null });
  });
});

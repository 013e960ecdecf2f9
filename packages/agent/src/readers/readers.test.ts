import { describe, expect, spyOn, test } from "bun:test";
import { OsError, type Os } from "../os/os.ts";
import { clip } from "./clip.ts";
import { fitsAny } from "./names.ts";
import { readPressure } from "./pressure.linux.ts";
import { largestPrograms } from "./processes/largest-programs.ts";
import { readEachProcess } from "./processes/linux-processes.ts";
import { repeatedly, sharedReading } from "./repeat.ts";

describe("names in settings", () => {
  test.each<[string, string[], string, boolean]>([
    ["the whole name", ["/srv"], "/srv", true],
    ["no part of it", ["/srv"], "/srv/data", false],
    ["a pattern", ["/srv/*"], "/srv/data/deep", true],
    ["a pattern in the middle", ["post*sql@*.service"], "postgresql@15-main.service", true],
    ["signs of regular expressions mean themselves", ["/a.b"], "/axb", false],
    ["also in patterns", ["/a.b*"], "/axbc", false],
    ["brackets", ["C:\\(x)*"], "C:\\(x)y", true],
    ["line ends in names", ["/a*"], "/a\nb", true],
    ["no pattern", [], "/", false],
  ])("%s", (_, patterns, name, fits) => {
    expect(fitsAny(patterns, name)).toBe(fits);
  });
});

describe("clip", () => {
  test.each([
    ["short text stays", "abc", 3, "abc"],
    ["long text says that it goes on", "abcdef", 4, "abc…"],
    ["a character of two halves is not cut", "ab😀cd", 4, "ab…"],
  ])("%s", (_, text, limit, expected) => {
    expect(clip(text, limit)).toBe(expected);
  });
});

describe("processes", () => {
  const files: Record<string, string> = { "/proc/1/stat": "one", "/proc/22/stat": "two", "/proc/4/stat": "odd" };
  const os = {
    listDirectory: async () => ["1", "22", "3", "4", "self", "stat"],
    readFile: async (path: string) => {
      const text = files[path];
      if (text === undefined) throw new OsError("COLLECT_UNREADABLE", path);
      return text;
    },
  } as unknown as Os;

  test("those that ended meanwhile, and those that cannot be understood, are left out", async () => {
    const rows = await readEachProcess(os, "stat", (text, processId) => (text === "odd" ? undefined : `${processId} ${text}`));
    expect(rows.sort()).toEqual(["1 one", "22 two"]);
  });

  test("of one name are one program", () => {
    const processes = [
      { name: "browser", amount: 3 },
      { name: "editor", amount: 4 },
      { name: "browser", amount: 2 },
      { name: "idle", amount: 0 },
    ];
    expect(largestPrograms(processes, 5)).toEqual([
      { name: "browser", processCount: 2, amount: 5 },
      { name: "editor", processCount: 1, amount: 4 },
    ]);
    expect(largestPrograms(processes, 1)).toHaveLength(1);
  });
});

describe("pressure", () => {
  const read = (readFile: () => Promise<string>) => readPressure({ readFile } as unknown as Os, "cpu");
  test.each([
    ["as recorded", "some avg10=0.20 avg60=0.65 avg300=0.32 total=11797724\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n", 11_797_724],
    ["something else", "hello", undefined],
  ])("%s", async (_, text, expected) => {
    expect(await read(async () => text)).toBe(expected as never);
  });
  test("a kernel that keeps none", async () => {
    expect(
      await read(async () => {
        throw new OsError("COLLECT_UNREADABLE", "EOPNOTSUPP");
      }),
    ).toBeUndefined();
  });
});

test("a look that is not over is not started again, and one that fails does not end the watch", async () => {
  let looks = 0;
  let finish: () => void = () => {};
  const third = Promise.withResolvers<void>();
  const watcher = repeatedly(1, async () => {
    looks++;
    if (looks === 1) await new Promise<void>((resolve) => (finish = resolve));
    if (looks === 2) throw new Error("unreadable for once");
    if (looks === 3) third.resolve();
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(looks).toBe(1);
  finish();
  await third.promise;
  watcher.stop();
});

test("looks of one pace happen together, and go on when one of them is stopped", async () => {
  const order: string[] = [];
  const rounds = Promise.withResolvers<void>();
  const first = repeatedly(15, async () => void order.push("first"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  const second = repeatedly(15, async () => {
    order.push("second");
    if (order.filter((name) => name === "second").length === 3) rounds.resolve();
  });
  first.stop();
  first.stop();
  await rounds.promise;
  second.stop();
  expect(order).toEqual(["first", "second", "second", "second"]);
});

test("who reads the same at the same moment gets the same reading", async () => {
  const clock = spyOn(performance, "now").mockReturnValue(1_000);
  try {
    let reads = 0;
    const read = sharedReading<object, number>(async () => ++reads);
    const [one, other] = [{}, {}];
    expect(await Promise.all([read(one), read(one), read(other)])).toEqual([1, 1, 2]);
    clock.mockReturnValue(1_010);
    expect(await read(one)).toBe(3);
  } finally {
    clock.mockRestore();
  }
});

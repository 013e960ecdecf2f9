import { describe, expect, test } from "bun:test";
import type { CheckInstance, Sample } from "@hauswart/protocol/wire/messages.ts";
import type { Collector, Memory } from "../collector.ts";
import { FakeClock, settle } from "../testing/fake-clock.ts";
import { createLog } from "../log.ts";
import { runtimeOffset } from "../os/local-offset.ts";
import { OsError, type Os } from "../os/os.ts";
import { openKept } from "../state/kept.ts";
import { Scheduler } from "./scheduler.ts";

const config = (number: number, check: string, change: Partial<CheckInstance> = {}): CheckInstance => ({
  number,
  check,
  instance: "",
  everySeconds: 60,
  selectionVersion: 1,
  selection: {},
  ...change,
});

/** kept.json in memory. */
function memoryFiles() {
  const files = new Map<string, string>();
  return {
    files,
    readJson: (name: string) => (files.has(name) ? JSON.parse(files.get(name)!) : undefined),
    writeText: (name: string, text: string) => void files.set(name, text),
  };
}

function setUp(collectors: Collector[], data = memoryFiles(), clock = new FakeClock()) {
  const log = createLog(() => {});
  const batches: Sample[][] = [];
  const kept = openKept(data, log);
  const scheduler = new Scheduler({
    collectors,
    system: "linux",
    os: {} as Os,
    deviceId: "device",
    clock,
    localOffset: runtimeOffset,
    log,
    kept,
    deliver: (samples) => {
      batches.push(samples.map((text) => JSON.parse(text) as Sample));
      kept.save();
    },
    limitMs: 10_000,
  });
  return { clock, batches, scheduler, data, samples: () => batches.flat() };
}

const counting = (check: string): Collector => {
  let count = 0;
  return { check, version: 1, collect: async () => ({ ok: { count: ++count } }) };
};

describe("Scheduler", () => {
  test("measures at once, then on the grid without drift; a tick's samples travel together", async () => {
    const { clock, batches, scheduler, samples } = setUp([counting("a"), counting("b")]);
    scheduler.configure([config(1, "a"), config(2, "b")]);
    await clock.advance(100);
    expect(batches.map((batch) => batch.map(({ check }) => check))).toEqual([[1, 2]]);
    await clock.advance(10 * 60_000);
    expect(samples().filter(({ check }) => check === 1).length).toBe(11);
    const times = samples()
      .filter(({ check }) => check === 1)
      .slice(1)
      .map(({ at }) => at);
    expect(new Set(times.slice(1).map((at, index) => at - times[index]!))).toEqual(new Set([60_000]));
    expect(batches.slice(1).every((batch) => batch.length === 2)).toBe(true);
    expect(samples()[0]).toMatchObject({ selectionVersion: 1, ok: { count: 1 } });
  });

  test("one that throws, hangs or answers nonsense stops no other, and each says what is the case", async () => {
    const broken: Record<string, Collector["collect"]> = {
      throws: () => {
        throw new Error("oops");
      },
      denied: async () => {
        throw new OsError("COLLECT_PERMISSION_DENIED", "no");
      },
      hangs: () => new Promise(() => {}),
      nonsense: async () => 7 as never,
      cyclic: async () => {
        const ok: Record<string, unknown> = {};
        ok["self"] = ok;
        return { ok };
      },
      huge: async () => ({ ok: { text: "x".repeat(300_000) } }),
      empty: async () => ({ noData: "nothing here" }),
    };
    const collectors = Object.entries(broken).map(([check, collect]): Collector => ({ check, version: 1, collect }));
    const { clock, scheduler, samples } = setUp([...collectors, counting("good")]);
    const checks = [...Object.keys(broken), "good", "unknown-here"];
    scheduler.configure(checks.map((check, number) => config(number, check)));
    await clock.advance(2_000);
    expect(samples().some(({ check }) => check === checks.indexOf("good"))).toBe(true);
    await clock.advance(10_000);
    const outcomes = Object.fromEntries(
      samples().map(({ check, failed, noData, ok }) => [checks[check], failed ?? noData ?? Object.keys(ok ?? {})]),
    );
    expect(outcomes).toEqual({
      throws: "COLLECT_BROKEN",
      denied: "COLLECT_PERMISSION_DENIED",
      hangs: "COLLECT_TIMED_OUT",
      nonsense: "COLLECT_BROKEN",
      cyclic: "COLLECT_BROKEN",
      huge: "COLLECT_OUTPUT_TOO_LARGE",
      empty: "nothing here",
      good: ["count"],
      "unknown-here": "COLLECT_UNSUPPORTED",
    });
  });

  test("never overlaps itself: while one has not ended, the next says so", async () => {
    let running = 0;
    let most = 0;
    let release = () => {};
    const slow: Collector = {
      check: "slow",
      version: 1,
      collect: async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => (release = resolve));
        running--;
        return { ok: {} };
      },
    };
    const { clock, scheduler, samples } = setUp([slow]);
    scheduler.configure([config(1, "slow")]);
    await clock.advance(180_000);
    expect(most).toBe(1);
    expect(samples().map(({ detail }) => detail)).toContain("previous-running");
    release();
    await clock.advance(60_000);
    expect([running, most]).toEqual([1, 1]);
  });

  test("asked for while it runs, it measures once more after that, with what is then", async () => {
    const looks: (() => void)[] = [];
    let count = 0;
    const slow: Collector = {
      check: "slow",
      version: 1,
      collect: async () => {
        const ok = { count };
        await new Promise<void>((resolve) => looks.push(resolve));
        return { ok };
      },
    };
    const { clock, scheduler, samples } = setUp([slow]);
    scheduler.configure([config(1, "slow")]);
    await clock.advance(300);
    count = 7;
    scheduler.measureNow(undefined);
    scheduler.measureNow([1]);
    await clock.advance(2_000);
    expect([looks.length, samples()]).toEqual([1, []]);
    looks[0]!();
    await clock.advance(2_000);
    looks[1]!();
    await clock.advance(2_000);
    expect(samples().map(({ ok }) => ok)).toEqual([{ count: 0 }, { count: 7 }]);
    expect(looks.length).toBe(2);
  });

  test("tells the collector when its time is up", async () => {
    let aborted = false;
    const slow: Collector = {
      check: "slow",
      version: 1,
      collect: ({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => ((aborted = true), resolve({ ok: {} })))),
    };
    const { clock, scheduler, samples } = setUp([slow]);
    scheduler.configure([config(1, "slow")]);
    await clock.advance(10_000);
    expect(aborted).toBe(true);
    expect(samples()).toMatchObject([{ failed: "COLLECT_TIMED_OUT" }]);
  });

  test("changes measure at once, bursts as one, at most once a second", async () => {
    let change = () => {};
    const watched: Collector = { ...counting("w"), watch: async (_, __, changed) => ((change = changed), { stop: () => {} }) };
    const { clock, scheduler, samples } = setUp([watched]);
    scheduler.configure([config(1, "w")]);
    await clock.advance(5_000);
    expect(samples().length).toBe(1);
    for (let count = 0; count < 20; count++) change();
    await clock.advance(100);
    expect(samples().length).toBe(2);
    change();
    await clock.advance(500);
    expect(samples().length).toBe(2);
    await clock.advance(600);
    expect(samples().length).toBe(3);
  });

  test("a change during a measurement measures again after it", async () => {
    let change = () => {};
    let release = () => {};
    let count = 0;
    const watched: Collector = {
      check: "w",
      version: 1,
      collect: async () => {
        if (++count === 2) await new Promise<void>((resolve) => (release = resolve));
        return { ok: { count } };
      },
      watch: async (_, __, changed) => ((change = changed), { stop: () => {} }),
    };
    const { clock, scheduler, samples } = setUp([watched]);
    scheduler.configure([config(1, "w")]);
    await clock.advance(2_000);
    change();
    await clock.advance(100);
    change(); // while the second measurement runs
    release();
    await clock.advance(2_000);
    expect(samples().length).toBe(3);
  });

  test("a watcher ends with its instance, and a failing one is tried again", async () => {
    let starts = 0;
    let stops = 0;
    const watched: Collector = {
      ...counting("w"),
      watch: async () => {
        if (++starts === 1) throw new Error("no bus");
        return { stop: () => void stops++ };
      },
    };
    const { clock, scheduler } = setUp([watched]);
    scheduler.configure([config(1, "w")]);
    await clock.advance(61_000);
    expect([starts, stops]).toEqual([2, 0]);
    scheduler.configure([config(1, "w", { selection: { other: true }, selectionVersion: 2 })]);
    await clock.advance(1_000);
    expect([starts, stops]).toEqual([3, 1]);
    scheduler.stop();
    await settle();
    expect(stops).toBe(2);
  });

  test("an unchanged instance goes on undisturbed, a removed one ends, a new one is measured at once", async () => {
    const { clock, scheduler, samples } = setUp([counting("a"), counting("b"), counting("c")]);
    scheduler.configure([config(1, "a"), config(2, "b")]);
    await clock.advance(1_000);
    scheduler.configure([config(1, "a"), config(3, "c")]);
    await clock.advance(1_000);
    expect(samples().map(({ check }) => check)).toEqual([1, 2, 3]);
    await clock.advance(120_000);
    expect(samples().filter(({ check }) => check === 2).length).toBe(1);
  });

  test("measures now what it is asked to", async () => {
    const { clock, scheduler, samples } = setUp([counting("a"), counting("b")]);
    scheduler.configure([config(1, "a"), config(2, "b")]);
    await clock.advance(1_000);
    scheduler.measureNow([2]);
    await clock.advance(1_000);
    scheduler.measureNow(undefined);
    await clock.advance(1_000);
    expect(samples().map(({ check }) => check)).toEqual([1, 2, 2, 1, 2]);
  });

  test("keeps measuring when the clock is set back for years, and measures once when it jumps ahead", async () => {
    const { clock, scheduler, samples } = setUp([counting("a")]);
    scheduler.configure([config(1, "a")]);
    await clock.advance(1_000);
    clock.setWall(Date.UTC(1999, 0, 1));
    await clock.advance(180_000);
    expect(samples().length).toBeGreaterThanOrEqual(3);
    const before = samples().length;
    clock.setWall(Date.UTC(2099, 0, 1));
    await clock.advance(60_000);
    expect(samples().length - before).toBeLessThanOrEqual(2);
    expect(samples().length - before).toBeGreaterThanOrEqual(1);
  });

  test("a daily check runs once a day; one that was missed runs at the next start, another does not", async () => {
    const data = memoryFiles();
    const clock = new FakeClock(new Date(2026, 0, 5, 12).getTime());
    const daily = config(1, "d", { everySeconds: 86_400, dailyAtHour: 9 });
    const first = setUp([counting("d")], data, clock);
    first.scheduler.configure([daily]);
    await clock.advance(1_000);
    expect(first.samples().length).toBe(1); // never ran before
    first.scheduler.stop();
    clock.setWall(new Date(2026, 0, 6, 8).getTime());
    const second = setUp([counting("d")], data, clock);
    second.scheduler.configure([daily]);
    await clock.advance(30 * 60_000);
    expect(second.samples().length).toBe(0); // not due yet
    second.scheduler.stop();
    clock.setWall(new Date(2026, 0, 6, 15).getTime());
    const third = setUp([counting("d")], data, clock);
    third.scheduler.configure([daily]);
    await clock.advance(1_000);
    expect(third.samples().length).toBe(1); // 9 o'clock was missed
    clock.setWall(new Date(2026, 0, 7, 8, 59).getTime());
    await clock.advance(15 * 60_000);
    expect(third.samples().length).toBe(2);
  });

  test("a daily check that failed is tried again, ever less often, until it succeeds; anew each day, and at the next start", async () => {
    const data = memoryFiles();
    const clock = new FakeClock(new Date(2026, 0, 5, 6).getTime());
    let isBroken = true;
    const collect: Collector["collect"] = async () => {
      if (isBroken) throw new OsError("COLLECT_UNREADABLE", "0x8024402C");
      return { ok: {} };
    };
    const daily = config(1, "d", { everySeconds: 86_400, dailyAtHour: 9 });
    const first = setUp([{ check: "d", version: 1, collect }], data, clock);
    /** Between one sample and the next. */
    const minutes = () => {
      const times = first.samples().map(({ at }) => at);
      return times.slice(1).map((at, index) => Math.round((at - times[index]!) / 60_000));
    };
    first.scheduler.configure([daily]);
    await clock.advance(2.9 * 3_600_000);
    expect(minutes()).toEqual([15, 30, 60, 60]);
    await clock.advance(45 * 60_000);
    expect(minutes().slice(5)).toEqual([15]); // 9 o'clock came
    isBroken = false;
    await clock.advance(1.5 * 3_600_000);
    expect(minutes().slice(6)).toEqual([30]);
    expect(first.samples().at(-1)).toHaveProperty("ok");

    isBroken = true;
    clock.setWall(new Date(2026, 0, 6, 12).getTime());
    await clock.advance(60_000);
    expect(first.samples().at(-1)).toHaveProperty("failed");
    first.scheduler.stop();
    const second = setUp([counting("d")], data, clock);
    second.scheduler.configure([daily]);
    await clock.advance(1_000);
    expect(second.samples().length).toBe(1);
  });

  test("a daily check is measured at once when it is to read something else, and when it comes back", async () => {
    const clock = new FakeClock(new Date(2026, 0, 5, 12).getTime());
    const { scheduler, samples } = setUp([counting("d")], memoryFiles(), clock);
    const daily = config(1, "d", { everySeconds: 86_400, dailyAtHour: 9 });
    const configured = async (checks: CheckInstance[]) => {
      scheduler.configure(checks);
      await clock.advance(1_000);
      return samples().length;
    };
    expect(await configured([daily])).toBe(1);
    expect(await configured([{ ...daily, everySeconds: 86_399 }])).toBe(1);
    expect(await configured([{ ...daily, selectionVersion: daily.selectionVersion + 1 }])).toBe(2);
    expect(await configured([])).toBe(2);
    expect(await configured([{ ...daily, selectionVersion: daily.selectionVersion + 1 }])).toBe(3);
  });

  test("what a collector keeps is there after a restart, what it holds in memory is not", async () => {
    const data = memoryFiles();
    const remembering: Collector = {
      check: "r",
      version: 1,
      collect: async (_, memory: Memory) => {
        memory.kept["runs"] = ((memory.kept["runs"] as number | undefined) ?? 0) + 1;
        memory.values.set("runs", ((memory.values.get("runs") as number | undefined) ?? 0) + 1);
        return { ok: { kept: memory.kept["runs"], values: memory.values.get("runs") } };
      },
    };
    const clock = new FakeClock();
    for (const expected of [1, 2]) {
      const { scheduler, samples } = setUp([remembering], data, clock);
      scheduler.configure([config(1, "r")]);
      await clock.advance(100);
      expect(samples()[0]?.ok).toEqual({ kept: expected, values: 1 });
      scheduler.stop();
    }
  });
});

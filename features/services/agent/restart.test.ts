import { afterEach, describe, expect, jest, test } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import { services } from "../protocol.ts";
import collectors from "./index.ts";
import { mayRestart, recordOf, recordsFrom, refresh, withAttempt, type RestartRecords } from "./restart-record.ts";
import type { ObservedService, RestartResult, Selection, ServiceManager } from "./service-manager.ts";

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 10, 21);
const limits = { maximumConsecutiveRestarts: 2, maximumRestartsIn24Hours: 4 };

const service = (state: ObservedService["state"], changes: Partial<ObservedService> = {}): ObservedService => ({
  name: "web.service",
  displayName: "Web",
  start: "automatic",
  watchedAs: "automatic",
  state,
  stateSince: null,
  problem: "",
  ownRestartCount: 0,
  ...changes,
});

/** A computer whose services stop when the test says so, and run again after a restart that succeeds. */
class FakeManager implements ServiceManager {
  rows: ObservedService[] = [service("running")];
  result: RestartResult = { succeeded: true, detail: "" };
  readonly restarted: string[] = [];
  async read() {
    return { ok: this.rows };
  }
  async restart(name: string) {
    this.restarted.push(name);
    if (this.result.succeeded) this.rows = this.rows.map((row) => (row.name === name ? { ...row, state: "running" } : row));
    return this.result;
  }
  async watch() {
    return { stop() {} };
  }
}

function computer(changes: Partial<Selection> = { restart: true }) {
  const manager = new FakeManager();
  const memory: Memory = { values: new Map<string, unknown>([["manager", manager]]), kept: {} };
  const selection = services.selection.parse(changes);
  const measure = async (atMs: number) => {
    // The second look is a matter of its own: what is down now was down before.
    memory.values.set("down", new Set(manager.rows.map(({ name }) => name)));
    const answer = await collectors[0]!.collect(
      { system: "linux", selection, instance: "", os: {} as Os, signal: new AbortController().signal, now: () => atMs },
      memory,
    );
    if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
    // The host writes it down between two measurements.
    Object.assign(memory.kept, JSON.parse(JSON.stringify(memory.kept)));
    return { row: answer.ok.services[0]!, restarts: answer.ok.restarts, sample: answer.ok };
  };
  const stopAndMeasure = async (atMs: number) => {
    manager.rows = [service("stopped")];
    return measure(atMs);
  };
  return { manager, memory, measure, stopAndMeasure };
}

describe("a service that is down", () => {
  test("stays down while restarts are switched off", async () => {
    const { manager, stopAndMeasure } = computer({});
    const { row, restarts, sample } = await stopAndMeasure(start);
    expect(row).toMatchObject({ state: "stopped", restart: "off" });
    expect([restarts, manager.restarted, sample.watchedCount, sample.runningCount]).toEqual([[], [], 1, 0]);
  });

  test("stays down while a person only looks", async () => {
    const { manager, memory } = computer();
    manager.rows = [service("stopped")];
    memory.values.set("down", new Set(["web.service"]));
    const context = {
      system: "linux" as const,
      selection: services.selection.parse({ restart: true }),
      instance: "",
      os: {} as Os,
      now: () => start,
    };
    const answer = await collectors[0]!.collect({ ...context, signal: new AbortController().signal, onlyLook: true }, memory);
    expect(answer).toMatchObject({ ok: { services: [{ state: "stopped", restart: "off" }], restarts: [] } });
    expect(manager.restarted).toEqual([]);
  });

  test("is restarted, runs, and carries a note for a day", async () => {
    const { stopAndMeasure, measure } = computer();
    const { row, restarts, sample } = await stopAndMeasure(start);
    expect(row).toMatchObject({ state: "running", restart: "succeeded", restartsIn24HoursCount: 1, restartedAt: start });
    expect(restarts).toEqual([{ at: start, service: "web.service", succeeded: true, attemptCount: 1, detail: "" }]);
    expect(sample.runningCount).toBe(1);
    expect((await measure(start + 23 * hour)).row).toMatchObject({ restart: "not-needed", restartsIn24HoursCount: 1, restartedAt: start });
    expect((await measure(start + 24 * hour)).row).toMatchObject({ restart: "not-needed", restartsIn24HoursCount: 0, restartedAt: null });
  });

  test("is restarted twice in a row and not a third time", async () => {
    const { manager, measure, stopAndMeasure } = computer();
    manager.result = { succeeded: false, detail: "exit-code 3" };
    const first = await stopAndMeasure(start);
    expect(first.row).toMatchObject({ state: "stopped", restart: "failed", restartedAt: null });
    expect(first.restarts).toMatchObject([{ succeeded: false, attemptCount: 1, detail: "exit-code 3" }]);
    expect((await measure(start + minute)).restarts).toMatchObject([{ attemptCount: 2 }]);
    const third = await measure(start + 2 * minute);
    expect([third.row.restart, third.restarts, manager.restarted.length]).toEqual(["gave-up", [], 2]);
  });

  test("MON-1: is restarted as often as its own line says, also never", async () => {
    const restartsOfServices = [
      { service: "web", maximumConsecutiveRestarts: 3 },
      { service: "*", maximumConsecutiveRestarts: 0 },
    ];
    const { manager, stopAndMeasure, measure } = computer({ restart: true, restartsOfServices });
    for (let time = 0; time < 4; time++) await stopAndMeasure(start + time * minute);
    expect(manager.restarted).toHaveLength(3);
    manager.rows = [service("stopped", { name: "mail.service" })];
    expect((await measure(start + 5 * minute)).row.restart).toBe("off");
    expect(manager.restarted).toHaveLength(3);
  });

  test("settings of an older server, which knows no lines, hold for all", async () => {
    const { manager, stopAndMeasure } = computer({ restart: true, restartsOfServices: undefined as never });
    for (let time = 0; time < 4; time++) await stopAndMeasure(start + time * minute);
    expect(manager.restarted).toHaveLength(2);
  });

  test("counts on while it does not run for five minutes in between", async () => {
    const { stopAndMeasure, measure } = computer();
    await stopAndMeasure(start);
    await measure(start + 2 * minute);
    await stopAndMeasure(start + 4 * minute);
    expect((await stopAndMeasure(start + 8 * minute)).row.restart).toBe("gave-up");
  });

  test("four times in 24 hours, however well it ran in between; then again", async () => {
    const { stopAndMeasure, measure } = computer();
    for (const hours of [0, 1, 2, 3]) {
      expect((await stopAndMeasure(start + hours * hour)).row.restart).toBe("succeeded");
      await measure(start + hours * hour + 10 * minute);
    }
    expect((await stopAndMeasure(start + 4 * hour)).row).toMatchObject({ state: "stopped", restart: "gave-up", restartsIn24HoursCount: 4 });
    expect((await stopAndMeasure(start + 24 * hour + minute)).row.restart).toBe("succeeded");
  });

  test.each<[string, ObservedService, Partial<Selection>]>([
    ["deactivated by an administrator", service("stopped", { start: "deactivated", watchedAs: "listed" }), {}],
    ["a one-off service that failed", service("failed", { watchedAs: "failed" }), {}],
    ["not there at all", service("missing", { watchedAs: "listed" }), {}],
    ["on its way", service("starting"), {}],
    ["not among those to restart", service("stopped"), { restartOnly: ["mail", "db*"] }],
  ])("is left alone when it is %s", async (_, row, changes) => {
    const { manager, measure } = computer({ restart: true, ...changes });
    manager.rows = [row];
    expect((await measure(start)).restarts).toEqual([]);
    expect(manager.restarted).toEqual([]);
  });

  test("is restarted by its short name", async () => {
    const { manager, stopAndMeasure } = computer({ restart: true, restartOnly: ["web"] });
    await stopAndMeasure(start);
    expect(manager.restarted).toEqual(["web.service"]);
  });

  test("is looked at again before it is told of: an update that restarts it is nothing", async () => {
    const { manager, memory } = computer({});
    memory.values.delete("down");
    let reads = 0;
    manager.read = async () => ({ ok: [service(++reads === 1 ? "stopped" : "running")] });
    const answer = await collectors[0]!.collect(
      {
        system: "linux",
        selection: services.selection.parse({}),
        instance: "",
        os: {} as Os,
        signal: new AbortController().signal,
        now: () => start,
      },
      memory,
    );
    expect(answer).toMatchObject({ ok: { services: [{ state: "running" }] } });
    expect(reads).toBe(2);
  }, 10_000);
});

describe("an attempt that takes longer than a measurement may", () => {
  afterEach(() => void jest.useRealTimers());

  /** A service that is down, and attempts that end when the test says so. */
  async function slowComputer(changes: Partial<Selection> = { restart: true }) {
    jest.useFakeTimers();
    const { manager, memory, stopAndMeasure, measure } = computer(changes);
    const ends: ((result: RestartResult) => void)[] = [];
    manager.restart = (name) => (manager.restarted.push(name), new Promise<RestartResult>((resolve) => ends.push(resolve)));
    let changeCount = 0;
    const context = {
      system: "linux" as const,
      selection: services.selection.parse(changes),
      instance: "",
      os: {} as Os,
      now: () => start,
    };
    await collectors[0]!.watch!(context, memory, () => changeCount++);
    const turns = async () => {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    };
    /** Measures, and waits in vain for what has just been begun. */
    const measureInVain = async (atMs: number) => {
      const measuring = stopAndMeasure(atMs);
      await turns();
      jest.advanceTimersByTime(22_000);
      return measuring;
    };
    const end = async (result: RestartResult) => {
      ends.shift()!(result);
      await turns();
      return changeCount;
    };
    return { manager, memory, measure, measureInVain, end };
  }
  const failed = { succeeded: false, detail: "COLLECT_UNREADABLE: start of web: Windows error 1053" };

  test("MON-1: holds up no failure, goes on, and is told of by the sample after its end", async () => {
    const { manager, measure, measureInVain, end } = await slowComputer();
    const first = await measureInVain(start);
    expect(first.row).toMatchObject({ state: "stopped", restart: "not-needed", restartsIn24HoursCount: 0 });
    expect(first.restarts).toEqual([]);
    // It is not begun twice.
    expect((await measure(start + minute)).row).toMatchObject({ state: "stopped", restart: "not-needed" });
    expect(manager.restarted).toHaveLength(1);

    expect(await end(failed)).toBe(1);
    const told = await measure(start + 2 * minute);
    expect(told.row).toMatchObject({ state: "stopped", restart: "failed", restartsIn24HoursCount: 1 });
    expect(told.restarts).toMatchObject([{ service: "web.service", succeeded: false, attemptCount: 1, detail: failed.detail }]);
    expect(manager.restarted).toHaveLength(1);

    const second = await measureInVain(start + 7 * minute);
    expect([second.restarts, manager.restarted.length]).toEqual([[], 2]);
    expect(await end(failed)).toBe(2);
    expect((await measure(start + 8 * minute)).restarts).toMatchObject([{ attemptCount: 2 }]);
    const last = await measure(start + 9 * minute);
    expect([last.row.restart, last.restarts, manager.restarted.length]).toEqual(["gave-up", [], 2]);
  });

  test("is told of when it worked in the end", async () => {
    const { manager, measure, measureInVain, end } = await slowComputer();
    await measureInVain(start);
    manager.rows = [service("running")];
    await end({ succeeded: true, detail: "" });
    const { row, restarts } = await measure(start + minute);
    expect(row).toMatchObject({ state: "running", restart: "succeeded", restartedAt: start });
    expect(restarts).toEqual([{ at: start, service: "web.service", succeeded: true, attemptCount: 1, detail: "" }]);
    expect((await measure(start + 2 * minute)).restarts).toEqual([]);
  });

  test("is told of by a later sample when the one that told of it came too late, also after a restart of the agent", async () => {
    const { manager, memory, measureInVain, end } = await slowComputer();
    await measureInVain(start);
    await end(failed);
    const collect = (signal: AbortSignal, kept: Memory) =>
      collectors[0]!.collect(
        { system: "linux", selection: services.selection.parse({ restart: true }), instance: "", os: {} as Os, signal, now: () => start },
        kept,
      );
    const entry = { ok: { restarts: [{ attemptCount: 1 }] } };
    expect(await collect(AbortSignal.abort(), memory)).toMatchObject(entry);
    const restarted: Memory = {
      values: new Map<string, unknown>([
        ["manager", manager],
        ["down", new Set(["web.service"])],
      ]),
      kept: JSON.parse(JSON.stringify(memory.kept)) as Memory["kept"],
    };
    expect(await collect(new AbortController().signal, restarted)).toMatchObject(entry);
    expect(restarted.kept["untold"]).toBeUndefined();
  });

  test("that breaks is an attempt in vain", async () => {
    const { manager, measure } = await slowComputer();
    manager.rows = [service("stopped")];
    manager.restart = async () => {
      throw new Error("a mistake");
    };
    expect((await measure(start)).restarts).toMatchObject([{ succeeded: false, detail: "a mistake" }]);
  });
});

describe("the record of restarts", () => {
  const failing = (...attempts: number[]): RestartRecords => ({ a: { attempts, consecutive: 2, lastSucceeded: false } });
  test("a row ends when the service ran for five minutes, not before", () => {
    expect(recordOf(refresh(failing(start), new Set(["a"]), start + 5 * minute - 1), "a").consecutive).toBe(2);
    expect(recordOf(refresh(failing(start), new Set(["a"]), start + 5 * minute), "a").consecutive).toBe(0);
    expect(recordOf(refresh(failing(start), new Set(), start + 20 * minute), "a").consecutive).toBe(2);
  });
  test("of a service that ran well for a day is forgotten", () => {
    expect(refresh(failing(start), new Set(["a"]), start + 24 * hour)).toEqual({});
  });
  test("attempts of a clock that stood in another century do not count", () => {
    expect(recordOf(refresh(failing(Date.UTC(2099, 0, 1)), new Set(), start), "a").attempts).toEqual([]);
  });
  test("limits of 0 allow nothing", () => {
    expect(mayRestart(recordOf({}, "a"), { ...limits, maximumConsecutiveRestarts: 0 })).toBe(false);
    expect(mayRestart(recordOf({}, "a"), { ...limits, maximumRestartsIn24Hours: 0 })).toBe(false);
    expect(mayRestart(recordOf({}, "a"), limits)).toBe(true);
  });
  test("survives its way through a file, and nonsense does not", () => {
    const records: RestartRecords = { a: withAttempt(recordOf({}, "a"), true, start) };
    expect(recordsFrom(JSON.parse(JSON.stringify(records)))).toEqual(records);
    expect(recordsFrom({ a: null, b: { attempts: 3 }, c: "x" })).toEqual({});
    expect(recordsFrom("x")).toEqual({});
  });
});

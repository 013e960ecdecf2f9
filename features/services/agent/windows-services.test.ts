import { afterEach, describe, expect, jest, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { WindowsCalls, WindowsService } from "@hauswart/agent/os/windows/calls.ts";
import { services } from "../protocol.ts";
import { openServiceManager } from "./read-services.windows.ts";
import type { ObservedService, Selection } from "./service-manager.ts";

const defaults = services.selection.parse({});
const nowMs = Date.UTC(2026, 10, 22);
const hour = 3_600_000;
const minute = 60_000;

function service(name: string, changes: Partial<WindowsService> = {}): WindowsService {
  return {
    name,
    displayName: `${name} in full`,
    state: "running",
    start: "automatic",
    hasTrigger: false,
    win32ExitCode: 0,
    serviceExitCode: 0,
    processId: 100,
    command: "",
    ...changes,
  };
}
const stopped = { state: "stopped", processId: 0 } as const;

/** A computer with these services; `list` may be changed. */
function computer(list: WindowsService[], uptimeMs = 5 * hour) {
  const started: string[] = [];
  const find = (name: string) => list.findIndex((one) => one.name === name);
  const calls = {
    bootedAtMs: async () => nowMs - uptimeMs,
    services: {
      list: async () => list,
      stateMark: async () => list.map(({ state, processId }) => `${state}${processId}`).join(),
      start: async (name: string) => {
        started.push(name);
        if (name === "refuses") throw new OsError("COLLECT_PERMISSION_DENIED", "start of refuses: Windows error 5");
        list[find(name)] = {
          ...list[find(name)]!,
          ...(name === "dies" ? { ...stopped, win32ExitCode: 1067 } : { state: "running", processId: 200 }),
        };
      },
      stop: async (name: string) => {
        list[find(name)] = { ...list[find(name)]!, ...stopped };
      },
    },
  } as unknown as WindowsCalls;
  return { os: { windows: async () => calls } as unknown as Os, list, started };
}

async function rowsOf(list: WindowsService[], changes: Partial<Selection> = {}, uptimeMs?: number): Promise<readonly ObservedService[]> {
  const answer = await openServiceManager(computer(list, uptimeMs).os).read({ ...defaults, ...changes }, nowMs);
  if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
  return answer.ok;
}
const short = (rows: readonly ObservedService[]) =>
  rows.map(({ name, watchedAs, start, state, problem }) => `${name}: ${[watchedAs, start, state, problem].filter(Boolean).join(" ")}`);

describe("services of Windows", () => {
  test("that start with it are looked at, others are not", async () => {
    const rows = await rowsOf([
      service("Spooler"),
      service("delayed", { start: "delayed" }),
      service("manual", { start: "manual", ...stopped }),
      service("disabled", { start: "disabled", ...stopped }),
    ]);
    expect(short(rows)).toEqual(["Spooler: automatic automatic running", "delayed: automatic automatic running"]);
    expect(rows[0]).toMatchObject({ displayName: "Spooler in full", stateSince: null, ownRestartCount: 0 });
  });

  test("that do not run are stopped, or failed with what Windows says of it", async () => {
    const rows = await rowsOf([
      service("ended", stopped),
      service("crashed", { ...stopped, win32ExitCode: 1067 }),
      service("complained", { ...stopped, win32ExitCode: 1066, serviceExitCode: 42 }),
      service("paused", { state: "paused" }),
      service("never", { ...stopped, win32ExitCode: 1077 }),
    ]);
    expect(short(rows)).toEqual([
      "complained: automatic automatic failed exit-code 42",
      "crashed: automatic automatic failed error 1067",
      "ended: automatic automatic stopped",
      "never: automatic automatic stopped",
      "paused: automatic automatic stopped paused",
    ]);
  });

  test("that are on their way are neither up nor down", async () => {
    const rows = await rowsOf([
      service("up", { state: "start-pending" }),
      service("again", { state: "continue-pending" }),
      service("down", { state: "stop-pending" }),
    ]);
    expect(rows.map(({ state }) => state)).toEqual(["starting", "stopping", "starting"]);
  });

  test("that a trigger starts, or whose maker ends them, need not run; but a crash is one", async () => {
    const list = [
      service("triggered", { ...stopped, hasTrigger: true }),
      service("sppsvc", { ...stopped, start: "delayed" }),
      service("GoogleUpdaterService140.0", stopped),
      service("edgeupdate", { ...stopped, win32ExitCode: 1067 }),
    ];
    expect(short(await rowsOf(list))).toEqual(["edgeupdate: automatic automatic failed error 1067"]);
    expect(short(await rowsOf(list, { listed: ["SPPSVC", "triggered"] }))).toEqual([
      "edgeupdate: automatic automatic failed error 1067",
      "sppsvc: listed automatic stopped",
      "triggered: listed automatic waiting",
    ]);
  });

  test("that have not been started yet get their time after the start of Windows, delayed ones more", async () => {
    const list = [
      service("early", { ...stopped, win32ExitCode: 1077 }),
      service("late", { ...stopped, start: "delayed", win32ExitCode: 1077 }),
    ];
    expect(short(await rowsOf(list, {}, 2 * minute))).toEqual(["early: automatic automatic starting"]);
    expect(short(await rowsOf(list, { listed: ["late"] }, 2 * minute))[1]).toBe("late: listed automatic starting");
    expect(short(await rowsOf(list, {}, 7 * minute))).toEqual(["early: automatic automatic stopped"]);
    expect(short(await rowsOf(list, {}, 11 * minute))).toHaveLength(2);
  });

  test("are named in short or in full, in capitals or not; a full name that does not exist is missing", async () => {
    const list = [
      service("MSSQLSERVER", { displayName: "SQL Server (MSSQLSERVER)", start: "manual", ...stopped }),
      service("Spooler"),
      service("DISABLED", { start: "disabled", ...stopped }),
    ];
    const rows = await rowsOf(list, { watch: "listed", listed: ["sql server*", "NoSuchService", "nothing*", "disabled"] });
    expect(short(rows)).toEqual([
      "DISABLED: listed deactivated stopped",
      "MSSQLSERVER: listed by-others stopped",
      "NoSuchService: listed unknown missing",
    ]);
    expect(await rowsOf(list, { exclude: ["spooler in*"] })).toEqual([]);
  });
});

describe("over time", () => {
  test("a state is as old as it has been seen, and another process of a service is a restart", async () => {
    const { os, list } = computer([service("down", stopped), service("crashing")]);
    const opened = openServiceManager(os);
    const readAt = async (atMs: number) => {
      const answer = await opened.read(defaults, atMs);
      return "ok" in answer ? answer.ok : [];
    };
    await readAt(nowMs);
    list[1] = service("crashing", { processId: 101 });
    const [crashing, down] = await readAt(nowMs + minute);
    expect(down!.stateSince).toBe(nowMs);
    expect(crashing!.ownRestartCount).toBe(1);
    expect((await readAt(nowMs + 2 * hour))[0]!.ownRestartCount).toBe(0);
  });

  test("a restart waits until the service runs, or tells why it does not", async () => {
    const { os, list, started } = computer([
      service("works", stopped),
      service("dies", stopped),
      service("refuses", stopped),
      service("paused", { state: "paused" }),
    ]);
    const opened = openServiceManager(os);
    const restart = (name: string) => opened.restart(name);
    expect(await Promise.all(["works", "dies", "refuses", "paused"].map(restart))).toEqual([
      { succeeded: true, detail: "" },
      { succeeded: false, detail: "error 1067" },
      { succeeded: false, detail: "COLLECT_PERMISSION_DENIED: start of refuses: Windows error 5" },
      { succeeded: true, detail: "" },
    ]);
    expect(started.sort()).toEqual(["dies", "paused", "refuses", "works"]);
    expect(list.find(({ name }) => name === "works")!.state).toBe("running");
  });
});

describe("while it is watched", () => {
  afterEach(() => void jest.useRealTimers());

  /** One look, and what it sets going. */
  const look = async () => {
    jest.advanceTimersByTime(10_000);
    for (let turns = 0; turns < 20; turns++) await Promise.resolve();
  };

  test("a service that was looked at, or comes to be looked at, asks for a measurement when it changes; another one does not", async () => {
    jest.useFakeTimers();
    const { os, list } = computer([service("Spooler"), service("manual", { start: "manual", ...stopped })]);
    const opened = openServiceManager(os);
    let changes = 0;
    const watcher = await opened.watch(() => changes++);
    await opened.read(defaults, nowMs);
    await look();
    expect(changes).toBe(0);

    list[1] = service("manual", { start: "manual" });
    await look();
    expect(changes).toBe(0);

    list[0] = service("Spooler", stopped);
    await look();
    expect(changes).toBe(1);
    await opened.read(defaults, nowMs);

    list.push(service("new", { state: "start-pending" }));
    await look();
    expect(changes).toBe(2);

    watcher.stop();
    list[0] = service("Spooler");
    await look();
    expect(changes).toBe(2);
  });
});

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OsError, type Os, type SystemBus } from "@hauswart/agent/os/os.ts";
import { RecordedBus, recordingFromText } from "@hauswart/testkit/recorded-bus.ts";
import { services } from "../protocol.ts";
import { openServiceManager } from "./read-services.linux.ts";
import type { ObservedService, Selection } from "./service-manager.ts";

const recorded = (name: string) => recordingFromText(readFileSync(join(import.meta.dir, `../testdata/${name}.json`), "utf8"));
const defaults = services.selection.parse({});
const osOf = (bus: SystemBus) => ({ listDirectory: async () => [], systemBus: async () => bus }) as unknown as Os;
const nowMs = Date.UTC(2026, 10, 21);

const minute = 60_000;
const manager = "org.freedesktop.systemd1.Manager";
const unit = "org.freedesktop.systemd1.Unit";
const properties = "org.freedesktop.DBus.Properties";
const pathOf = (name: string) => `/org/freedesktop/systemd1/unit/${name.replaceAll("-", "_2d").replaceAll(".", "_2e")}`;

async function rowsOf(bus: RecordedBus, changes: Partial<Selection> = {}): Promise<readonly ObservedService[]> {
  const answer = await openServiceManager(osOf(bus)).read({ ...defaults, ...changes }, nowMs);
  if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
  return answer.ok;
}
const odd = ["odd-disabled", "odd-masked", "odd-job-done", "odd-missing", "autovt@odd.service"];
const short = ({ name, watchedAs, start, state, problem }: ObservedService) =>
  `${name.replace(/\.service$/, "")}: ${[watchedAs, start, state, problem].filter(Boolean).join(" ")}`;

describe("what systemd 252 said", () => {
  test("of a fresh Debian 12: what starts with it runs, and nothing else is looked at", async () => {
    expect((await rowsOf(new RecordedBus(recorded("fresh-debian-12")))).map(short)).toEqual([
      "cron: automatic automatic running",
      "dbus: automatic automatic running",
      "systemd-journald: automatic automatic running",
      "systemd-logind: automatic automatic running",
    ]);
  });

  test("of a service that was stopped", async () => {
    const [cron] = await rowsOf(new RecordedBus(recorded("cron-stopped")));
    expect(cron).toMatchObject({ name: "cron.service", watchedAs: "automatic", state: "stopped", problem: "" });
    expect(cron!.stateSince).toBeGreaterThan(Date.UTC(2026, 0, 1));
  });

  test("of services in every state", async () => {
    const rows = await rowsOf(new RecordedBus(recorded("odd-services")), { listed: odd });
    expect(rows.map(short).filter((row) => row.startsWith("odd") || row.startsWith("getty"))).toEqual([
      "getty@odd: listed deactivated stopped",
      "odd-crashing: automatic automatic starting",
      "odd-disabled: listed deactivated stopped",
      "odd-exit-code: automatic automatic failed exit-code 3",
      "odd-job-done: listed automatic finished",
      "odd-job-failed: failed automatic failed exit-code 1",
      "odd-masked: listed deactivated stopped",
      "odd-missing: listed unknown missing",
      "odd-never-started: automatic automatic stopped",
      "odd-runs: automatic automatic running",
      "odd-signal: automatic automatic failed signal 11",
      "odd-starting: automatic automatic starting",
      // It handled the request and left with success: still somebody stopped it.
      "odd-stopped-politely: automatic automatic stopped",
      "odd-stopped: automatic automatic stopped",
      // Not among them: ended by itself at once, waits for its socket, skipped by its condition.
    ]);
  });

  test("only the listed ones, patterns and short names as well", async () => {
    const rows = await rowsOf(new RecordedBus(recorded("odd-services")), {
      watch: "listed",
      listed: ["odd-s*d", "odd-runs", "nothing-like-this*"],
    });
    expect(rows.map(({ name }) => name)).toEqual(["odd-runs.service", "odd-skipped.service", "odd-stopped.service"]);
    expect(rows.map(({ state }) => state)).toEqual(["running", "skipped", "stopped"]);
  });

  test("without the excluded ones", async () => {
    const rows = await rowsOf(new RecordedBus(recorded("odd-services")), { exclude: ["odd-*", "systemd-journald.service", "dbus"] });
    expect(rows.map(({ name }) => name)).toEqual(["systemd-logind.service"]);
  });
});

describe("a computer", () => {
  test("that systemd does not run has no data", async () => {
    const os = { listDirectory: () => Promise.reject(new OsError("COLLECT_UNREADABLE", "ENOENT")) } as unknown as Os;
    expect(await openServiceManager(os).read(defaults, nowMs)).toEqual({ noData: "no-systemd" });
  });
  test("that shuts down has no data, and nothing is down", async () => {
    const recording = recorded("cron-stopped");
    const key = Object.keys(recording).find((call) => call.includes("SystemState"))!;
    const bus = new RecordedBus({ ...recording, [key]: { body: ["stopping"] } });
    expect(await openServiceManager(osOf(bus)).read(defaults, nowMs)).toEqual({ noData: "shutting-down" });
  });
  test("whose bus cannot be reached is an error", async () => {
    const os = {
      listDirectory: async () => [],
      systemBus: () => Promise.reject(new OsError("COLLECT_UNSUPPORTED", "no D-Bus")),
    } as unknown as Os;
    await expect(openServiceManager(os).read(defaults, nowMs)).rejects.toThrow("no D-Bus");
  });
});

describe("while systemd is listened to", () => {
  const start = async () => {
    const bus = new RecordedBus(recorded("fresh-debian-12"));
    const opened = openServiceManager(osOf(bus));
    let changes = 0;
    const watcher = await opened.watch(() => changes++);
    await opened.read(defaults, nowMs);
    bus.calls.length = 0;
    return { bus, opened, watcher, changes: () => changes };
  };

  test("a reading asks for the list and nothing that it knows already", async () => {
    const { bus, opened } = await start();
    await opened.read(defaults, nowMs + minute);
    expect(bus.calls.map((call) => call.split(" ")[1]!.split(".").at(-1))).toEqual(["ListUnitsByPatterns", "Get"]);
  });

  test("a watched service that changes its state asks for a measurement, another one does not", async () => {
    const { bus, changes } = await start();
    bus.signal(pathOf("cron.service"), properties, "PropertiesChanged", [unit, { ActiveState: "inactive" }, []]);
    expect(changes()).toBe(1);
    bus.signal(pathOf("apt-daily.service"), properties, "PropertiesChanged", [unit, { ActiveState: "active" }, []]);
    bus.signal(pathOf("cron.service"), properties, "PropertiesChanged", [unit, { Job: [0, "/"] }, []]);
    bus.signal(pathOf("cron.timer"), properties, "PropertiesChanged", [unit, { ActiveState: "failed" }, []]);
    expect(changes()).toBe(1);
    bus.signal(pathOf("apt-daily.service"), properties, "PropertiesChanged", [unit, { ActiveState: "failed" }, []]);
    expect(changes()).toBe(2);
  });

  test("what changes while the first reading runs asks for another, whichever service it is", async () => {
    const bus = new RecordedBus(recorded("fresh-debian-12"));
    const opened = openServiceManager(osOf(bus));
    let changes = 0;
    await opened.watch(() => changes++);
    const reading = opened.read(defaults, nowMs);
    bus.signal(pathOf("cron.service"), properties, "PropertiesChanged", [unit, { ActiveState: "inactive" }, []]);
    await reading;
    expect(changes).toBe(1);
  });

  test("changed unit files are read again", async () => {
    const { bus, opened } = await start();
    bus.signal("/org/freedesktop/systemd1", manager, "UnitFilesChanged", []);
    await opened.read(defaults, nowMs + minute);
    expect(bus.calls.filter((call) => call.includes("UnitFileState")).length).toBeGreaterThan(10);
  });

  test("after a lost connection it listens anew with the next reading", async () => {
    const { bus, opened, changes } = await start();
    bus.close();
    expect(bus.listeners).toBe(0);
    await opened.read(defaults, nowMs + minute);
    expect(bus.listeners).toBe(4);
    bus.signal(pathOf("cron.service"), properties, "PropertiesChanged", [unit, { ActiveState: "inactive" }, []]);
    expect(changes()).toBe(1);
  });

  test("it ends when it is told to", async () => {
    const { bus, opened, watcher, changes } = await start();
    watcher.stop();
    expect(bus.listeners).toBe(0);
    await opened.read(defaults, nowMs + minute);
    expect(bus.listeners).toBe(0);
    expect(changes()).toBe(0);
  });

  test("crashes are counted, from when it began to look", async () => {
    const bus = new RecordedBus(recorded("odd-services"));
    const opened = openServiceManager(osOf(bus));
    await opened.watch(() => {});
    const crashesOf = async (total: number, atMs: number) => {
      bus.play({
        ...recorded("odd-services"),
        [`${pathOf("odd-crashing.service")} ${properties}.Get ["org.freedesktop.systemd1.Service","NRestarts"]`]: { body: [total] },
      });
      bus.signal(pathOf("odd-crashing.service"), properties, "PropertiesChanged", [unit, { SubState: "auto-restart" }, []]);
      const answer = await opened.read(defaults, atMs);
      return "ok" in answer ? answer.ok.find(({ name }) => name === "odd-crashing.service")?.ownRestartCount : undefined;
    };
    expect(await crashesOf(500, nowMs)).toBe(0);
    expect(await crashesOf(502, nowMs + minute)).toBe(2);
    expect(await crashesOf(503, nowMs + 30 * minute)).toBe(3);
    expect(await crashesOf(503, nowMs + 61 * minute)).toBe(1);
    expect(await crashesOf(2, nowMs + 62 * minute)).toBe(3);
    expect(await crashesOf(900, nowMs + 63 * minute)).toBe(10);
  });

  test("a service that starts again and again has been starting since the first time", async () => {
    const { rows } = await (async () => {
      const bus = new RecordedBus(recorded("odd-services"));
      const opened = openServiceManager(osOf(bus));
      await opened.read(defaults, nowMs);
      return { rows: await opened.read(defaults, nowMs + minute) };
    })();
    expect("ok" in rows && rows.ok.find(({ name }) => name === "odd-crashing.service")?.stateSince).toBe(nowMs);
  });
});

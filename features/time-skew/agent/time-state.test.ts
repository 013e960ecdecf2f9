import { describe, expect, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { madeEvent, madeEventLog } from "@hauswart/agent/testing/made-event-log.ts";
import { parseTracking, readTimeState as linux } from "./read-time-state.linux.ts";
import { readTimeState as macos } from "./read-time-state.macos.ts";
import { readTimeState as windows } from "./read-time-state.windows.ts";

const now = Date.UTC(2026, 10, 22, 12);
const nothing = { source: "", sinceSyncSeconds: null };
/** As chronyc(1) documents `tracking` with -c. */
const tracking =
  "A29FC87B,162.159.200.123,4,1795348700.250000000,0.000012,-0.000001,0.000020,-12.345,0.001,0.050,0.010,0.0005,64.5,Normal\n";

interface Computer {
  /** Paths that are there, and when they were changed, seconds ago. */
  files?: Record<string, number>;
  texts?: Record<string, string>;
  /** NTP and NTPSynchronized of systemd-timedated. */
  timedated?: [boolean, boolean];
  chronyc?: string;
}

function osOf({ files = {}, texts = {}, timedated, chronyc }: Computer): Os {
  const unreadable = (what: string) => new OsError("COLLECT_UNREADABLE", what);
  return {
    fileInfo: async (path: string) =>
      files[path] === undefined ? undefined : { kind: "file", sizeBytes: 0, modifiedAtMs: now - files[path] * 1_000 },
    readFile: async (path: string) => {
      if (texts[path] === undefined) throw unreadable(path);
      return texts[path];
    },
    run: async () => {
      if (chronyc === undefined) throw new OsError("COLLECT_UNSUPPORTED", "there is no program chronyc");
      return { exitCode: 0, stdout: chronyc, stderr: "" };
    },
    systemBus: async () => {
      if (!timedated) throw unreadable("no D-Bus");
      const known: Record<string, unknown> = { NTP: timedated[0], NTPSynchronized: timedated[1], ServerName: "time.example.org" };
      return { call: async (_1: string, _2: string, _3: string, _4: string, _5: string, [, name]: string[]) => [known[name!]] };
    },
  } as unknown as Os;
}

describe("Linux", () => {
  test.each<[string, Computer, object | undefined]>([
    ["a container", { files: { "/run/systemd/container": 0 } }, { method: "host", synchronised: "not-needed", ...nothing }],
    [
      "timesyncd, an hour ago",
      { files: { "/run/systemd/timesync": 9, "/run/systemd/timesync/synchronized": 3_600 }, timedated: [true, true] },
      { method: "timesyncd", synchronised: "yes", source: "time.example.org", sinceSyncSeconds: 3_600 },
    ],
    [
      "timesyncd without an answer",
      { timedated: [true, false] },
      { method: "timesyncd", synchronised: "no", source: "time.example.org", sinceSyncSeconds: null },
    ],
    [
      "chrony",
      { files: { "/run/chrony/chronyd.pid": 0 }, chronyc: tracking, timedated: [true, true] },
      { method: "chrony", synchronised: "yes", source: "162.159.200.123", sinceSyncSeconds: 100 },
    ],
    [
      "chrony that cannot be asked",
      { files: { "/run/chrony/chronyd.pid": 0 } },
      { method: "chrony", synchronised: "not-told", ...nothing },
    ],
    ["ntpd", { files: { "/run/ntpd.pid": 0 }, timedated: [false, true] }, { method: "ntpd", synchronised: "yes", ...nothing }],
    ["a hypervisor's tools", { timedated: [false, true] }, { method: "other", synchronised: "yes", ...nothing }],
    ["nothing", { timedated: [false, false] }, { method: "none", synchronised: "no", ...nothing }],
    ["nobody who could tell", {}, undefined],
  ])("%s", async (_, computer, expected) => {
    const state = await linux(osOf(computer), 1_795_348_800_250 - (computer.chronyc ? 0 : 1_795_348_800_250 - now));
    expect(state).toEqual(expected as never);
  });

  test("a clock without a source says so", () => {
    expect(parseTracking(tracking.replace("Normal", "Not synchronised"))).toMatchObject({ isSynchronised: false });
    expect(parseTracking("506 Cannot talk to daemon")).toBeUndefined();
  });
});

describe("Windows", () => {
  interface Setup {
    type?: string;
    start?: string;
    state?: string;
    events?: number[];
    /** Of the last one. */
    daysAgo?: number;
  }
  const computer = ({ type = "NTP", start = "manual", state = "running", events = [], daysAgo = 200 }: Setup) =>
    ({
      windows: async () => ({
        registry: {
          value: async (_: string, name: string) => (name === "Type" ? type || undefined : "time.windows.com,0x9 ntp.example.org,0x8"),
        },
        services: { list: async () => [{ name: "W32Time", start, state }] },
        events: madeEventLog(() => {
          const at = now - daysAgo * 86_400_000;
          const own = events.map((eventId, index) => madeEvent(index + 1, { eventId, at: at - (events.length - 1 - index) * 1_000 }));
          return [...own, madeEvent(events.length + 1, { eventId: 7036, at: now })];
        }, ["System"]),
      }),
    }) as unknown as Os;
  const source = "time.windows.com, ntp.example.org";
  test.each<[string, Setup, object]>([
    ["a source that answers", { events: [36, 35] }, { method: "w32time", synchronised: "yes", source, sinceSyncSeconds: null }],
    ["a source that does not", { events: [35, 36] }, { method: "w32time", synchronised: "no", source, sinceSyncSeconds: null }],
    ["very many words, of which the last counts", { events: [...Array.from({ length: 12_000 }, () => 35), 36] }, { synchronised: "no" }],
    ["the domain", { type: "NT5DS", events: [37] }, { method: "w32time", synchronised: "yes", source: "domain", sinceSyncSeconds: null }],
    [
      "a service that stands still since the last look",
      { state: "stopped", events: [37, 35], daysAgo: 6 },
      { synchronised: "yes", sinceSyncSeconds: 6 * 86_400 },
    ],
    [
      "a service that has stood still for months",
      { state: "stopped", events: [35], daysAgo: 90 },
      { synchronised: "yes", sinceSyncSeconds: 90 * 86_400 },
    ],
    ["a service that stopped without a source", { state: "stopped", events: [35, 36] }, { synchronised: "no", sinceSyncSeconds: null }],
    ["a service that stands still without a word", { state: "stopped" }, { synchronised: "not-told", sinceSyncSeconds: null }],
    ["a log without a word", {}, { method: "w32time", synchronised: "not-told", source, sinceSyncSeconds: null }],
    ["switched off", { type: "NoSync" }, { method: "none", synchronised: "no", ...nothing }],
    ["a service that may not start", { start: "disabled" }, { method: "none", synchronised: "no", ...nothing }],
  ])("%s", async (_, setup, expected) => {
    expect(await windows(computer(setup), now)).toMatchObject(expected);
  });
  test("a registry without the service's settings is a failure", async () => {
    await expect(windows(computer({ type: "" }), now)).rejects.toMatchObject({ code: "COLLECT_UNREADABLE" });
  });
});

describe("macOS", () => {
  const preferences = "/Library/Preferences/com.apple.timed.plist";
  const automatic = (is: boolean) => ({
    [preferences]: `<plist version="1.0"><dict><key>TMAutomaticTimeOnlyEnabled</key><${is}/></dict></plist>`,
    "/etc/ntp.conf": "server time.apple.com\n",
  });
  const state = { "/var/db/timed/com.apple.timed.plist": 1_200 };
  test.each<[string, Computer, object]>([
    [
      "on",
      { files: { [preferences]: 0, ...state }, texts: automatic(true) },
      { method: "timed", source: "time.apple.com", sinceSyncSeconds: 1_200 },
    ],
    ["never changed", { files: state }, { method: "timed", source: "", sinceSyncSeconds: 1_200 }],
    ["off", { files: { [preferences]: 0, ...state }, texts: automatic(false) }, { method: "none", synchronised: "no" }],
    ["without a trace", {}, { method: "timed", synchronised: "not-told", sinceSyncSeconds: null }],
  ])("%s", async (_, computer, expected) => {
    expect(await macos(osOf(computer), now)).toMatchObject(expected);
  });
});

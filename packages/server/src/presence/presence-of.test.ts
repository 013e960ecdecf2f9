import { describe, expect, test } from "bun:test";
import { availabilityOf, type ProcessRow } from "./availability.ts";
import { isOverdue, presenceOf, restartPatienceMs, returnGraceMs, type PresenceRow } from "./presence-of.ts";

const nowMs = Date.UTC(2026, 2, 2, 12);
const seconds = (count: number) => new Date(nowMs - count * 1_000);
const day = 86_400;

const row = (change: Partial<PresenceRow>): PresenceRow => ({
  connected_at: seconds(3_600),
  disconnected_at: null,
  last_seen_at: seconds(20),
  goodbye: null,
  goodbye_at: null,
  process_alive_at: seconds(1),
  process_stopped_at: null,
  ...change,
});
const process = (startedAgo: number, aliveAgo: number, change: Partial<ProcessRow> = {}): ProcessRow => ({
  started_at: seconds(startedAgo),
  alive_at: seconds(aliveAgo),
  stopped_at: null,
  gap_from: null,
  gap_until: null,
  ...change,
});
const longUp = availabilityOf([process(30 * day, 1)], nowMs);
const lost = (ago: number) => row({ connected_at: seconds(ago + 3_600), disconnected_at: seconds(ago), last_seen_at: seconds(ago) });
const crashed = (ago: number) =>
  row({ connected_at: seconds(ago + 3_600), last_seen_at: seconds(ago + 30), process_alive_at: seconds(ago) });
const said = (goodbye: string, ago: number) =>
  row({ connected_at: seconds(ago + 3_600), disconnected_at: seconds(ago), goodbye, goodbye_at: seconds(ago), last_seen_at: seconds(ago) });

describe("presenceOf", () => {
  const justUp = availabilityOf([process(10_000, 700), process(60, 1)], nowMs);
  const table: [name: string, row: PresenceRow, availability: typeof longUp, state: string, reason: string | null][] = [
    ["a device that never came", row({ connected_at: null, last_seen_at: null, process_alive_at: null }), longUp, "never-connected", null],
    ["an open connection of a process that lives", row({}), longUp, "present", null],
    ["a connection lost a moment ago", lost(89), longUp, "present", null],
    ["a connection lost 90 seconds ago", lost(90), longUp, "silent", "connection-lost"],
    ["it came back after it was lost", row({ disconnected_at: seconds(4_000) }), longUp, "present", null],
    ["an orderly shutdown, at once", said("shutdown", 1), longUp, "shut-down", "shutdown"],
    ["an orderly shutdown, a year later", said("sleep", 365 * day), longUp, "shut-down", "sleep"],
    ["a restart under way", said("restart", restartPatienceMs / 1_000), longUp, "shut-down", "restart"],
    ["a restart that never ended", said("restart", restartPatienceMs / 1_000 + 1), longUp, "silent", "restart"],
    ["an update that never ended", said("agent-update", restartPatienceMs / 1_000 + 1), longUp, "silent", "agent-update"],
    ["it said goodbye and the socket is still open", row({ goodbye: "shutdown", goodbye_at: seconds(1) }), longUp, "shut-down", "shutdown"],
    ["the server went, and is back for a minute", crashed(700), justUp, "unknown", "connection-lost"],
    ["the server went, and has been back for long", crashed(day), longUp, "silent", "connection-lost"],
    ["the server went in an orderly way a moment ago", row({ process_stopped_at: seconds(1) }), longUp, "unknown", "connection-lost"],
    ["it was lost before the server's downtime and may have tried to return in it", lost(2_000), justUp, "unknown", "connection-lost"],
  ];
  test.each(table)("%s", (_name, device, availability, state, reason) => {
    expect(presenceOf(device, availability, nowMs)).toMatchObject({ state: state as never, reason: reason as never });
  });
  test("a device that went with the server was last seen when the server was", () => {
    expect(presenceOf(crashed(700), justUp, nowMs).lastSeenAt).toBe(seconds(700).toISOString());
  });
});

describe("isOverdue", () => {
  const limit = 300_000;
  const graceSeconds = returnGraceMs / 1_000;
  const table: [name: string, row: PresenceRow & { role?: "server" | "workstation" }, processes: ProcessRow[], expected: boolean][] = [
    ["connected", row({}), [process(30 * day, 1)], false],
    ["never came", row({ connected_at: null, last_seen_at: null }), [process(30 * day, 1)], false],
    ["silent for exactly the limit", lost(300), [process(30 * day, 1)], false],
    ["silent for longer than the limit", lost(301), [process(30 * day, 1)], true],
    ["shut down for a year", said("shutdown", 365 * day), [process(30 * day, 1)], false],
    ["asleep, agent stopped by hand", said("agent-stop", day), [process(30 * day, 1)], false],
    ["a workstation that sleeps", { ...said("sleep", 30 * day), role: "workstation" }, [process(60 * day, 1)], false],
    ["a server that has just fallen asleep", { ...said("sleep", 300), role: "server" }, [process(30 * day, 1)], false],
    ["a server that sleeps", { ...said("sleep", 301), role: "server" }, [process(30 * day, 1)], true],
    ["a restart takes long", said("restart", 800), [process(30 * day, 1)], false],
    ["a restart never ended", said("restart", 901), [process(30 * day, 1)], true],
    ["server away for a day, back since a second", lost(day), [process(30 * day, day), process(1, 1)], false],
    [
      "server away for a day, back just long enough, but the silence was our own",
      crashed(day),
      [process(30 * day, day), process(graceSeconds + 10, 1)],
      false,
    ],
    ["server away for a day, back for longer than the limit", crashed(day), [process(30 * day, day), process(301, 1)], true],
    [
      "silent for 100 s before a downtime and 180 s after it: the downtime does not count",
      lost(day),
      [process(30 * day, day - 100), process(graceSeconds + 60, 1)],
      false,
    ],
    [
      "database away for an hour while the process lived",
      lost(3_700),
      [process(30 * day, 1, { gap_from: seconds(3_650), gap_until: seconds(150) })],
      false,
    ],
  ];
  test.each(table)("%s", (_name, device, processes, expected) => {
    expect(isOverdue({ role: "server", ...device }, availabilityOf(processes, nowMs), limit, nowMs)).toBe(expected);
  });
});

describe("availability", () => {
  test("without any process nothing is up", () => {
    expect(availabilityOf([], nowMs).upSinceMs).toBe(nowMs);
  });
  test("processes that overlap are one service", () => {
    const availability = availabilityOf([process(100, 40, { stopped_at: seconds(40) }), process(50, 1)], nowMs);
    expect(availability.upSinceMs).toBe(seconds(100).getTime());
    expect(availability.downMs(0, nowMs)).toBe(0);
  });
  test("time between processes, and since the last one, is downtime", () => {
    const availability = availabilityOf([process(1_000, 900), process(700, 600)], nowMs);
    expect(availability.downMs(seconds(1_000).getTime(), nowMs)).toBe(800_000);
    expect(availability.downMs(seconds(800).getTime(), seconds(650).getTime())).toBe(100_000);
    expect(availability.upSinceMs).toBe(nowMs);
  });
});

import { expect, test } from "bun:test";
import type { AgentStatus } from "../control/status.ts";
import { renderStatus } from "./status.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const status: AgentStatus = {
  version: "5.1.0",
  processId: 1,
  startedAt: now - 60_000,
  server: "https://hauswart.example",
  deviceId: "0190",
  enrolledAt: now - 86_400_000,
  proxy: "none",
  link: { state: "connected", at: now - 30_000 },
  lastAcknowledgedAt: now,
  clockOffsetMs: 0,
  buffer: { mode: "disk", usedBytes: 0, limitBytes: 1_000_000, waitingBatches: 0, droppedSamples: 0 },
  configurationRevision: "",
  checks: [],
};
const lines = (update?: AgentStatus["update"]) =>
  renderStatus({ ...status, ...(update ? { update } : {}) }, now)
    .split("\n")
    .filter((line) => /^(Application|Last update)/.test(line))
    .map((line) => line.replace(/ {2,}/g, " "));

test("says what runs and how the last update ended", () => {
  const last = { version: "5.1.0", outcome: "confirmed", code: "", detail: "", at: now - 3_600_000 };
  expect(lines({ running: "a", isTrial: false, last })).toEqual([
    "Application of an update, in slot a",
    "Last update 5.1.0 succeeded 1 hour ago",
  ]);
  const failed = { version: "5.2.0", outcome: "rolled-back", code: "NO_LINK", detail: "not welcomed in 300 s", at: now };
  expect(lines({ running: "b", isTrial: true, last: failed })).toEqual([
    "Application of an update, in slot b; on trial until the server welcomes it",
    expect.stringContaining("5.2.0 was taken back"),
  ]);
  expect(lines({ running: "built-in", isTrial: false })).toEqual(["Application the one within the program", "Last update none yet"]);
});

test("an agent that does not update itself says nothing of updates", () => expect(lines()).toEqual([]));

import { expect, test } from "bun:test";
import { formatFor } from "@hauswart/protocol/format.ts";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { messages } from "../messages.ts";
import { eventLog } from "../protocol.ts";
import { judge } from "./judge.ts";

type Row = SampleOf<typeof eventLog>["rules"][number];

const minute = 60_000;
const at = Date.UTC(2026, 10, 22, 12);
const defaults = eventLog.judgement.parse({});
const row = (changes: Partial<Row> = {}): Row => ({
  rule: "disk-error",
  isOwn: false,
  severity: "failure",
  windowCount: 4,
  windowMinuteCount: 60,
  fromCount: 1,
  lastAt: at,
  raisedAt: at,
  source: "kernel",
  eventId: "",
  texts: "I/O error, dev sda, sector 8",
  ...changes,
});
const judged = (rows: readonly Row[], settings: Partial<typeof defaults> = {}, sample: { unreadCount?: number; problem?: string } = {}) =>
  judge({
    sample: { matchedCount: 0, readCount: 9, unreadCount: 0, problem: "", matches: [], ...sample, rules: [...rows] },
    settings: { ...defaults, ...settings },
    past: { points: () => [] },
    at,
  });

test.each<[string, Partial<Row>, Partial<typeof defaults>, string]>([
  ["as often as the rule asks for", {}, {}, "failure"],
  ["a rule that only warns", { severity: "warning" }, {}, "warning"],
  ["not as often yet", { raisedAt: null, windowCount: 2, fromCount: 5 }, {}, "ok"],
  ["quiet for exactly the time", { lastAt: at - 1_440 * minute, raisedAt: at - 1_440 * minute }, {}, "failure"],
  ["quiet for longer", { lastAt: at - 1_440 * minute - 1, raisedAt: at - 1_440 * minute - 1 }, {}, "ok"],
  ["raised long ago, and still trickling", { lastAt: at - minute, raisedAt: at - 3_000 * minute }, {}, "failure"],
  ["a shorter quiet time", { lastAt: at - 11 * minute, raisedAt: at - 11 * minute }, { quietMinutes: 10 }, "ok"],
  ["from a clock that was set back since", { lastAt: at + 1e10, raisedAt: at + 1e10 }, {}, "ok"],
  ["in mode report", {}, { mode: "report" }, "ok"],
  ["a rule that is only listed", {}, { reportOnly: ["disk-*"] }, "ok"],
  ["another rule is only listed", {}, { reportOnly: ["disk", "*-crash"] }, "failure"],
])("%s", (_, changes, settings, expected) => {
  const [flood, event] = judged([row(changes)], settings);
  expect(flood).toMatchObject({ code: "flood", subject: "", state: "ok" });
  expect(event).toMatchObject({ code: "event", subject: "disk-error", state: expected });
});

test("floods warn, unless that is not wanted; what cannot be read is unknown", () => {
  expect(judged([], {}, { unreadCount: 1 })[0]).toMatchObject({ code: "flood", state: "warning", evidence: { unreadCount: 1 } });
  expect(judged([], { warnOfUnread: false }, { unreadCount: 1 })[0]).toMatchObject({ state: "ok" });
  expect(judged([], {}, { problem: "System: refused" })[0]).toMatchObject({ state: "unknown" });
});

test("texts explain a curated rule and name the entries; of one's own rule they name the rule", () => {
  const about = (rows: Row) => {
    const { subject, evidence } = judged([rows])[1]!;
    return { subject, evidence, format: formatFor("de", "Europe/Berlin") };
  };
  const { title, meaning } = messages.de.findings.event;
  expect(title(about(row()))).toBe("Lese- oder Schreibfehler eines Datenträgers");
  expect(meaning(about(row()))).toContain("I/O error, dev sda, sector 8");
  expect(meaning(about(row()))).toContain("Einträge in 60 Minuten: 4");
  expect(title(about(row({ rule: "Veeam", isOwn: true })))).toBe("Protokolleinträge zur Regel „Veeam“");
});

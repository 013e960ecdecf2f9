import { describe, expect, test } from "bun:test";
import { roundResult, type RoundSituation } from "./round-result.ts";

const [minute, hour] = [60_000, 3_600_000];
const dueAtMs = Date.UTC(2026, 2, 2, 8);
const verdict = (state: "ok" | "warning" | "failure" | "unknown") => ({
  code: "old",
  subject: "Guard",
  state,
  evidence: { age: 1, secret: 2 },
});
const situation = (changes: Partial<RoundSituation>): RoundSituation => ({
  dueAtMs,
  endsAtMs: dueAtMs + 15 * hour,
  openedAtMs: dueAtMs + 5_000,
  nowMs: dueAtMs + 20_000,
  connectedSinceMs: dueAtMs - 8 * hour,
  evidenceAtMs: dueAtMs + 10_000,
  freshForMs: 3 * hour + minute,
  newest: { verdicts: [verdict("ok")] },
  keeps: { code: "old", evidence: ["age", "missing"] },
  ...changes,
});
const shown = (changes: Partial<RoundSituation>) => {
  const result = roundResult(situation(changes));
  return result === undefined
    ? "wait"
    : [result.state, result.reason ?? result.result, result.isLate ? "late" : ""].filter(Boolean).join(" ");
};
const before = { evidenceAtMs: dueAtMs - 20 * minute };
const later = { nowMs: dueAtMs + 11 * minute };

describe("AV-3 a record", () => {
  test.each<[string, Partial<RoundSituation>, string]>([
    ["measured at its hour", {}, "done ok"],
    ["measured in the very moment", { evidenceAtMs: dueAtMs }, "done ok"],
    ["with a warning", { newest: { verdicts: [verdict("ok"), verdict("warning")] } }, "done warning"],
    ["with a failure", { newest: { verdicts: [verdict("warning"), verdict("failure")] } }, "done failure"],
    ["where something is not known", { newest: { verdicts: [verdict("ok"), verdict("unknown")] } }, "not-measurable unknown-result"],
    ["where nothing was looked at", { newest: { verdicts: [] } }, "not-measurable unknown-result"],
    ["of a measurement that failed", { newest: { why: "collect-failed", detail: "x" } }, "not-measurable collect-failed"],
    ["while the agent has not answered", before, "wait"],
    ["of an agent that does not answer, with evidence that still counts", { ...before, ...later }, "done ok"],
    [
      "of an agent that does not answer, with evidence that is too old",
      { ...later, evidenceAtMs: dueAtMs - 4 * hour },
      "not-measurable no-answer",
    ],
    ["of a device that is off, whatever it said shortly before", { ...before, connectedSinceMs: null }, "not-measurable device-off"],
    [
      "of a device that came late and may answer yet, whatever it said shortly before",
      { ...before, connectedSinceMs: dueAtMs + 2 * hour, nowMs: dueAtMs + 2 * hour + 9 * minute },
      "wait",
    ],
    [
      "of a device that came late and does not answer",
      { ...before, connectedSinceMs: dueAtMs + 4 * hour, nowMs: dueAtMs + 4 * hour + 10 * minute },
      "not-measurable no-answer",
    ],
    [
      "of one that came late and does not answer, with evidence that still counts",
      { ...before, connectedSinceMs: dueAtMs + hour, nowMs: dueAtMs + hour + 10 * minute },
      "done ok late",
    ],
    ["of a device that was never measured", { ...later, evidenceAtMs: null }, "not-measurable never-measured"],
    ["of one that was never measured and may answer yet", { evidenceAtMs: null }, "wait"],
    ["of one that was never measured and is off", { evidenceAtMs: null, connectedSinceMs: null }, "not-measurable device-off"],
    ["of a device that came back in the afternoon", { evidenceAtMs: dueAtMs + 5 * hour, nowMs: dueAtMs + 5 * hour }, "done ok late"],
    ["exactly a quarter of an hour later", { evidenceAtMs: dueAtMs + 15 * minute, nowMs: dueAtMs + 15 * minute }, "done ok"],
    [
      "after our own outage",
      { openedAtMs: dueAtMs + 2 * hour, nowMs: dueAtMs + 3 * hour, evidenceAtMs: dueAtMs + 10 * minute },
      "done ok late",
    ],
    [
      "of a day that is over when somebody looks again",
      { evidenceAtMs: dueAtMs + 15 * hour, nowMs: dueAtMs + 16 * hour },
      "not-measurable server-down",
    ],
  ])("%s", (_, changes, expected) => {
    expect(shown(changes)).toBe(expected);
  });

  test("keeps the evidence that was asked for, also of what was too old to count", () => {
    expect(roundResult(situation({}))!.subjects).toEqual([{ subject: "Guard", state: "ok", evidence: { age: 1 } }]);
    const off = roundResult(situation({ ...before, connectedSinceMs: null }))!;
    expect([off.evidenceAtMs, off.subjects.length]).toEqual([before.evidenceAtMs, 1]);
  });
});

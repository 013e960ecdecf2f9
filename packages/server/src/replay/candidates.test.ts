import { describe, expect, test } from "bun:test";
import { tank } from "@hauswart/testkit/tank-check.ts";
import { candidatesOf, effectOf, suggest, type Candidate } from "./candidates.ts";
import type { WouldBeFinding } from "./trace.ts";

const minuteMs = 60_000;
const finding = (fromMinute: number, toMinute: number | null, subject = "A"): WouldBeFinding => ({
  code: "full",
  subject,
  severity: "warning",
  worst: "warning",
  openedMs: fromMinute * minuteMs,
  closedMs: toMinute === null ? null : toMinute * minuteMs,
  closedBy: toMinute === null ? null : "recovered",
  flapCount: null,
});

describe("candidates", () => {
  const judgement = { warningAbove: 80, failureAbove: 95 };
  const kinds = (candidates: readonly Candidate[]) =>
    candidates.map(({ kind, damping }) => `${kind} ${JSON.stringify(Object.values(damping)[0])}`);

  test("damp more than the rule does already, and recover on the good side of a threshold", () => {
    const all = kinds(
      candidatesOf({ definition: tank }, 300, judgement, {
        badForMinutes: 15,
        flapping: { openings: 1, withinMinutes: 60, calmMinutes: 5 },
      }),
    );
    expect(all).toContain("duration 20");
    expect(all).not.toContain("duration 15");
    expect(all).toContain('recovery-value {"warningAbove":72,"failureAbove":86}');
    expect(all.some((one) => one.startsWith("flapping"))).toBe(false);
  });

  test("wait at least a cycle, and a daily check has nothing to wait for", () => {
    expect(kinds(candidatesOf({ definition: tank }, 1_800, judgement, {}))[0]).toBe("duration 30");
    expect(candidatesOf({ definition: tank }, 86_400, judgement, {})).toEqual([]);
  });
});

test("a finding is told still when a candidate tells of the same subject at that time", () => {
  const told = [finding(0, 5), finding(60, 200), finding(300, null), finding(300, 305, "B")];
  const candidate = [finding(70, 200), finding(310, null)];
  expect(effectOf(told, candidate, 10 * minuteMs)).toEqual({ findings: 2, shortLeft: 0, lastingKept: 2 });
});

describe("what is suggested", () => {
  const wait = (badForMinutes: number): Candidate => ({ kind: "duration", damping: { badForMinutes } });
  const hold = (goodForMinutes: number): Candidate => ({ kind: "recovery-time", damping: { goodForMinutes } });
  const effect = (findings: number, shortLeft: number, lastingKept: number) => ({ findings, shortLeft, lastingKept });

  test("the shortest time that spares most of the short-lived ones and keeps all that lasted", () => {
    const candidates = [wait(5), wait(10), wait(15), wait(20)];
    const effects = [effect(10, 8, 2), effect(2, 0, 2), effect(2, 0, 2), effect(1, 0, 1)];
    expect(suggest(candidates, effects, { findings: 14, short: 12 })).toMatchObject([{ damping: { badForMinutes: 10 }, findings: 2 }]);
  });

  test("nothing, when a finding that lasted would be lost or little would be spared", () => {
    expect(suggest([wait(5)], [effect(1, 0, 1)], { findings: 4, short: 2 })).toEqual([]);
    expect(suggest([wait(5)], [effect(12, 10, 2)], { findings: 14, short: 12 })).toEqual([]);
    expect(suggest([wait(5)], [effect(3, 0, 3)], { findings: 3, short: 0 })).toEqual([]);
  });

  test("of what holds a finding open the gentlest that is nearly as good", () => {
    const candidates = [hold(10), hold(30), hold(60)];
    const effects = [effect(20, 0, 20), effect(8, 0, 20), effect(8, 0, 20)];
    expect(suggest(candidates, effects, { findings: 20, short: 0 })).toMatchObject([{ damping: { goodForMinutes: 30 } }]);
  });
});

import { describe, expect, test } from "bun:test";
import type { CheckState, Verdict } from "@hauswart/protocol/check.ts";
import { evaluate, type Change, type Outcome } from "./evaluate.ts";
import { allWell, neverMeasured, notAllKnown, type JudgedState } from "./judged-state.ts";

const verdict = (state: CheckState, subject = "C:", code = "low-space"): Verdict => ({ code, subject, state, evidence: { state } });
const measured = (...verdicts: Verdict[]): Outcome => ({ kind: "measured", verdicts });
const short = (change: Change) => `${change.kind} ${change.subject} ${change.kind === "close" ? change.reason : change.severity}`;

/** Plays outcomes one after the other. */
function play(outcomes: readonly Outcome[], failuresBeforeFinding = 1, start: JudgedState = neverMeasured) {
  let state = start;
  const changes = outcomes.map((outcome) => {
    const evaluation = evaluate({ previous: state, outcome, failuresBeforeFinding });
    state = evaluation.next;
    return evaluation.changes.map(short).join(", ");
  });
  return { state, changes };
}

const noData: Outcome = { kind: "no-data", why: "no volumes" };
const failed: Outcome = { kind: "failed", why: "COLLECT_TIMED_OUT" };
const letters: Record<string, Outcome> = {
  ".": measured(verdict("ok")),
  w: measured(verdict("warning")),
  f: measured(verdict("failure")),
  "?": measured(verdict("unknown")),
  n: noData,
  x: failed,
  "-": measured(),
};
const outcomesOf = (line: string) => [...line].map((letter) => letters[letter]!);

describe("findings of one subject, sample by sample", () => {
  const table: [name: string, before: number, line: string, expected: string[]][] = [
    ["the first bad sample opens when one is enough", 1, ".w", ["", "open C: warning"]],
    ["nothing happens twice", 1, "www", ["open C: warning", "", ""]],
    ["a good sample closes", 1, "f.", ["open C: failure", "close C: recovered"]],
    ["the third in a row opens when three are needed", 3, "fff", ["", "", "open C: failure"]],
    ["a good sample in between starts the count anew", 3, "ff.ffff", ["", "", "", "", "", "open C: failure", ""]],
    ["severity of the sample that opens counts", 3, "wfw", ["", "", "open C: warning"]],
    ["severity follows while it is open", 1, "wfw.", ["open C: warning", "change C: failure", "change C: warning", "close C: recovered"]],
    ["no data neither closes nor counts", 2, "fnf", ["", "", "open C: failure"]],
    ["a failed measurement neither closes nor counts", 2, "fxxf.", ["", "", "", "open C: failure", "close C: recovered"]],
    ["an unknown verdict neither closes nor counts", 2, "f?f?", ["", "", "open C: failure", ""]],
    ["unknown keeps what is open, good closes it", 1, "f?nx.", ["open C: failure", "", "", "", "close C: recovered"]],
    ["a subject that is gone closes", 1, "f-", ["open C: failure", "close C: subject-gone"]],
    ["a subject that is gone before it opened leaves nothing", 3, "ff-f", ["", "", "", ""]],
  ];
  test.each(table)("%s", (_name, before, line, expected) => {
    expect(play(outcomesOf(line), before).changes).toEqual(expected);
  });
});

describe("state", () => {
  const table: [line: string, state: CheckState, reason: string | null][] = [
    [".", "ok", null],
    ["w", "warning", null],
    ["f", "failure", null],
    ["?", "unknown", null],
    ["n", "unknown", "no-data"],
    ["x", "unknown", "collect-failed"],
    ["fn", "unknown", "no-data"],
    ["fx.", "ok", null],
    ["-", "unknown", null],
    ["f-", "unknown", null],
  ];
  test.each(table)("after %s it is %s (%p)", (line, state, reason) => {
    const after = play(outcomesOf(line)).state;
    expect([after.state, after.unknownReason as string | null]).toEqual([state, reason]);
  });
  test("it is bad at the first bad sample, though the finding waits for more", () => {
    const after = play(outcomesOf("f"), 3);
    expect([after.state.state, after.changes]).toEqual(["failure", [""]]);
  });
  test("the worst subject decides, and a known fault is worse than not knowing", () => {
    expect(play([measured(verdict("ok", "A"), verdict("unknown", "B"))]).state.state).toBe("unknown");
    expect(play([measured(verdict("unknown", "A"), verdict("warning", "B"), verdict("ok", "C"))]).state.state).toBe("warning");
  });
  test("healthy instances share one object, and so do those of which not all is known", () => {
    expect(play(outcomesOf("w.")).state).toBe(allWell);
    expect(play(outcomesOf("?")).state).toBe(notAllKnown);
  });
  test("nothing new is the very same object", () => {
    const { state } = play(outcomesOf("ff"));
    expect(evaluate({ previous: state, outcome: letters["f"]!, failuresBeforeFinding: 1 }).next).toBe(state);
    const waiting = play(outcomesOf("n")).state;
    expect(evaluate({ previous: waiting, outcome: noData, failuresBeforeFinding: 1 }).next).toBe(waiting);
  });
});

describe("subjects do not touch each other", () => {
  test("one recovers while another one fails", () => {
    const { changes } = play([
      measured(verdict("failure", "A"), verdict("ok", "B")),
      measured(verdict("ok", "A"), verdict("warning", "B")),
    ]);
    expect(changes).toEqual(["open A failure", "close A recovered, open B warning"]);
  });
  test("one with a number of its own opens by that, whatever holds for the others", () => {
    const own = (subject: string, failuresBeforeFinding?: number): Verdict => ({ ...verdict("failure", subject), failuresBeforeFinding });
    const bad = measured(own("C:", 3), own("D:"), own("E:", 1));
    expect(play([bad, bad, bad], 2).changes).toEqual(["open E: failure", "open D: failure", "open C: failure"]);
  });

  test("two kinds of finding about one subject are two", () => {
    const both = measured(verdict("warning", "A", "low-space"), verdict("failure", "A", "few-inodes"));
    expect(play([both]).changes).toEqual(["open A warning, open A failure"]);
  });
});

describe("what nobody names because something hides it", () => {
  const both = measured(
    verdict("ok", "drive", "dying"),
    verdict("failure", "drive", "bad-sectors"),
    verdict("failure", "other", "bad-sectors"),
  );
  const silent = (hides: Verdict["hides"], state: CheckState = "unknown"): Outcome =>
    measured({ ...verdict(state, "drive", "dying"), ...(hides && { hides }) });
  const table: [hides: Verdict["hides"], expected: string][] = [
    [undefined, "close drive subject-gone, close other subject-gone"],
    [["too-hot"], "close drive subject-gone, close other subject-gone"],
    [["too-hot", "bad-sectors"], "close other subject-gone"],
    ["all", ""],
  ];
  test.each(table)("by %j", (hides, expected) => expect(play([both, silent(hides)]).changes[1]).toBe(expected));

  test("is unknown, though nothing that is named is", () => {
    const { state } = play([both, silent("all", "ok")]);
    expect([state.state, state.bad.map(({ subject }) => subject)]).toEqual(["unknown", ["drive", "other"]]);
    expect(evaluate({ previous: state, outcome: silent("all", "ok"), failuresBeforeFinding: 1 }).next).toBe(state);
  });
  test("goes on where it stood, open or still counted", () => {
    const { changes } = play([both, silent("all"), silent("all"), both, silent(undefined)], 2);
    expect(changes).toEqual(["", "", "", "open drive failure, open other failure", "close drive subject-gone, close other subject-gone"]);
  });
  test("stays open where the check is damped", () => {
    const damping = { rule: { goodSamples: 3 }, atMs: 0, longestStepMs: 1 };
    const { state } = play([both]);
    expect(evaluate({ previous: state, outcome: silent("all"), failuresBeforeFinding: 1, damping }).changes).toEqual([]);
  });
  test("leaves what is well as it is", () => expect(play([silent("all", "ok")]).state).toBe(allWell));
});

describe("judging the same sample again after settings changed", () => {
  const again = (previous: JudgedState, state: CheckState, failuresBeforeFinding: number) =>
    evaluate({ previous, outcome: measured(verdict(state)), failuresBeforeFinding, isAgain: true });
  test("does not count it twice", () => {
    const { state } = play(outcomesOf("f"), 3);
    expect(again(state, "failure", 3).next.bad[0]!.failures).toBe(1);
    expect(again(state, "failure", 2).changes).toEqual([]);
  });
  test("opens at once when fewer samples are enough now", () => {
    const { state } = play(outcomesOf("ff"), 3);
    expect(again(state, "failure", 2).changes.map(short)).toEqual(["open C: failure"]);
  });
  test("closes when the threshold no longer holds", () => {
    const { state } = play(outcomesOf("f"));
    expect(again(state, "ok", 1).changes.map(short)).toEqual(["close C: recovered"]);
  });
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Verdict } from "@hauswart/protocol/check.ts";
import { evaluate, type Change, type Outcome } from "./evaluate.ts";
import { neverMeasured, type JudgedState, type Severity } from "./judged-state.ts";

const verdictOf = (subject: string) =>
  fc
    .tuple(
      fc.constantFrom("ok" as const, "warning" as const, "failure" as const, "unknown" as const),
      fc.option(fc.constantFrom<NonNullable<Verdict["hides"]>>("all", ["code"], ["other"])),
    )
    .map(([state, hides]): Verdict => ({ code: "code", subject, state, evidence: {}, ...(hides && { hides }) }));
const measured = fc
  .record({ A: fc.option(verdictOf("A")), B: fc.option(verdictOf("B")) })
  .map(({ A, B }): Outcome => ({ kind: "measured", verdicts: [A, B].filter((verdict) => verdict !== null) }));
const outcome = fc.oneof(
  { weight: 6, arbitrary: measured },
  fc.constantFrom<Outcome>({ kind: "no-data", why: "none" }, { kind: "failed", why: "broken" }),
);
const story = fc.array(outcome, { maxLength: 40 });
const limit = fc.integer({ min: 1, max: 4 });

function play(
  outcomes: readonly Outcome[],
  failuresBeforeFinding: number,
  start: JudgedState = neverMeasured,
): { state: JudgedState; changes: Change[] } {
  let state = start;
  const changes: Change[] = [];
  for (const each of outcomes) {
    const evaluation = evaluate({ previous: state, outcome: each, failuresBeforeFinding });
    state = evaluation.next;
    changes.push(...evaluation.changes);
  }
  return { state, changes };
}

describe("whatever the samples say", () => {
  test("replaying them gives the same states and findings", () => {
    fc.assert(
      fc.property(story, limit, (outcomes, before) => expect(play(outcomes, before)).toEqual(play(structuredClone(outcomes), before))),
    );
  });

  test("a process that dies in between and loads what was stored goes on as if nothing had happened", () => {
    fc.assert(
      fc.property(story, story, limit, (first, rest, before) => {
        const whole = play([...first, ...rest], before);
        const half = play(first, before);
        const loaded = JSON.parse(JSON.stringify(half.state)) as JudgedState;
        const second = play(rest, before, loaded);
        expect(second.state).toEqual(whole.state);
        expect([...half.changes, ...second.changes]).toEqual(whole.changes);
      }),
    );
  });

  test("a finding opens, changes and closes in turn, and what is open at the end is what the state says", () => {
    fc.assert(
      fc.property(story, limit, (outcomes, before) => {
        const { state, changes } = play(outcomes, before);
        const open = new Map<string, Severity>();
        for (const change of changes) {
          expect(open.has(change.subject)).toBe(change.kind !== "open");
          if (change.kind === "close") open.delete(change.subject);
          else {
            expect(open.get(change.subject)).not.toBe(change.severity);
            open.set(change.subject, change.severity);
          }
        }
        expect(Object.fromEntries(state.bad.flatMap((bad) => (bad.open ? [[bad.subject, bad.open]] : [])))).toEqual(
          Object.fromEntries(open),
        );
      }),
    );
  });

  test("measurements without a sample, put in anywhere, change no finding", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            measured,
            fc.array(fc.constantFrom<Outcome>({ kind: "no-data", why: "none" }, { kind: "failed", why: "broken" }), { maxLength: 3 }),
          ),
          { maxLength: 20 },
        ),
        limit,
        (pairs, before) => {
          const without = play(
            pairs.map(([sample]) => sample),
            before,
          );
          expect(
            play(
              pairs.flatMap(([sample, gaps]) => [...gaps, sample]),
              before,
            ),
          ).toEqual(without);
        },
      ),
    );
  });
});

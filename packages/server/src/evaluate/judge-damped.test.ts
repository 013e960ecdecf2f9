import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { CheckState, Verdict } from "@hauswart/protocol/check.ts";
import type { Damping } from "./damping.ts";
import { evaluate, type Change, type Outcome } from "./evaluate.ts";
import { allWell, neverMeasured, type JudgedState } from "./judged-state.ts";

const minuteMs = 60_000;
/** Three cycles of five minutes and one minute. */
const longestStepMs = 16 * minuteMs;

interface Sample {
  readonly atMs: number;
  readonly state: CheckState;
  /** By the recovery values. */
  readonly strict?: CheckState;
}

const verdictOf = (state: CheckState): Verdict => ({ code: "stopped", subject: "Spooler", state, evidence: {} });

/** Plays samples one after the other; every change with the minute it came in. */
function play(samples: readonly Sample[], rule: Damping, before = 1, start: JudgedState = neverMeasured) {
  let state = start;
  const changes: { minute: number; change: Change }[] = [];
  for (const { atMs, state: said, strict = said } of samples) {
    const outcome: Outcome = { kind: "measured", verdicts: [verdictOf(said)] };
    const evaluation = evaluate({
      previous: state,
      outcome,
      failuresBeforeFinding: before,
      damping: { rule, atMs, longestStepMs, recoveryVerdicts: () => [verdictOf(strict)] },
    });
    state = evaluation.next;
    changes.push(...evaluation.changes.map((change) => ({ minute: atMs / minuteMs, change })));
  }
  return { state, changes, short: changes.map(({ minute, change }) => `${minute} ${change.kind}${flapsOf(change)}`) };
}

const flapsOf = ({ evidence }: Change) => (evidence && "flapCount" in evidence ? ` flaps ${String(evidence["flapCount"])}` : "");

const letters: Record<string, Omit<Sample, "atMs">> = {
  ".": { state: "ok" },
  w: { state: "warning" },
  f: { state: "failure" },
  "?": { state: "unknown" },
  // Better than the threshold, but not yet good enough to recover.
  h: { state: "ok", strict: "warning" },
  H: { state: "ok", strict: "failure" },
  m: { state: "warning", strict: "failure" },
};
/** One letter every five minutes; a blank is a time without a sample. */
const every5 = (line: string): Sample[] =>
  [...line].flatMap((letter, index) => (letter === " " ? [] : [{ atMs: index * 5 * minuteMs, ...letters[letter]! }]));

const flapping = { openings: 3, withinMinutes: 60, calmMinutes: 30 };

const table: [name: string, rule: Damping, line: string, expected: string[]][] = [
  ["what is not set does not hold", {}, ".w.w", ["5 open", "10 close", "15 open"]],
  ["bad for so long opens", { badForMinutes: 10 }, "www.", ["10 open", "15 close"]],
  ["bad for less does not", { badForMinutes: 10 }, "ww.ww.", []],
  ["what nobody can tell does not break the run", { badForMinutes: 10 }, "w?w", ["10 open"]],
  ["a time without samples counts for nobody", { badForMinutes: 10 }, "w      w w", ["45 open"]],
  ["a missed cycle is no gap", { badForMinutes: 10 }, "w w", ["10 open"]],
  ["so many good samples close", { goodSamples: 3 }, "w...", ["0 open", "15 close"]],
  ["a bad one between starts the count anew", { goodSamples: 3 }, "w..w...", ["0 open", "30 close"]],
  ["good for so long closes", { goodForMinutes: 10 }, "w..w...", ["0 open", "30 close"]],
  ["a finding recovers only beyond the other value", { recovery: {} }, "whh.", ["0 open", "15 close"]],
  ["the recovery value opens nothing", { recovery: {} }, "hhh", []],
  ["a failure stays one until its own recovery value", { recovery: {} }, "fmHh.", ["0 open", "15 change", "20 close"]],
  ["openings within the time are borne", { flapping }, "w.w.w.", ["0 open", "5 close", "10 open", "15 close", "20 open", "25 close"]],
  [
    "one more stays open until it is calm, and is told once",
    { flapping },
    "w.w.w.w.w.w.......",
    ["0 open", "5 close", "10 open", "15 close", "20 open", "25 close", "30 open flaps 4", "85 close flaps 6"],
  ],
  [
    "openings long ago are forgotten",
    { flapping },
    "w.w.w.             w.",
    ["0 open", "5 close", "10 open", "15 close", "20 open", "25 close", "95 open", "100 close"],
  ],
  [
    "of what flaps the worst alone is told",
    { flapping: { ...flapping, openings: 1 } },
    "w.w.f.w.",
    ["0 open", "5 close", "10 open flaps 2", "20 change flaps 3"],
  ],
];

describe("a damped subject, sample by sample", () => {
  test.each(table)("%s", (_name, rule, line, expected) => expect(play(every5(line), rule).short).toEqual(expected));

  test("duration and consecutive samples both have to be met", () => {
    expect(play(every5("wwww"), { badForMinutes: 5 }, 3).short).toEqual(["10 open"]);
    expect(play(every5("wwww"), { badForMinutes: 15 }, 2).short).toEqual(["15 open"]);
  });

  test("the same sample judged again adds neither a sample nor time", () => {
    const { state } = play(every5("ww"), { badForMinutes: 10 }, 3);
    const again = {
      previous: state,
      outcome: { kind: "measured", verdicts: [verdictOf("warning")] } as const,
      failuresBeforeFinding: 3,
      isAgain: true,
    };
    const damping = { rule: { badForMinutes: 10 }, atMs: 5 * minuteMs, longestStepMs };
    expect(evaluate({ ...again, damping }).next.bad).toEqual(state.bad);
    expect(evaluate({ ...again, failuresBeforeFinding: 2, damping: { ...damping, rule: { badForMinutes: 5 } } }).changes).toHaveLength(1);
  });

  test("a subject that is only named while it is bad flaps too: told once, and over when there is calm", () => {
    let state: JudgedState = neverMeasured;
    const kinds: string[] = [];
    // Bad every ten minutes for two hours, and then never again.
    for (let index = 0; index < 40; index++) {
      const other: Verdict = { ...verdictOf("ok"), subject: "other" };
      const verdicts = index % 2 === 0 && index < 24 ? [verdictOf("failure"), other] : [other];
      const damping = { rule: { flapping }, atMs: index * 5 * minuteMs, longestStepMs };
      const evaluation = evaluate({ previous: state, outcome: { kind: "measured", verdicts }, failuresBeforeFinding: 1, damping });
      state = evaluation.next;
      for (const change of evaluation.changes)
        kinds.push(`${index * 5} ${change.kind === "close" ? change.reason : change.kind}${flapsOf(change)}`);
    }
    const borne = ["0 open", "5 subject-gone", "10 open", "15 subject-gone", "20 open", "25 subject-gone"];
    expect(kinds).toEqual([...borne, "30 open flaps 4", "145 subject-gone flaps 12"]);
    expect(state).toBe(allWell);
  });

  test("a subject that is gone for good closes at once as long as it does not flap, whatever else is set", () => {
    const rule = { flapping, goodSamples: 3, goodForMinutes: 60 };
    const { state } = play(every5("w"), rule);
    const damping = { rule, atMs: 5 * minuteMs, longestStepMs };
    const gone: Outcome = { kind: "measured", verdicts: [{ ...verdictOf("ok"), subject: "other" }] };
    expect(evaluate({ previous: state, outcome: gone, failuresBeforeFinding: 1, damping }).changes).toMatchObject([
      { kind: "close", reason: "subject-gone" },
    ]);
  });

  test("calm brings the shared state back, so that nothing is remembered of it", () => {
    expect(play(every5("w................"), { flapping, goodSamples: 2, badForMinutes: 0 }).state).toBe(allWell);
  });

  test("taken off, what damping remembered is forgotten and the finding closes with the next good sample", () => {
    const { state } = play(every5("w.w.w.w."), { flapping });
    expect(play([{ atMs: 40 * minuteMs, state: "ok" }], {}, 1, state)).toMatchObject({ short: ["40 close"], state: allWell });
    const still = play([{ atMs: 40 * minuteMs, state: "warning" }], {}, 1, state);
    expect(still.state.bad).toEqual([{ code: "stopped", subject: "Spooler", failures: 1, open: "warning" }]);
  });
});

const rules = fc.record(
  {
    badForMinutes: fc.integer({ min: 0, max: 30 }),
    goodSamples: fc.integer({ min: 1, max: 4 }),
    goodForMinutes: fc.integer({ min: 0, max: 30 }),
    recovery: fc.constant({}),
    flapping: fc.record({
      openings: fc.integer({ min: 1, max: 4 }),
      withinMinutes: fc.integer({ min: 5, max: 120 }),
      calmMinutes: fc.integer({ min: 5, max: 60 }),
    }),
  },
  { requiredKeys: [] },
);
const story = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(...Object.values(letters))), { maxLength: 60 })
  .map((steps) => {
    let atMs = 0;
    return steps.map(([minutes, letter]): Sample => ({ ...letter, atMs: (atMs += minutes * minuteMs) }));
  });
const limit = fc.integer({ min: 1, max: 4 });

describe("whatever the samples and the rule say", () => {
  test("a process that dies in between and loads what was stored goes on as if nothing had happened", () => {
    fc.assert(
      fc.property(story, story, rules, limit, (first, rest, rule, before) => {
        const all = [...first, ...rest.map((sample) => ({ ...sample, atMs: sample.atMs + (first.at(-1)?.atMs ?? 0) }))];
        const whole = play(all, rule, before);
        const half = play(all.slice(0, first.length), rule, before);
        const loaded = JSON.parse(JSON.stringify(half.state)) as JudgedState;
        const second = play(all.slice(first.length), rule, before, loaded);
        expect(JSON.stringify(second.state)).toBe(JSON.stringify(whole.state));
        expect([...half.changes, ...second.changes]).toEqual(whole.changes);
      }),
    );
  });

  test("findings open, change and close in turn", () => {
    fc.assert(
      fc.property(story, rules, limit, (samples, rule, before) => {
        let open: string | undefined;
        for (const { change } of play(samples, rule, before).changes) {
          expect(open === undefined).toBe(change.kind === "open");
          if (change.kind !== "close") expect(change.severity).not.toBe(open);
          open = change.kind === "close" ? undefined : change.severity;
        }
      }),
    );
  });

  test("a rule that says nothing judges as no rule at all", () => {
    fc.assert(
      fc.property(story, limit, (samples, before) => {
        const neutral = play(samples, { badForMinutes: 0, goodSamples: 1, goodForMinutes: 0 }, before);
        expect(neutral.changes).toEqual(play(samples, {}, before).changes);
      }),
    );
  });

  test("more duration never opens more findings", () => {
    fc.assert(
      fc.property(story, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), limit, (samples, one, more, before) => {
        const count = (badForMinutes: number) =>
          play(samples, { badForMinutes }, before).changes.filter(({ change }) => change.kind === "open").length;
        expect(count(one + more)).toBeLessThanOrEqual(count(one));
      }),
    );
  });
});

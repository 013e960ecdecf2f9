/**
 * The engine that turns verdicts into states and findings. Pure: what comes out depends on nothing but what goes in, so the
 * same samples in the same order give the same findings whenever and wherever they are judged.
 *
 * ```
 *            n-th bad sample in a row             verdict ok, or the subject is gone
 *   quiet ───────────────────────────▶ open ─────────────────────────────────▶ quiet
 *                                      │  ▲
 *                                      └──┘ other severity: changed
 * ```
 * No data, a failed measurement and an unknown verdict neither close a finding nor count as bad.
 */
import type { CheckState, Evidence, Verdict } from "@hauswart/protocol/check.ts";
import { allWell, judgedState, notAllKnown, worse, type BadSubject, type JudgedState, type Severity } from "./judged-state.ts";

/** What came of one measurement, judged. */
export type Outcome =
  | { readonly kind: "measured"; readonly verdicts: readonly Verdict[] }
  | { readonly kind: "no-data"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string };

/** Why a finding closes by evidence. `subject-gone`: the newest sample no longer names the subject. */
export type EvidenceCloseReason = "recovered" | "subject-gone";

/** What a sample changes about a finding of this instance. */
export type Change =
  | {
      readonly kind: "open" | "change";
      readonly code: string;
      readonly subject: string;
      readonly severity: Severity;
      readonly evidence: Evidence;
    }
  | {
      readonly kind: "close";
      readonly code: string;
      readonly subject: string;
      readonly reason: EvidenceCloseReason;
      readonly evidence: Evidence | null;
    };

export interface Evaluation {
  readonly next: JudgedState;
  /** In the order of the verdicts; subjects that are gone come last. */
  readonly changes: readonly Change[];
}

export interface EvaluateInput {
  readonly previous: JudgedState;
  readonly outcome: Outcome;
  /** Consecutive bad samples that open a finding; at least 1. */
  readonly failuresBeforeFinding: number;
  /** The same sample judged again, because settings changed: it must not count a second time. */
  readonly isAgain?: boolean;
}

const noChanges: readonly Change[] = Object.freeze([]);

/** Judges the outcome of one measurement. `next` is the very same object as `previous` when nothing changed. */
export function evaluate(input: EvaluateInput): Evaluation {
  const { previous, outcome } = input;
  if (outcome.kind !== "measured") return { next: withoutSample(previous, outcome), changes: noChanges };
  if (previous.bad.length === 0) {
    const worst = worstOf(outcome.verdicts);
    if (worst === "ok") return { next: allWell, changes: noChanges };
    if (worst === "unknown") return { next: notAllKnown, changes: noChanges };
  }
  return judgeVerdicts(input, outcome.verdicts);
}

function withoutSample(previous: JudgedState, outcome: Exclude<Outcome, { kind: "measured" }>): JudgedState {
  const unknownReason = outcome.kind === "no-data" ? "no-data" : "collect-failed";
  if (previous.unknownReason === unknownReason && previous.unknownDetail === outcome.why) return previous;
  return judgedState("unknown", unknownReason, outcome.why, previous.bad);
}

function judgeVerdicts({ previous, failuresBeforeFinding, isAgain = false }: EvaluateInput, verdicts: readonly Verdict[]): Evaluation {
  const before = new Map(previous.bad.map((subject) => [keyOf(subject), subject]));
  const bad: BadSubject[] = [];
  const changes: Change[] = [];
  for (const verdict of verdicts) {
    const key = keyOf(verdict);
    const known = before.get(key);
    before.delete(key);
    const { kept, change } = judgeVerdict(known, verdict, failuresBeforeFinding, isAgain);
    if (kept) bad.push(kept);
    if (change) changes.push(change);
  }
  for (const { code, subject, open } of before.values()) {
    if (open) changes.push({ kind: "close", code, subject, reason: "subject-gone", evidence: null });
  }
  const state = worstOf(verdicts);
  return { next: isSame(previous, state, bad) ? previous : judgedState(state, null, null, bad), changes };
}

/** Who looked at nothing has no reason to say that all is well. */
function worstOf(verdicts: readonly Verdict[]): CheckState {
  return verdicts.length === 0 ? "unknown" : verdicts.reduce<CheckState>((state, verdict) => worse(state, verdict.state), "ok");
}

/** One subject. `kept` is undefined when nothing has to be remembered of it. */
function judgeVerdict(
  known: BadSubject | undefined,
  verdict: Verdict,
  limit: number,
  isAgain: boolean,
): { kept?: BadSubject; change?: Change } {
  const { code, subject, state, evidence } = verdict;
  if (state === "ok") return known?.open ? { change: { kind: "close", code, subject, reason: "recovered", evidence } } : {};
  if (state === "unknown") return known ? { kept: known } : {};
  if (known?.open === state) return { kept: known };
  if (known?.open) return { kept: { ...known, open: state }, change: { kind: "change", code, subject, severity: state, evidence } };
  const before = known?.failures ?? 0;
  const failures = isAgain && before > 0 ? before : before + 1;
  if (failures >= limit)
    return { kept: { code, subject, failures: limit, open: state }, change: { kind: "open", code, subject, severity: state, evidence } };
  return { kept: known?.failures === failures ? known : { code, subject, failures, open: null } };
}

const keyOf = ({ code, subject }: { code: string; subject: string }) => `${code}\n${subject}`;

function isSame(previous: JudgedState, state: CheckState, bad: readonly BadSubject[]): boolean {
  return (
    previous.state === state &&
    previous.unknownReason === null &&
    previous.bad.length === bad.length &&
    bad.every((subject, index) => subject === previous.bad[index])
  );
}

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
import type { Evidence, Verdict } from "@hauswart/protocol/check.ts";
import { allWell, worse, type JudgedState, type OpenVerdict, type Severity } from "./judged-state.ts";

/** What came of one measurement, judged. */
export type Outcome =
  | { readonly kind: "measured"; readonly verdicts: readonly Verdict[] }
  | { readonly kind: "no-data"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string };

/** Why a finding closes by evidence. `subject-gone`: the newest sample no longer names the subject. */
export type EvidenceCloseReason = "recovered" | "subject-gone";

/** What a sample changes about a finding of this instance. */
export type Change =
  | { readonly kind: "open" | "change"; readonly code: string; readonly subject: string; readonly severity: Severity; readonly evidence: Evidence }
  | { readonly kind: "close"; readonly code: string; readonly subject: string; readonly reason: EvidenceCloseReason; readonly evidence: Evidence | null };

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
  if (previous.verdicts.length === 0 && outcome.verdicts.every(({ state }) => state === "ok")) return { next: allWell, changes: noChanges };
  return judgeVerdicts(input, outcome.verdicts);
}

function withoutSample(previous: JudgedState, outcome: Exclude<Outcome, { kind: "measured" }>): JudgedState {
  const unknownReason = outcome.kind === "no-data" ? "no-data" : "collect-failed";
  if (previous.unknownReason === unknownReason && previous.unknownDetail === outcome.why) return previous;
  return { state: "unknown", unknownReason, unknownDetail: outcome.why, verdicts: previous.verdicts };
}

function judgeVerdicts({ previous, failuresBeforeFinding, isAgain = false }: EvaluateInput, verdicts: readonly Verdict[]): Evaluation {
  const before = new Map(previous.verdicts.map((verdict) => [keyOf(verdict), verdict]));
  const next: OpenVerdict[] = [];
  const changes: Change[] = [];
  let state: JudgedState["state"] = "ok";
  for (const verdict of verdicts) {
    const key = keyOf(verdict);
    const known = before.get(key);
    before.delete(key);
    state = worse(state, verdict.state);
    const { kept, change } = judgeVerdict(known, verdict, failuresBeforeFinding, isAgain);
    if (kept) next.push(kept);
    if (change) changes.push(change);
  }
  for (const { code, subject, open } of before.values()) {
    if (open) changes.push({ kind: "close", code, subject, reason: "subject-gone", evidence: null });
  }
  if (isSame(previous, state, next)) return { next: previous, changes };
  return { next: next.length === 0 ? allWell : { state, unknownReason: null, unknownDetail: null, verdicts: next }, changes };
}

/** One subject. `kept` is undefined when all is well with it. */
function judgeVerdict(known: OpenVerdict | undefined, verdict: Verdict, limit: number, isAgain: boolean): { kept?: OpenVerdict; change?: Change } {
  const { code, subject, state, evidence } = verdict;
  if (state === "ok") return known?.open ? { change: { kind: "close", code, subject, reason: "recovered", evidence } } : {};
  if (state === "unknown") return { kept: keepUnknown(known, verdict) };
  if (known?.open) {
    if (known.open === state) return { kept: known.state === state ? known : { ...known, state, evidence } };
    return { kept: { ...known, state, evidence, open: state }, change: { kind: "change", code, subject, severity: state, evidence } };
  }
  const failures = Math.max((known?.failures ?? 0) + (isAgain && (known?.failures ?? 0) > 0 ? 0 : 1), 1);
  if (failures < limit) return { kept: { code, subject, state, evidence, failures, open: null } };
  return { kept: { code, subject, state, evidence, failures: limit, open: state }, change: { kind: "open", code, subject, severity: state, evidence } };
}

function keepUnknown(known: OpenVerdict | undefined, { code, subject, evidence }: Verdict): OpenVerdict {
  if (known?.state === "unknown") return known;
  return { code, subject, state: "unknown", evidence, failures: known?.failures ?? 0, open: known?.open ?? null };
}

const keyOf = ({ code, subject }: { code: string; subject: string }) => `${code}\n${subject}`;

function isSame(previous: JudgedState, state: JudgedState["state"], next: readonly OpenVerdict[]): boolean {
  return previous.state === state && previous.unknownReason === null && previous.verdicts.length === next.length && next.every((verdict, index) => verdict === previous.verdicts[index]);
}

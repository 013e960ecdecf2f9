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
 * No data, a failed measurement and an unknown verdict neither close a finding nor count as bad, and neither does silence about
 * what another verdict hides. Where a policy damps a check, judge-damped.ts decides when a subject opens and closes.
 */
import type { CheckState, Evidence, Verdict } from "@hauswart/protocol/check.ts";
import { isUndamped, type DampingInput } from "./damping.ts";
import { judgeDamped, judgeGone } from "./judge-damped.ts";
import { allWell, judgedState, notAllKnown, worse, type BadSubject, type JudgedState, type Severity } from "./judged-state.ts";

/** What came of one measurement, judged. */
export type Outcome =
  | { readonly kind: "measured"; readonly verdicts: readonly Verdict[] }
  | { readonly kind: "no-data"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string };

/** Why a finding closes by evidence. `subject-gone`: the newest sample no longer names the subject, nothing hides it, and it does not flap. */
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
  /** Left out where nothing is damped. */
  readonly damping?: DampingInput | undefined;
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

function judgeVerdicts(input: EvaluateInput, verdicts: readonly Verdict[]): Evaluation {
  const { previous, failuresBeforeFinding, isAgain = false } = input;
  const damping = input.damping && !isUndamped(input.damping.rule) ? input.damping : undefined;
  const before = new Map(previous.bad.map((subject) => [keyOf(subject), subject]));
  const strict = damping && previous.bad.some(({ open }) => open) ? strictVerdicts(damping) : undefined;
  const bad: BadSubject[] = [];
  const changes: Change[] = [];
  for (const verdict of verdicts) {
    const key = keyOf(verdict);
    const known = before.get(key);
    before.delete(key);
    const limit = verdict.failuresBeforeFinding ?? failuresBeforeFinding;
    const { kept, change } = damping
      ? judgeDamped({ known, verdict, strict: strict?.get(key), limit, isAgain, damping })
      : judgeVerdict(known, verdict, limit, isAgain);
    if (kept) bad.push(kept);
    if (change) changes.push(change);
  }
  let state = worstOf(verdicts);
  const isHidden = before.size === 0 ? undefined : hiddenBy(verdicts);
  for (const gone of before.values()) {
    if (isHidden?.(gone)) {
      bad.push(gone);
      if (gone.open) state = worse(state, "unknown");
      continue;
    }
    const { kept, change } = judgeGone(gone, isAgain, damping);
    if (kept) bad.push(kept);
    if (change) changes.push(change);
  }
  return { next: isSame(previous, state, bad) ? previous : judgedState(state, null, null, bad), changes };
}

/** Tells what no verdict names because another one hides it; undefined where nothing is hidden. */
function hiddenBy(verdicts: readonly Verdict[]): ((subject: BadSubject) => boolean) | undefined {
  const hiding = verdicts.filter(({ hides }) => hides !== undefined);
  if (hiding.length === 0) return undefined;
  return ({ code, subject }) => hiding.some(({ subject: of, hides }) => hides === "all" || (of === subject && hides!.includes(code)));
}

/** By subject. Undefined where there is no other value to recover by. */
function strictVerdicts({ rule, recoveryVerdicts }: DampingInput): ReadonlyMap<string, Verdict> | undefined {
  if (!rule.recovery || !recoveryVerdicts) return undefined;
  return new Map(recoveryVerdicts().map((verdict) => [keyOf(verdict), verdict]));
}

/** Who looked at nothing has no reason to say that all is well. */
function worstOf(verdicts: readonly Verdict[]): CheckState {
  return verdicts.length === 0 ? "unknown" : verdicts.reduce<CheckState>((state, verdict) => worse(state, verdict.state), "ok");
}

/** What came of one subject. `kept` is undefined when nothing has to be remembered of it. */
export interface JudgedSubject {
  readonly kept?: BadSubject | undefined;
  readonly change?: Change | undefined;
}

function judgeVerdict(known: BadSubject | undefined, verdict: Verdict, limit: number, isAgain: boolean): JudgedSubject {
  const { code, subject, state, evidence } = verdict;
  if (state === "ok") return known?.open ? { change: { kind: "close", code, subject, reason: "recovered", evidence } } : {};
  if (state === "unknown") return known ? { kept: known } : {};
  if (known?.damped) return judgeVerdict(undampedSubject(known), verdict, limit, isAgain);
  if (known?.open === state) return { kept: known };
  if (known?.open) return { kept: { ...known, open: state }, change: { kind: "change", code, subject, severity: state, evidence } };
  const before = known?.failures ?? 0;
  const failures = isAgain && before > 0 ? before : before + 1;
  if (failures >= limit)
    return { kept: { code, subject, failures: limit, open: state }, change: { kind: "open", code, subject, severity: state, evidence } };
  return { kept: known?.failures === failures ? known : { code, subject, failures, open: null } };
}

/** Nothing damps it any more: what was remembered for that is forgotten. */
const undampedSubject = ({ code, subject, failures, open }: BadSubject): BadSubject => ({ code, subject, failures, open });

const keyOf = ({ code, subject }: { code: string; subject: string }) => `${code}\n${subject}`;

function isSame(previous: JudgedState, state: CheckState, bad: readonly BadSubject[]): boolean {
  return (
    previous.state === state &&
    previous.unknownReason === null &&
    previous.bad.length === bad.length &&
    bad.every((subject, index) => subject === previous.bad[index])
  );
}

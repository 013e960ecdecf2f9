/**
 * One subject of a damped check.
 *
 * ```
 *            bad n times and for m minutes          good k times and for l minutes, by the recovery values
 *   quiet ─────────────────────────────────▶ open ────────────────────────────────────────────────────────▶ quiet
 *                                            ▲ │
 *     more openings than borne: flapping, ───┘ └── while flapping only calm closes it, and only worse is told
 * ```
 * A run is counted in samples and in time; time between samples that lie too far apart is a gap and counts for nobody.
 */
import type { CheckState, Evidence, Verdict } from "@hauswart/protocol/check.ts";
import type { FlapEvidence } from "@hauswart/protocol/flapping.ts";
import type { DampingInput } from "./damping.ts";
import type { Change, JudgedSubject } from "./evaluate.ts";
import { worse, type BadSubject, type DampedSubject, type Severity } from "./judged-state.ts";

const minuteMs = 60_000;

export interface DampedInput {
  readonly known: BadSubject | undefined;
  readonly verdict: Verdict;
  /** By the recovery values, where there are any and a finding is open. */
  readonly strict: Verdict | undefined;
  /** Consecutive bad samples that open a finding. */
  readonly limit: number;
  readonly isAgain: boolean;
  readonly damping: DampingInput;
}

/** Decides as `evaluate` does for an undamped check. */
export function judgeDamped(input: DampedInput): JudgedSubject {
  const { known, verdict, strict } = input;
  if (known?.open) {
    const held = heldState(verdict.state, known.open, strict);
    if (held === "unknown") return { kept: known };
    return held === "ok" ? goodWhileOpen(input, known) : badWhileOpen(input, known, held);
  }
  if (verdict.state === "unknown") return { kept: known };
  return verdict.state === "ok" ? { kept: keptOfQuiet(known, input.damping) } : badWhileQuiet(input, verdict.state);
}

/** A finding gets milder only as far as the recovery values allow. */
function heldState(state: CheckState, open: Severity, strict: Verdict | undefined): CheckState {
  if (state === "unknown" || state === "failure" || state === open || !strict) return state;
  if (strict.state === "unknown" || strict.state === "ok") return strict.state === "ok" ? state : worse(state, "unknown");
  return worse(state, strict.state === "failure" ? open : "warning");
}

type Run = NonNullable<DampedSubject["run"]>;

/** The run with this sample in it. */
function longerRun(run: Run | undefined, isAgain: boolean, { atMs, longestStepMs }: DampingInput): Run {
  if (!run) return { samples: 1, lastedMs: 0, atMs };
  if (isAgain) return run;
  const stepMs = atMs - run.atMs;
  return { samples: run.samples + 1, lastedMs: run.lastedMs + (stepMs > 0 && stepMs <= longestStepMs ? stepMs : 0), atMs };
}

function badWhileQuiet({ known, verdict, limit, isAgain, damping }: DampedInput, severity: Severity): JudgedSubject {
  const { code, subject, evidence } = verdict;
  const { rule, atMs } = damping;
  // A count from before the check was damped has no time yet.
  const before = known?.damped?.run ?? (known && known.failures > 0 ? { samples: known.failures, lastedMs: 0, atMs } : undefined);
  const run = longerRun(before, isAgain, damping);
  const failures = Math.min(run.samples, limit);
  const openedMs = recentOpenings(known, damping);
  if (run.samples < limit || run.lastedMs < (rule.badForMinutes ?? 0) * minuteMs)
    return { kept: { code, subject, failures, open: null, damped: { run, ...openings(openedMs) } } };
  const all = rule.flapping ? [...openedMs, atMs] : openedMs;
  const flaps = rule.flapping && all.length > rule.flapping.openings ? { count: all.length, sinceMs: all[0]! } : undefined;
  return {
    kept: dampedSubject({ code, subject, failures: limit, open: severity }, flaps ? { flaps } : openings(all)),
    change: { kind: "open", code, subject, severity, evidence: withFlaps(evidence, flaps) },
  };
}

function badWhileOpen({ verdict }: DampedInput, known: BadSubject, held: Severity): JudgedSubject {
  const { code, subject, evidence } = verdict;
  const flaps = known.damped?.flaps;
  const moved = flaps && known.damped?.run ? { ...flaps, count: flaps.count + 1 } : flaps;
  // Of what flaps only the worst is told.
  const severity = flaps ? (worse(known.open!, held) as Severity) : held;
  const isAsBefore = severity === known.open && !known.damped?.run;
  const { run: _, ...rest } = known.damped ?? {};
  const kept = isAsBefore
    ? known
    : dampedSubject({ code, subject, failures: known.failures, open: severity }, { ...rest, ...(moved && { flaps: moved }) });
  return severity === known.open
    ? { kept }
    : { kept, change: { kind: "change", code, subject, severity, evidence: withFlaps(evidence, moved) } };
}

function goodWhileOpen(input: DampedInput, known: BadSubject): JudgedSubject {
  const { verdict, isAgain, damping } = input;
  const { code, subject, evidence } = verdict;
  const { rule } = damping;
  const flaps = known.damped?.flaps;
  if (flaps) return calmOrNot(known, isAgain, damping, { reason: "recovered", evidence: withFlaps(evidence, flaps) });
  const run = longerRun(known.damped?.run, isAgain, damping);
  if (run.samples < (rule.goodSamples ?? 1) || run.lastedMs < (rule.goodForMinutes ?? 0) * minuteMs)
    return { kept: { ...known, damped: { ...known.damped, run } } };
  return { kept: keptOfQuiet(known, damping), change: { kind: "close", code, subject, reason: "recovered", evidence } };
}

type Ending = Pick<Extract<Change, { kind: "close" }>, "reason" | "evidence">;

/** Another sample in which what flaps is not bad: only calm closes it, and then its openings are forgotten. */
function calmOrNot(known: BadSubject, isAgain: boolean, damping: DampingInput, ending: Ending): JudgedSubject {
  const { code, subject } = known;
  const run = longerRun(known.damped?.run, isAgain, damping);
  if (run.lastedMs < (damping.rule.flapping?.calmMinutes ?? 0) * minuteMs) return { kept: { ...known, damped: { ...known.damped, run } } };
  return { change: { kind: "close", code, subject, ...ending } };
}

/**
 * What comes of a subject that the newest sample does not name. Its finding closes at once, unless it flaps: what is only named
 * while it is bad (the source of failed sign-ins) comes back as often as what is named all the time.
 */
export function judgeGone(known: BadSubject, isAgain: boolean, damping: DampingInput | undefined): JudgedSubject {
  const { code, subject, open } = known;
  if (!open) return { kept: damping && keptOfQuiet(known, damping) };
  const flaps = known.damped?.flaps;
  if (damping && flaps) return calmOrNot(known, isAgain, damping, { reason: "subject-gone", evidence: withFlaps({}, flaps) });
  const change: Change = { kind: "close", code, subject, reason: "subject-gone", evidence: null };
  return { kept: damping && keptOfQuiet(known, damping), change };
}

/** A subject that is well is remembered only for its openings. */
function keptOfQuiet(known: BadSubject | undefined, damping: DampingInput): BadSubject | undefined {
  if (!known?.damped?.openedMs) return undefined;
  const openedMs = recentOpenings(known, damping);
  if (openedMs.length === 0) return undefined;
  const isAsBefore = known.failures === 0 && known.open === null && !known.damped.run;
  return isAsBefore ? known : { code: known.code, subject: known.subject, failures: 0, open: null, damped: { openedMs } };
}

function recentOpenings(known: BadSubject | undefined, { rule, atMs }: DampingInput): readonly number[] {
  if (!rule.flapping || !known?.damped?.openedMs) return [];
  const fromMs = atMs - rule.flapping.withinMinutes * minuteMs;
  return known.damped.openedMs.filter((openedMs) => openedMs > fromMs);
}

const openings = (openedMs: readonly number[]): DampedSubject => (openedMs.length > 0 ? { openedMs } : {});

function dampedSubject(subject: Omit<BadSubject, "damped">, damped: DampedSubject): BadSubject {
  return Object.keys(damped).length > 0 ? { ...subject, damped } : subject;
}

/** Evidence with how often it was bad: title and meaning in mail and console tell it (protocol/src/flapping.ts). */
export function withFlaps(evidence: Evidence, flaps: DampedSubject["flaps"]): Evidence {
  if (!flaps) return evidence;
  const told: FlapEvidence = { flapCount: flaps.count, flapsSinceAtMs: flaps.sinceMs };
  return { ...evidence, ...told };
}

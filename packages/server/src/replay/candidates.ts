/**
 * Rules that are tried beside the one that was asked for: the same, but damped more. The smallest that spares people the
 * short-lived findings and keeps all that lasted is what is suggested. Pure.
 */
import type { z } from "zod";
import type { Damping } from "../evaluate/damping.ts";
import type { CompiledCheck } from "../ingest/compiled-checks.ts";
import type { WouldBeFinding } from "./trace.ts";

export type CandidateKind = "duration" | "recovery-time" | "recovery-value" | "flapping";

export interface Candidate {
  readonly kind: CandidateKind;
  /** What is said besides the rule in hand, as in check_instance.damping. */
  readonly damping: Damping;
}

/** What a rule did to the findings of the rule in hand. */
export interface CandidateEffect {
  readonly findings: number;
  /** Of the short-lived ones, those that would be told still. */
  readonly shortLeft: number;
  /** Of those that lasted, the ones that would be told still. */
  readonly lastingKept: number;
}

const minuteMs = 60_000;
/** A finding that ended within this has told people of something that was over when they looked. */
const shortMinutes = 10;
const durations = [5, 10, 15, 20, 30, 45, 60, 120];
const recoveryMinutes = [10, 15, 30, 60, 120];
/** By so much of a threshold a value has to be better than it. */
const recoveryShares = [0.1, 0.25];
const flapping = { openings: 3, withinMinutes: 60, calmMinutes: 30 };

/** What counts as short: ten minutes, or two cycles of a check that measures less often. */
export const shortMsOf = (everySeconds: number): number => Math.max(shortMinutes * minuteMs, 2 * everySeconds * 1_000);

/** Those that damp more than the rule in hand does, the gentlest of each kind first. */
export function candidatesOf(
  { definition }: Pick<CompiledCheck, "definition">,
  everySeconds: number,
  judgement: Readonly<Record<string, unknown>>,
  has: Damping,
): Candidate[] {
  const cycleMinutes = everySeconds / 60;
  const own: Candidate[] = [
    ...durations
      .filter((minutes) => minutes >= cycleMinutes && minutes > (has.badForMinutes ?? 0))
      .map((badForMinutes): Candidate => ({ kind: "duration", damping: { badForMinutes } })),
    ...recoveryMinutes
      .filter((minutes) => minutes > cycleMinutes && minutes > (has.goodForMinutes ?? 0))
      .map((goodForMinutes): Candidate => ({ kind: "recovery-time", damping: { goodForMinutes } })),
  ];
  if (!has.recovery)
    for (const share of recoveryShares) {
      const recovery = recoveryOf(definition.judgement as z.ZodObject, judgement, share);
      if (recovery) own.push({ kind: "recovery-value", damping: { recovery } });
    }
  if (!has.flapping && everySeconds <= 900) own.push({ kind: "flapping", damping: { flapping } });
  // A check that measures once a day has nothing to wait for.
  return everySeconds >= 43_200 ? [] : own;
}

/** Which way is better is told by the names of the settings: a value below or above. Undefined where there is no such threshold. */
function recoveryOf(schema: z.ZodObject, judgement: Readonly<Record<string, unknown>>, share: number): Record<string, unknown> | undefined {
  const shifted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(judgement)) {
    const direction = /Below/.test(name) ? 1 : /Above/.test(name) ? -1 : 0;
    if (direction === 0 || typeof value !== "number" || value === 0) continue;
    const moved = value * (1 + direction * share);
    shifted[name] = Math.abs(value) >= 1 ? Math.round(moved) : moved;
    if (shifted[name] === value) shifted[name] = value + direction;
  }
  const isSaid = Object.keys(shifted).length > 0;
  return isSaid && schema.safeParse({ ...judgement, ...shifted }).success ? shifted : undefined;
}

/** Whether a finding is over so soon that it was noise. One that is still open is not. */
export const isShort = ({ openedMs, closedMs }: WouldBeFinding, shortMs: number): boolean =>
  closedMs !== null && closedMs - openedMs <= shortMs;

/** Compares what a candidate would have told with what the rule in hand would have. */
export function effectOf(told: readonly WouldBeFinding[], candidate: readonly WouldBeFinding[], shortMs: number): CandidateEffect {
  const bySubject = Map.groupBy(candidate, ({ code, subject }) => `${code}\n${subject}`);
  let [shortLeft, lastingKept] = [0, 0];
  for (const finding of told) {
    const isKept = (bySubject.get(`${finding.code}\n${finding.subject}`) ?? []).some((other) => overlaps(finding, other));
    if (!isKept) continue;
    if (isShort(finding, shortMs)) shortLeft++;
    else lastingKept++;
  }
  return { findings: candidate.length, shortLeft, lastingKept };
}

const overlaps = (one: WouldBeFinding, other: WouldBeFinding) =>
  one.openedMs < (other.closedMs ?? Infinity) && other.openedMs < (one.closedMs ?? Infinity);

export interface Told {
  readonly findings: number;
  readonly short: number;
}

/** What may be suggested, for a reason that can be told. */
export interface Suggestion extends Candidate, CandidateEffect {}

/** Two at most: how long to wait before a finding opens, and before it closes. */
export function suggest(candidates: readonly Candidate[], effects: readonly CandidateEffect[], { findings, short }: Told): Suggestion[] {
  const lasting = findings - short;
  const fitting = candidates
    .map((candidate, index): Suggestion => ({ ...candidate, ...effects[index]! }))
    .filter(({ lastingKept }) => lastingKept === lasting);
  const waits = fitting.filter(({ kind, shortLeft }) => kind === "duration" && shortLeft <= short / 2);
  const least = Math.min(...waits.map(({ shortLeft }) => shortLeft));
  const wait = short > 0 ? waits.find(({ shortLeft }) => shortLeft === least) : undefined;
  const holds = fitting.filter(({ kind, findings: left }) => kind !== "duration" && findings >= 4 && left <= findings * 0.75);
  const fewest = Math.min(...holds.map((one) => one.findings));
  // Nearly as good and gentler is better: a recovery value comes before a time, a short time before a long one.
  const hold = holds
    .filter((one) => one.findings <= fewest * 1.1 + 1)
    .sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind))[0];
  return [wait, hold].filter((one) => one !== undefined);
}

const order: readonly CandidateKind[] = ["recovery-value", "recovery-time", "flapping"];

/** What a round puts on record for one device. Pure. */
import type { CheckState, Evidence, Verdict } from "@hauswart/protocol/check.ts";
import type { RoundReason } from "@hauswart/protocol/api/rounds.ts";
import { worse } from "../evaluate/judged-state.ts";

/** An agent that is there answers within this time, or its newest evidence has to do. */
export const answerWithinMs = 600_000;
/** What was taken, or written down, later than this after the hour is late. */
export const lateAfterMs = 900_000;

/** What is known of a device when its record is looked at. */
export interface RoundSituation {
  readonly dueAtMs: number;
  /** End of the local day; what is measured then belongs to the next. */
  readonly endsAtMs: number;
  readonly openedAtMs: number;
  readonly nowMs: number;
  /** Since when the agent is there; null while it is not. */
  readonly connectedSinceMs: number | null;
  /** When the newest measurement was taken; null before the first. */
  readonly evidenceAtMs: number | null;
  /** How long evidence of this check counts. */
  readonly freshForMs: number;
  /** The newest measurement's verdicts, or why there are none. */
  readonly newest:
    | { readonly verdicts: readonly Verdict[] }
    | { readonly why: Extract<RoundReason, "no-data" | "collect-failed" | "not-judged">; readonly detail: string };
  /** What of the verdicts is kept. */
  readonly keeps: { readonly code: string; readonly evidence: readonly string[] };
}

export interface RoundSubject {
  readonly subject: string;
  readonly state: CheckState;
  readonly evidence: Evidence;
}

export interface RoundResult {
  readonly state: "done" | "not-measurable";
  readonly reason: RoundReason | null;
  readonly detail: string;
  readonly result: "ok" | "warning" | "failure" | null;
  readonly evidenceAtMs: number | null;
  readonly subjects: readonly RoundSubject[];
  readonly isLate: boolean;
}

const nothing = { why: "no-data", detail: "" } as const;

/** @returns undefined while it is worth waiting for the agent's answer. */
export function roundResult(situation: RoundSituation): RoundResult | undefined {
  const { dueAtMs, openedAtMs, nowMs, evidenceAtMs, connectedSinceMs } = situation;
  const isConnected = connectedSinceMs !== null;
  const mayAnswer = isConnected && nowMs - Math.max(openedAtMs, connectedSinceMs) < answerWithinMs;
  if (evidenceAtMs === null) {
    if (mayAnswer) return undefined;
    return notMeasurable(situation, isConnected ? "never-measured" : "device-off");
  }
  // Nobody was here to write down what was measured on that day.
  if (evidenceAtMs >= situation.endsAtMs) return notMeasurable({ ...situation, newest: nothing }, "server-down");
  if (evidenceAtMs >= dueAtMs) return measured(situation);
  if (!isConnected) return notMeasurable(situation, "device-off");
  if (mayAnswer) return undefined;
  return nowMs - evidenceAtMs < situation.freshForMs ? measured(situation, nowMs) : notMeasurable(situation, "no-answer");
}

/**
 * What a device was found to be stands until there is newer evidence, or until more is known of why there is none: one that was off
 * came, but did not answer. That one which did not answer has left meanwhile says nothing new.
 */
export function isNews(before: Pick<RoundResult, "state" | "reason" | "evidenceAtMs"> | undefined, next: RoundResult): boolean {
  if (before?.state !== "not-measurable" || next.state !== "not-measurable" || before.evidenceAtMs !== next.evidenceAtMs) return true;
  return before.reason === "device-off" && next.reason !== "device-off";
}

/** @param takenAtMs when the evidence was taken, or taken for the answer that nobody gave */
function measured(situation: RoundSituation, takenAtMs = situation.evidenceAtMs!): RoundResult {
  const { newest, evidenceAtMs, dueAtMs, openedAtMs } = situation;
  if ("why" in newest) return notMeasurable(situation, newest.why, newest.detail);
  const worst = newest.verdicts.reduce<CheckState>((state, verdict) => worse(state, verdict.state), "ok");
  if (worst === "unknown" || newest.verdicts.length === 0) return notMeasurable(situation, "unknown-result");
  const isLate = Math.max(takenAtMs, openedAtMs) > dueAtMs + lateAfterMs;
  return { state: "done", reason: null, detail: "", result: worst, evidenceAtMs, subjects: subjectsOf(situation), isLate };
}

/** What was known last is told too, with its age. */
function notMeasurable(situation: RoundSituation, reason: RoundReason, detail = ""): RoundResult {
  const { evidenceAtMs, openedAtMs, dueAtMs } = situation;
  const isLate = openedAtMs > dueAtMs + lateAfterMs;
  return { state: "not-measurable", reason, detail, result: null, evidenceAtMs, subjects: subjectsOf(situation), isLate };
}

function subjectsOf({ newest, keeps }: RoundSituation): RoundSubject[] {
  if ("why" in newest) return [];
  return newest.verdicts
    .filter(({ code }) => code === keeps.code)
    .map(({ subject, state, evidence }) => ({
      subject,
      state,
      evidence: Object.fromEntries(keeps.evidence.flatMap((name) => (evidence[name] === undefined ? [] : [[name, evidence[name]]]))),
    }));
}

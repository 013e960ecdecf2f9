/** Which escalation a finding takes, and how it goes on. Pure. */
import type { EscalationPlan, EscalationStep, Hours } from "@hauswart/protocol/api/routing.ts";
import type { Topic } from "@hauswart/protocol/topics.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Severity } from "../../mail/render/mail-texts.ts";
import { isWithin, type OpenHours } from "../rota/shifts.ts";

const minuteMs = 60_000;

export interface EscalatedFinding {
  /** null: about the server itself. */
  readonly customerId: Id | null;
  readonly topic: Topic;
  readonly severity: Severity;
}

/**
 * The plan that a finding takes; undefined for none. A customer's own goes before one for all, and of several that fit the oldest.
 * @param inHours whether the moment lies in hours, for the finding's place
 */
function planFor<Plan extends EscalationPlan>(
  plans: readonly Plan[],
  finding: EscalatedFinding,
  inHours: (hours: Hours) => boolean,
): Plan | undefined {
  const fitting = plans.filter(
    (plan) =>
      (plan.customerId === null || plan.customerId === finding.customerId) &&
      (plan.fromSeverity === "warning" || finding.severity === "failure") &&
      (plan.topics === null || plan.topics.includes(finding.topic)) &&
      inHours(plan.hours),
  );
  return fitting.toSorted((one, other) => rank(one) - rank(other) || (one.planId < other.planId ? -1 : 1))[0];
}

/**
 * The plan that a finding takes at a moment, and when it begins, Unix milliseconds. Where only plans for service hours would fit, and
 * they are closed, theirs begins when they open; what comes by day is not carried into the night.
 */
export function planAt<Plan extends EscalationPlan>(
  plans: readonly Plan[],
  finding: EscalatedFinding,
  service: OpenHours,
  atMs: number,
): { readonly plan: Plan; readonly beginsMs: number } | undefined {
  const now = planFor(plans, finding, (hours) => isWithin(hours, service, atMs));
  if (now) return { plan: now, beginsMs: atMs };
  const later = planFor(plans, finding, (hours) => hours === "service");
  const beginsMs = service.nextOpenMs(atMs);
  return later && Number.isFinite(beginsMs) ? { plan: later, beginsMs } : undefined;
}

/** When the first step comes, for a finding that takes a plan at a moment: after its wait, and not before the plan begins. */
export const firstStepMs = ({ steps }: Pick<EscalationPlan, "steps">, beginsMs: number, atMs: number): number =>
  Math.max(beginsMs, atMs + steps[0]!.afterMinutes * minuteMs);

const rank = ({ customerId }: EscalationPlan) => (customerId === null ? 1 : 0);

/** Where a finding stands in its plan. */
export interface Standing {
  readonly round: number;
  readonly step: number;
}

export interface NextStanding extends Standing {
  readonly afterMs: number;
}

/**
 * What follows after a step when nobody acknowledges; undefined when nothing is left.
 * @param isCalled whether anybody could be called at this step; where nobody could, the next of the round does not wait
 */
export function nextStanding(
  { steps, repeats }: Pick<EscalationPlan, "steps" | "repeats">,
  { round, step }: Standing,
  isCalled: boolean,
): NextStanding | undefined {
  const following = steps[step + 1];
  if (following) return { round, step: step + 1, afterMs: isCalled ? following.afterMinutes * minuteMs : 0 };
  if (round >= repeats) return undefined;
  return { round: round + 1, step: 0, afterMs: repeatAfterMinutes(steps) * minuteMs };
}

/**
 * When the steps of the first round come while nobody acknowledges.
 * @param firstMs the first one
 * @param canCall whether anybody can be called at a step, at a moment
 */
export function stepTimes(plan: EscalationPlan, firstMs: number, canCall: (step: EscalationStep, atMs: number) => boolean): number[] {
  let nextMs = firstMs;
  return plan.steps.map((step, index) => {
    const atMs = nextMs;
    nextMs += nextStanding(plan, { round: 0, step: index }, canCall(step, atMs))?.afterMs ?? 0;
    return atMs;
  });
}

/** How long a standing is waited for after what was before it. */
export function waitBefore({ steps }: Pick<EscalationPlan, "steps">, { round, step }: Standing): number {
  if (step === 0 && round > 0) return repeatAfterMinutes(steps) * minuteMs;
  return steps[Math.min(step, steps.length - 1)]!.afterMinutes * minuteMs;
}

/** A round begins again as long after its last step as the longest wait within it, and not before five minutes. */
const repeatAfterMinutes = (steps: readonly EscalationStep[]) => Math.max(5, ...steps.map(({ afterMinutes }) => afterMinutes));

/**
 * What keeps a check from crying wolf, besides consecutive bad samples: how long it has to be bad, what has to be reached before
 * it counts as good again, and what becomes of a subject that opens and closes all the time. Common to all checks. What no policy
 * sets does not hold, apart from the usual rule for flapping.
 */
import type { Verdict } from "@hauswart/protocol/check.ts";

/** More openings than this within a time make one finding that stays open. */
export interface FlappingRule {
  /** So many within the time are borne; the next one begins the flapping. */
  readonly openings: number;
  readonly withinMinutes: number;
  /** It ends after it has been good for so long without a break. */
  readonly calmMinutes: number;
}

/** What is left out does not hold. As it is stored in check_instance.damping. */
export interface Damping {
  /** A finding opens once its subject has been bad for so long. */
  readonly badForMinutes?: number;
  /** Consecutive good samples that close a finding; 1 when left out. */
  readonly goodSamples?: number;
  /** A finding closes once its subject has been good for so long. */
  readonly goodForMinutes?: number;
  /** Values of the check's own settings by which a subject with an open finding has to be good: hysteresis. */
  readonly recovery?: Readonly<Record<string, unknown>>;
  readonly flapping?: FlappingRule;
}

/** Of a check whose policy takes even the usual rule for flapping away. */
export const noDamping: Damping = Object.freeze({});

/** What the engine needs to apply it to one sample. */
export interface DampingInput {
  readonly rule: Damping;
  /** When the sample was taken, Unix milliseconds. */
  readonly atMs: number;
  /** Two samples further apart than this have a gap between them, which counts neither as bad nor as good. */
  readonly longestStepMs: number;
  /** Verdicts by the recovery values; asked for only while a finding is open. */
  readonly recoveryVerdicts?: () => readonly Verdict[];
}

/** Whether nothing is damped, so that the engine has no time to keep. */
export function isUndamped(damping: Damping): boolean {
  for (const _ in damping) return false;
  return true;
}

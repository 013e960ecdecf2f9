/**
 * What is known about a check now. A judged state holds only as long as its evidence is fresh; then it turns to unknown by
 * itself, without anybody writing anything. Pure, used wherever a state is shown or counted.
 */
import type { CheckState } from "@hauswart/protocol/check.ts";
import { neverMeasured, type JudgedUnknown } from "./judged-state.ts";

/** How long after its due time evidence may arrive: a measurement, the agent's sending and our storing take time. */
export const graceSeconds = 60;
/** The same for daily measurements: the hour is local time, and the computer may start a little later. */
export const dailyGraceSeconds = 2 * 3_600;
/** A cycle may be missed twice before its state is given up. */
export const cyclesOfFreshness = 3;
export const daySeconds = 86_400;

/** Why a check is unknown, as the API says it. */
export type UnknownReason = JudgedUnknown | "not-judged" | "evidence-too-old" | "agent-too-old" | "too-many-checks" | "device-absent";

export interface EffectiveStateInput {
  /** As judged: columns state, unknown_reason, unknown_detail and state_since of check_instance. */
  readonly state: CheckState;
  readonly unknownReason: string | null;
  readonly unknownDetail: string | null;
  /** Unix milliseconds. */
  readonly stateSinceMs: number | null;
  /** When the newest evidence was taken, Unix milliseconds; null while there is none. */
  readonly evidenceAtMs: number | null;
  readonly everySeconds: number;
  /** Local hour of a daily check; null for the others. */
  readonly dailyAtHour: number | null;
  /** Whether the device is present (presence-of.ts): tells a silent device from a check that stopped answering. */
  readonly isDevicePresent: boolean;
  readonly nowMs: number;
}

export interface EffectiveState {
  readonly state: CheckState;
  readonly unknownReason: UnknownReason | null;
  readonly unknownDetail: string | null;
  /** Since when it is so, Unix milliseconds; null when it was never known. */
  readonly sinceMs: number | null;
  readonly freshForSeconds: number;
}

/** How long evidence of a check counts: three cycles and a minute, or a day and two hours for a daily one. */
export function freshForSeconds(everySeconds: number, dailyAtHour: number | null): number {
  if (dailyAtHour !== null || everySeconds >= daySeconds) return daySeconds + dailyGraceSeconds;
  return cyclesOfFreshness * everySeconds + graceSeconds;
}

/** The state that may be shown at `nowMs`. */
export function effectiveState(input: EffectiveStateInput): EffectiveState {
  const freshSeconds = freshForSeconds(input.everySeconds, input.dailyAtHour);
  if (input.unknownReason === "agent-too-old" || input.unknownReason === "too-many-checks")
    return unknown(input.unknownReason, input.unknownDetail, input.stateSinceMs, freshSeconds);
  if (input.evidenceAtMs === null || input.unknownReason === neverMeasured.unknownReason)
    return unknown("never-measured", null, null, freshSeconds);
  const tooOldAtMs = input.evidenceAtMs + freshSeconds * 1_000;
  if (input.nowMs >= tooOldAtMs)
    return unknown(input.isDevicePresent ? "evidence-too-old" : "device-absent", null, tooOldAtMs, freshSeconds);
  return {
    state: input.state,
    unknownReason: input.state === "unknown" ? ((input.unknownReason as JudgedUnknown | null) ?? "not-judged") : null,
    unknownDetail: input.unknownDetail,
    sinceMs: input.stateSinceMs,
    freshForSeconds: freshSeconds,
  };
}

function unknown(unknownReason: UnknownReason, unknownDetail: string | null, sinceMs: number | null, freshSeconds: number): EffectiveState {
  return { state: "unknown", unknownReason, unknownDetail, sinceMs, freshForSeconds: freshSeconds };
}

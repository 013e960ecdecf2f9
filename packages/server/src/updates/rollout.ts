/** How far a release goes: pure decisions. */

export const stages = ["canary", "early", "all"] as const;
export type Stage = (typeof stages)[number];
export type RolloutState = "running" | "paused" | "halted" | "finished";

/** States of a device's update that mean that nothing came of it. */
export const failedStates: readonly string[] = ["failed", "rolled-back", "refused"];

/** What a stage lasts at least, milliseconds, with at least one agent of its ring that runs the release. */
export const stageLastsMs: Readonly<Record<"canary" | "early", number>> = { canary: 24 * 3_600_000, early: 48 * 3_600_000 };
/** So many may be under way at once: few enough that the others are spared when it goes wrong. */
export const mostUnderWay: Readonly<Record<Stage, number>> = { canary: 5, early: 50, all: 500 };
/** Halted when more than this part of those that ended has failed. */
const mostFailedPart = 0.1;

export interface RolloutCounts {
  /** Devices of the stage's own ring; those of the last stage are all. */
  readonly devices: number;
  /** Those of them that run the release, or a newer one, however they got it. */
  readonly there: number;
  /** Updates of all rings that succeeded. */
  readonly confirmed: number;
  /** Updates of all rings that failed since somebody last let a halted rollout go on. */
  readonly failed: number;
}

export type RolloutChange =
  | { readonly kind: "stay" }
  | { readonly kind: "halt" }
  | { readonly kind: "advance"; readonly stage: Stage }
  | { readonly kind: "finish" };

/** What becomes of a rollout that runs. */
export function judgeRollout(stage: Stage, stageSinceMs: number, counts: RolloutCounts, nowMs: number): RolloutChange {
  const { devices, there, confirmed, failed } = counts;
  if (failed > 0 && failed > (failed + confirmed) * mostFailedPart) return { kind: "halt" };
  if (stage === "all") return devices > 0 && there === devices ? { kind: "finish" } : { kind: "stay" };
  const next = stages[stages.indexOf(stage) + 1]!;
  // A ring that nobody is in has nothing to tell.
  if (devices === 0) return { kind: "advance", stage: next };
  return there > 0 && nowMs - stageSinceMs >= stageLastsMs[stage] ? { kind: "advance", stage: next } : { kind: "stay" };
}

export interface Ringed {
  readonly device_id: string;
  readonly site_id: string;
  readonly customer_id: string;
}

/** Shares of the devices for which nobody has chosen, in percent. */
const canaryPercent = 2;
const earlyPercent = 10;

/** The ring of a device. @param chosen ring by kind and id, `device ID`, `site ID`, `customer ID` */
export function ringOf(device: Ringed, chosen: ReadonlyMap<string, Stage>): Stage {
  return (
    chosen.get(`device ${device.device_id}`) ??
    chosen.get(`site ${device.site_id}`) ??
    chosen.get(`customer ${device.customer_id}`) ??
    ringByChance(device.device_id)
  );
}

/** The same for a device for ever. The end of an id is random, its beginning is a time. */
function ringByChance(deviceId: string): Stage {
  const part = Number.parseInt(deviceId.slice(-8), 16) % 100;
  if (part < canaryPercent) return "canary";
  return part < canaryPercent + earlyPercent ? "early" : "all";
}

/** Whether a ring belongs to a stage. */
export const isInStage = (ring: Stage, stage: Stage): boolean => stages.indexOf(ring) <= stages.indexOf(stage);

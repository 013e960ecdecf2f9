/**
 * When an instance is measured next. Times lie on a grid of the computer's clock, so nothing drifts; where on the grid is decided by
 * hashes, so the fleet is spread over every second and over the minutes of long cycles.
 *
 * All whole-minute cycles of a computer share one second of the minute, and those of several minutes one minute of the hour, as far
 * as their lengths allow: their samples travel in one message, and the computer is woken as seldom as its shortest cycle wants it.
 * Within that second they run one after another.
 */
import type { CheckInstance } from "@hauswart/protocol/wire/messages.ts";
import type { LocalOffset } from "../os/local-offset.ts";

export type Timed = Pick<CheckInstance, "check" | "instance" | "everySeconds" | "dailyAtHour">;

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Daily measurements of a fleet are spread over this many minutes from their hour on. */
const dailySpreadMinutes = 10;

/** FNV-1a, 32 bits: spreads, nothing more. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** The first moment after `afterMs` at which the instance is due. Unix time in milliseconds. */
export function nextDue(timed: Timed, deviceId: string, afterMs: number, localOffset: LocalOffset): number {
  if (timed.dailyAtHour !== undefined) {
    for (let day = -1; ; day++) {
      const dueMs = dailyMoment(timed, deviceId, afterMs, day, localOffset);
      if (dueMs > afterMs) return dueMs;
    }
  }
  const periodMs = timed.everySeconds * 1_000;
  const phaseMs = phaseOf(timed, deviceId, periodMs);
  return (Math.floor((afterMs - phaseMs) / periodMs) + 1) * periodMs + phaseMs;
}

/** The last moment, `nowMs` included, at which a daily instance was due. */
export function previousDaily(timed: Timed, deviceId: string, nowMs: number, localOffset: LocalOffset): number {
  for (let day = 1; ; day--) {
    const dueMs = dailyMoment(timed, deviceId, nowMs, day, localOffset);
    if (dueMs <= nowMs) return dueMs;
  }
}

/** An instance is never further off than this; more means that the clock was set back. */
export function longestWaitMs(timed: Timed): number {
  // A local day has up to 25 hours.
  return timed.dailyAtHour === undefined ? timed.everySeconds * 1_000 : 25 * 3_600_000;
}

function phaseOf(timed: Timed, deviceId: string, periodMs: number): number {
  if (periodMs % minuteMs !== 0) return hash32(`${deviceId}/${timed.check}/${timed.instance}`) % periodMs;
  const minute = hash32(`${deviceId}/minute`) % (periodMs / minuteMs);
  return (hash32(deviceId) % minuteMs) + minute * minuteMs;
}

/**
 * The daily moment of the local day that lies `day` days from the one of `nearMs`. An hour that the switch to summer time
 * leaves out gives the hour after it; one that comes twice gives the first.
 */
function dailyMoment(timed: Timed, deviceId: string, nearMs: number, day: number, localOffset: LocalOffset): number {
  const near = new Date(nearMs + localOffset(nearMs));
  const startMs = momentOf(Date.UTC(near.getUTCFullYear(), near.getUTCMonth(), near.getUTCDate() + day, timed.dailyAtHour), localOffset);
  const minute = hash32(`${deviceId}/${timed.check}/${timed.instance}`) % dailySpreadMinutes;
  return startMs + minute * minuteMs + (hash32(deviceId) % minuteMs);
}

/** @param localMs local time, as if it were UTC. No zone changes its offset twice within two days. */
function momentOf(localMs: number, localOffset: LocalOffset): number {
  const [before, after] = [localOffset(localMs - dayMs), localOffset(localMs + dayMs)];
  const isLeftOrBefore = localOffset(localMs - before) === before || localOffset(localMs - after) !== after;
  return localMs - (isLeftOrBefore ? before : after);
}

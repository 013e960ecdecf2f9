/**
 * When things really happened. Agents measure by their own clock, which may be wrong by years; each message tells how wrong.
 * Pure.
 */

/** Ages are stored as 32-bit milliseconds; what claims to be older is stored as this old. */
export const oldestAgeMs = 24 * 86_400_000;
/** A message on its way, and clocks read one after the other, make times differ by this much without anything being wrong. */
const usualLagMs = 2_000;

/**
 * The clock's offset (device minus server), from one more measurement of it. A message that was under way for long makes the
 * device's clock look slow, never fast, so the largest of recent measurements is the truest; a large step back is believed.
 */
export function nextClockOffset(currentMs: number, measuredMs: number): number {
  if (measuredMs >= currentMs || currentMs - measuredMs > usualLagMs) return measuredMs;
  return currentMs - (currentMs - measuredMs) / 20;
}

/**
 * Moments within samples are stored as facts, which are written anew whenever they differ, and the measured offset differs with each
 * message. So they are moved by whole steps, and by another number of steps only once that is clearly nearer. What that leaves is
 * less than half a minute; checks set their limits in minutes and more.
 */
const momentStepMs = 30_000;
/** More than half a step, so that an offset that lies between two steps does not go back and forth. */
const momentToleranceMs = 0.75 * momentStepMs;

/**
 * By how much the device's clock counts as ahead for the moments within its samples, milliseconds: 0 for one that is right.
 * @param currentMs what it counted as before.
 */
export function nextMomentOffset(currentMs: number, clockOffsetMs: number): number {
  return Math.abs(clockOffsetMs - currentMs) <= momentToleranceMs ? currentMs : Math.round(clockOffsetMs / momentStepMs) * momentStepMs;
}

export interface SampleTime {
  /** By the server's clock, Unix milliseconds. */
  readonly atMs: number;
  /** Before the message was received; 0 to `oldestAgeMs`. */
  readonly ageMs: number;
  /** The time was absurd even after correction: in the future, or older than any agent keeps its samples. */
  readonly isClamped: boolean;
}

/** Puts a sample's own time on the server's clock. */
export function sampleTime(atMs: number, clockOffsetMs: number, receivedAtMs: number): SampleTime {
  const age = Math.round(receivedAtMs - (atMs - clockOffsetMs));
  const ageMs = Math.min(Math.max(age, 0), oldestAgeMs);
  return { atMs: receivedAtMs - ageMs, ageMs, isClamped: age > oldestAgeMs || age < -usualLagMs };
}

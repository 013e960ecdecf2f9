/** What an agent says of its computer's sleep once it is awake. Pure. */
import type { Hello } from "@hauswart/protocol/wire/messages.ts";

/** By our clock, Unix milliseconds. */
export interface Sleep {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Agents notice within half a minute that nobody announced the sleep, and clocks differ. */
const slackMs = 120_000;

/**
 * @param clockOffsetMs agent's clock minus ours
 * @returns oldest first, without what cannot have been: sleep that ends before it begins, or after its agent spoke
 */
export function sleepsOf({ slept = [] }: Pick<Hello, "slept">, clockOffsetMs: number, nowMs: number): Sleep[] {
  return slept
    .map(({ from, until }) => ({ fromMs: Math.round(from - clockOffsetMs), untilMs: Math.round(until - clockOffsetMs) }))
    .filter(({ fromMs, untilMs }) => fromMs >= 0 && fromMs < untilMs && untilMs <= nowMs + slackMs)
    .sort((one, other) => one.fromMs - other.fromMs);
}

/**
 * The sleep that a silence came from: it began when the device was last heard of, and lasted when the silence was found.
 * @param lastSeenMs the last sign of life: that of the connection, which the server gives up a while after the computer fell asleep
 */
export function sleepBehind(sleeps: readonly Sleep[], lastSeenMs: number, foundAtMs: number): Sleep | undefined {
  return sleeps.find(({ fromMs, untilMs }) => fromMs <= lastSeenMs + slackMs && untilMs >= lastSeenMs && untilMs + slackMs >= foundAtMs);
}

/** What counters rose by in a second, over wraps and restarts. Pure. */
import type { SnmpValue } from "@hauswart/agent/readers/network.ts";

/** Counters as they were at one moment. */
export interface Reading {
  /** The device's own clock since its start, in hundredths of a second; null when it does not say. */
  readonly upTicks: number | null;
  /** The agent's clock, Unix time in milliseconds. */
  readonly atMs: number;
  readonly counters: ReadonlyMap<string, SnmpValue>;
}

const wrap32 = 2 ** 32;
/** A clock of hundredths of a second in 32 bits begins anew after 497 days: as close to it the device was not restarted. */
const ticksOfAnHour = 360_000;

/** Seconds between two readings; undefined when the device was restarted meanwhile, or time did not go by. */
export function secondsBetween(before: Reading, after: Reading): number | undefined {
  const elapsedMs = after.atMs - before.atMs;
  if (before.upTicks === null || after.upTicks === null) return elapsedMs > 0 ? elapsedMs / 1_000 : undefined;
  const ticks = after.upTicks - before.upTicks;
  if (ticks > 0) return ticks / 100;
  const wrapped = ticks + wrap32;
  return before.upTicks > wrap32 - ticksOfAnHour && after.upTicks < ticksOfAnHour && wrapped > 0 ? wrapped / 100 : undefined;
}

/** How much a counter rose; undefined for what is no counter or was set back. A counter of 32 bits that is smaller has wrapped. */
function risenBy(before: SnmpValue | undefined, after: SnmpValue | undefined): number | undefined {
  if (before?.kind === "counter64" && after?.kind === "counter64")
    return after.value >= before.value ? Number(after.value - before.value) : undefined;
  if (before?.kind !== "counter32" || after?.kind !== "counter32") return undefined;
  return after.value >= before.value ? after.value - before.value : after.value + wrap32 - before.value;
}

/** Rates by the counters' names. @param limitPerSecond what is more than this is no rate but a counter that was set back */
export function ratesOf(before: Reading | undefined, after: Reading): (name: string, limitPerSecond?: number) => number | null {
  const seconds = before && secondsBetween(before, after);
  return (name, limitPerSecond = Number.POSITIVE_INFINITY) => {
    if (!before || seconds === undefined) return null;
    const risen = risenBy(before.counters.get(name), after.counters.get(name));
    const perSecond = risen === undefined ? null : risen / seconds;
    return perSecond === null || perSecond > limitPerSecond ? null : Math.round(perSecond * 1_000) / 1_000;
  };
}

/**
 * Packets with errors on an interface, both ways; null as long as one of the counters has no rate. So many errors that a counter of 32 bits
 * goes half around there never are between two readings: what looks like it was set back, as of an interface that is made anew.
 */
export function errorsPerMinute(before: Reading | undefined, after: Reading, interfaceName: string): number | null {
  const seconds = before && secondsBetween(before, after);
  if (!before || seconds === undefined) return null;
  const names = ["inErrors", "outErrors"].map((kind) => `${kind} ${interfaceName}`).filter((name) => after.counters.has(name));
  const risen = names.map((name) => risenBy(before.counters.get(name), after.counters.get(name)) ?? Number.POSITIVE_INFINITY);
  if (risen.length === 0 || risen.some((count) => count >= wrap32 / 2)) return null;
  return Math.round((risen.reduce((sum, count) => sum + count, 0) / seconds) * 60_000) / 1_000;
}

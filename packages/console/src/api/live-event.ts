/** What the live stream says, and when it is tried again. */
import type { LiveEvent } from "@hauswart/protocol/api/models.ts";

/** Time until the next attempt, milliseconds: 1 s, 2 s, 4 s … at most 30 s, and up to half of it more so that not all come at once. */
export function retryDelayMs(failures: number, random: () => number = Math.random): number {
  const base = Math.min(30_000, 1_000 * 2 ** Math.min(failures, 10));
  return base + random() * base * 0.5;
}

/** Reads one event; undefined for what is none of ours. */
export function readEvent(data: string): LiveEvent | undefined {
  try {
    const value = JSON.parse(data) as Partial<LiveEvent> | null;
    return value && typeof value.kind === "string" && typeof value.id === "string" && typeof value.change === "string"
      ? (value as LiveEvent)
      : undefined;
  } catch {
    return undefined;
  }
}

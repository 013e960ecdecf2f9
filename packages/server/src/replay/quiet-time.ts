/** Times in which nobody would have been told: maintenance windows, and causes that explain what is found meanwhile. Pure. */
import type { WouldBeFinding } from "./trace.ts";

/** Unix milliseconds. */
export interface QuietTime {
  readonly fromMs: number;
  /** Of a window with its grace, of a cause with the time to recover; what lasts longer is told. Infinity: it lasts still. */
  readonly untilMs: number;
  /** What began before this is not told however long it lasts; -Infinity where everything is that outlives the time. */
  readonly keepsUntilMs: number;
}

/** Whether nobody would have been told of it. */
export const isHeld = ({ openedMs, closedMs }: WouldBeFinding, quiet: readonly QuietTime[]): boolean =>
  quiet.some(
    ({ fromMs, untilMs, keepsUntilMs }) =>
      openedMs >= fromMs && openedMs < untilMs && (openedMs < keepsUntilMs || (closedMs ?? Infinity) <= untilMs),
  );

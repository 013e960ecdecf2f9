/** When the server itself was there, from the heartbeats of its processes. What happened while it was not is nobody else's fault. */
import type { Tx } from "../database/database.ts";
import { processDeadAfterMs } from "./is-connected.ts";

/** A row of server_process. */
export interface ProcessRow {
  readonly started_at: Date;
  readonly alive_at: Date;
  readonly stopped_at: Date | null;
  readonly gap_from: Date | null;
  readonly gap_until: Date | null;
}

export interface Availability {
  /** Since when there was always a process that reached the database, Unix milliseconds; the present when there is none. */
  readonly upSinceMs: number;
  /** Milliseconds of the given span in which there was none, as far as rows go back. */
  downMs(fromMs: number, untilMs: number): number;
  /** Those times, ascending, as far as they lie in the given span. */
  downWithin(fromMs: number, untilMs: number): Span[];
}

/** A time between two moments, Unix milliseconds. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Pure. @param processes in any order. */
export function availabilityOf(processes: readonly ProcessRow[], nowMs: number): Availability {
  const up = merged(processes.flatMap((row) => spansOf(row, nowMs)));
  const down = up.slice(1).map(({ from }, index): Span => ({ from: up[index]!.until, until: from }));
  const last = up.at(-1);
  const isUp = last !== undefined && last.until >= nowMs;
  if (last && !isUp) down.push({ from: last.until, until: nowMs });
  const downWithin = (fromMs: number, untilMs: number) =>
    down
      .map(({ from, until }): Span => ({ from: Math.max(from, fromMs), until: Math.min(until, untilMs) }))
      .filter(({ from, until }) => from < until);
  return {
    upSinceMs: isUp ? last.from : nowMs,
    downWithin,
    downMs: (fromMs, untilMs) => downWithin(fromMs, untilMs).reduce((sum, { from, until }) => sum + until - from, 0),
  };
}

function spansOf({ started_at, alive_at, stopped_at, gap_from, gap_until }: ProcessRow, nowMs: number): Span[] {
  const from = started_at.getTime();
  const isAlive = stopped_at === null && nowMs - alive_at.getTime() < processDeadAfterMs;
  const until = isAlive ? nowMs : (stopped_at ?? alive_at).getTime();
  if (!gap_from || !gap_until) return [{ from, until }];
  return [
    { from, until: gap_from.getTime() },
    { from: gap_until.getTime(), until },
  ];
}

/** Spans that touch or overlap become one; ascending. */
export function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.until) result[result.length - 1] = { from: last.from, until: Math.max(last.until, span.until) };
    else result.push(span);
  }
  return result;
}

/** Reads it from the database, in anybody's transaction. */
export async function readAvailability(tx: Tx, nowMs: number): Promise<Availability> {
  return availabilityOf(
    await tx.sql<ProcessRow>("select started_at, alive_at, stopped_at, gap_from, gap_until from hauswart.server_process where true", []),
    nowMs,
  );
}

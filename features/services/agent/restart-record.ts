/**
 * How often the agent has restarted what, kept over its own restarts. Limits as in the settings: so many in a row, so many in
 * 24 hours. A row of restarts ends when the service has been running for five minutes. Pure.
 */

export interface RestartRecord {
  /** Attempts of the last 24 hours, Unix times in milliseconds. */
  readonly attempts: readonly number[];
  /** Attempts since the service last ran for five minutes. */
  readonly consecutive: number;
  readonly lastSucceeded: boolean;
}

export type RestartRecords = Readonly<Record<string, RestartRecord>>;

export interface RestartLimits {
  readonly maximumConsecutiveRestarts: number;
  readonly maximumRestartsIn24Hours: number;
}

const dayMs = 86_400_000;
const stableMs = 5 * 60_000;
const none: RestartRecord = { attempts: [], consecutive: 0, lastSucceeded: false };

/** What the host kept over a restart; anything that is not what was put there counts as nothing. */
export function recordsFrom(kept: unknown): RestartRecords {
  if (typeof kept !== "object" || kept === null) return {};
  const records: Record<string, RestartRecord> = {};
  for (const [name, value] of Object.entries(kept) as [string, Partial<RestartRecord> | null][]) {
    const { attempts, consecutive, lastSucceeded } = value ?? {};
    if (!Array.isArray(attempts) || typeof consecutive !== "number") continue;
    records[name] = {
      attempts: attempts.filter((at): at is number => typeof at === "number"),
      consecutive,
      lastSucceeded: lastSucceeded === true,
    };
  }
  return records;
}

/** Forgets what is older than a day, and rows of restarts that ended. A clock that was set lets no attempt count for ever. */
export function refresh(records: RestartRecords, running: ReadonlySet<string>, nowMs: number): RestartRecords {
  const next: Record<string, RestartRecord> = {};
  for (const [name, record] of Object.entries(records)) {
    const attempts = record.attempts.filter((at) => Math.abs(nowMs - at) < dayMs);
    const last = attempts.at(-1);
    const isStable = running.has(name) && (last === undefined || Math.abs(nowMs - last) >= stableMs);
    const consecutive = isStable ? 0 : record.consecutive;
    if (attempts.length > 0 || consecutive > 0) next[name] = { ...record, attempts, consecutive };
  }
  return next;
}

export const recordOf = (records: RestartRecords, name: string): RestartRecord => records[name] ?? none;

export function mayRestart({ attempts, consecutive }: RestartRecord, limits: RestartLimits): boolean {
  return consecutive < limits.maximumConsecutiveRestarts && attempts.length < limits.maximumRestartsIn24Hours;
}

export function withAttempt(record: RestartRecord, succeeded: boolean, nowMs: number): RestartRecord {
  return { attempts: [...record.attempts, nowMs], consecutive: record.consecutive + 1, lastSucceeded: succeeded };
}

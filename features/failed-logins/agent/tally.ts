/** Failed sign-ins within the window, by account and by source, over restarts of the agent. Bounded whatever happens. Pure. */
import type { Attempt } from "./attempt.ts";

/** Number of the bucket and what is in it. */
type Buckets = readonly (readonly [number, number])[];
/** Hash of a name and the last bucket in which it was seen. */
type Names = readonly (readonly [number, number])[];

interface Common {
  readonly buckets: Buckets;
  readonly names: Names;
  readonly lastAt: number;
  readonly service: string;
}

export interface AccountTally extends Common {
  readonly lastSource: string;
  readonly succeededAt: number | null;
  readonly succeededFrom: string;
  readonly failuresBefore: number;
  readonly lockedAt: number | null;
}
export type SourceTally = Common;

export interface LoginTally {
  readonly buckets: Buckets;
  readonly accounts: Readonly<Record<string, AccountTally>>;
  readonly sources: Readonly<Record<string, SourceTally>>;
}

export interface TallySettings {
  readonly windowMinutes: number;
  readonly afterFailures: number;
  readonly hideUnknownAccounts: boolean;
  readonly isExcluded: (attempt: Attempt) => boolean;
}

export const unknownAccounts = "?";
const bucketsOfWindow = 12;
const namesKept = 20;
const rowsKept = 30;
const nameLength = 100;
/** A success or a lock is remembered longer than it can be set to be reported. */
const eventKeptMs = 8 * 86_400_000;

const noTally: LoginTally = { buckets: [], accounts: {}, sources: {} };
const noAccount: AccountTally = {
  buckets: [],
  names: [],
  lastAt: 0,
  service: "",
  lastSource: "",
  succeededAt: null,
  succeededFrom: "",
  failuresBefore: 0,
  lockedAt: null,
};

const bucketMs = ({ windowMinutes }: Pick<TallySettings, "windowMinutes">) => (Math.max(1, windowMinutes) * 60_000) / bucketsOfWindow;
const bucketOf = (at: number, settings: Pick<TallySettings, "windowMinutes">) => Math.floor(at / bucketMs(settings));
const inWindow = (bucket: number, now: number) => bucket >= now - bucketsOfWindow && bucket <= now;
const sum = (buckets: Buckets, now: number) =>
  buckets.reduce((total, [bucket, count]) => (inWindow(bucket, now) ? total + count : total), 0);
const add = (buckets: Buckets, bucket: number, count: number): Buckets => {
  const others = buckets.filter(([one]) => one !== bucket && one >= bucket - bucketsOfWindow);
  return [...others, [bucket, (buckets.find(([one]) => one === bucket)?.[1] ?? 0) + count]];
};

/** FNV-1a: enough to tell names apart, and no name can be read from it. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
const addName = (names: Names, name: string, bucket: number): Names => {
  const own = hash(name);
  return [[own, bucket] as const, ...names.filter(([one, seen]) => one !== own && seen >= bucket - bucketsOfWindow)].slice(0, namesKept);
};

/** What the host kept; anything that is not what was put there counts as nothing. */
export function tallyFrom(kept: unknown): LoginTally {
  const { buckets, accounts, sources } = (kept ?? {}) as Partial<LoginTally>;
  const isRecord = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  const isRow = (value: unknown) => isRecord(value) && Array.isArray((value as Common).buckets) && Array.isArray((value as Common).names);
  if (!Array.isArray(buckets) || !isRecord(accounts) || !isRecord(sources)) return noTally;
  if (![...Object.values(accounts!), ...Object.values(sources!)].every(isRow)) return noTally;
  return { buckets, accounts: accounts!, sources: sources! };
}

/** Names may be anything at all where there is no such account. */
const shown = (name: string) => name.slice(0, nameLength).trim();

export function withAttempts(before: LoginTally, attempts: readonly Attempt[], settings: TallySettings, nowMs: number): LoginTally {
  let { buckets } = before;
  const accounts = new Map(Object.entries(before.accounts));
  const sources = new Map(Object.entries(before.sources));
  for (const attempt of attempts) {
    if (settings.isExcluded(attempt)) continue;
    const at = Math.min(attempt.at, nowMs);
    const bucket = bucketOf(at, settings);
    const isHidden = (!attempt.exists && settings.hideUnknownAccounts) || shown(attempt.account) === "";
    const name = isHidden ? unknownAccounts : shown(attempt.account);
    const account = accounts.get(name) ?? noAccount;
    const source = sources.get(attempt.source);
    if (attempt.outcome === "failed") {
      buckets = add(buckets, bucket, attempt.count);
      const common = { lastAt: Math.max(account.lastAt, at), service: attempt.service };
      accounts.set(name, {
        ...account,
        ...common,
        lastSource: shown(attempt.source),
        buckets: add(account.buckets, bucket, attempt.count),
        names: addName(account.names, attempt.source, bucket),
      });
      if (attempt.source !== "")
        sources.set(shown(attempt.source), {
          ...common,
          lastAt: Math.max(source?.lastAt ?? 0, at),
          buckets: add(source?.buckets ?? [], bucket, attempt.count),
          names: addName(source?.names ?? [], attempt.account, bucket),
        });
    } else if (attempt.outcome === "locked") {
      accounts.set(name, {
        ...account,
        lastAt: Math.max(account.lastAt, at),
        service: attempt.service,
        lastSource: shown(attempt.source),
        lockedAt: at,
      });
    } else {
      const failures = Math.max(sum(account.buckets, bucket), source ? sum(source.buckets, bucket) : 0);
      const isNews = account.succeededAt === null || at > account.succeededAt;
      if (failures >= Math.max(1, settings.afterFailures) && isNews)
        accounts.set(name, {
          ...account,
          lastAt: Math.max(account.lastAt, 1),
          service: attempt.service,
          succeededAt: at,
          succeededFrom: shown(attempt.source),
          failuresBefore: failures,
        });
    }
  }
  return refresh({ buckets, accounts: Object.fromEntries(accounts), sources: Object.fromEntries(sources) }, settings, nowMs);
}

function refresh({ buckets, accounts, sources }: LoginTally, settings: TallySettings, nowMs: number): LoginTally {
  const now = bucketOf(nowMs, settings);
  // A window longer than it counts, so that what was told of as bad is told of as good before it goes.
  const isRecent = (at: number | null, keptMs = 2 * settings.windowMinutes * 60_000) => at !== null && Math.abs(nowMs - at) <= keptMs;
  const trim = <Row extends Common>(rows: Readonly<Record<string, Row>>, isKept: (row: Row) => boolean): Record<string, Row> =>
    Object.fromEntries(
      Object.entries(rows)
        .filter(([, row]) => isKept(row))
        .sort(([, one], [, other]) => sum(other.buckets, now) - sum(one.buckets, now) || other.lastAt - one.lastAt)
        .slice(0, rowsKept)
        .map(([name, row]) => [
          name,
          {
            ...row,
            buckets: row.buckets.filter(([bucket]) => inWindow(bucket, now)),
            names: row.names.filter(([, bucket]) => inWindow(bucket, now)),
          },
        ]),
    );
  return {
    buckets: buckets.filter(([bucket]) => inWindow(bucket, now)),
    accounts: trim(
      accounts,
      ({ lastAt, succeededAt, lockedAt }) => isRecent(lastAt) || isRecent(succeededAt, eventKeptMs) || isRecent(lockedAt, eventKeptMs),
    ),
    sources: trim(sources, ({ lastAt }) => isRecent(lastAt)),
  };
}

export const countOf = (buckets: Buckets, settings: Pick<TallySettings, "windowMinutes">, nowMs: number) =>
  sum(buckets, bucketOf(nowMs, settings));
export const namesOf = (names: Names, settings: Pick<TallySettings, "windowMinutes">, nowMs: number) =>
  names.filter(([, bucket]) => inWindow(bucket, bucketOf(nowMs, settings))).length;

/** Accounts that failed so often that a success would matter. */
export const suspectsOf = (tally: LoginTally, settings: TallySettings, nowMs: number): string[] =>
  Object.entries(tally.accounts)
    .filter(([name, { buckets }]) => name !== unknownAccounts && countOf(buckets, settings, nowMs) >= Math.max(1, settings.afterFailures))
    .map(([name]) => name);

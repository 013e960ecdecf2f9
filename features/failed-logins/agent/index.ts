import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { NoDataCodeOf, PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { failedLogins } from "../protocol.ts";
import type { Attempt, AttemptReading, ReadAttempts, Successes } from "./attempt.ts";
import { countOf, namesOf, suspectsOf, tallyFrom, withAttempts, type LoginTally, type TallySettings } from "./tally.ts";

type Check = typeof failedLogins;
type Sample = SampleOf<Check>;

/** Loaded when it measures: of three systems only one. */
const readers = {
  linux: async () => (await import("./read-attempts.linux.ts")).readAttempts,
  darwin: async () => (await import("./read-attempts.macos.ts")).readAttempts,
  win32: async () => (await import("./read-attempts.windows.ts")).readAttempts,
} satisfies PerSystem<() => Promise<ReadAttempts>>;
const minuteMs = 60_000;

function accountRows({ accounts }: LoginTally, settings: TallySettings, nowMs: number): Sample["accounts"] {
  return Object.entries(accounts)
    .map(([account, tally]) => ({
      account: clip(account, subjectLimit),
      windowCount: countOf(tally.buckets, settings, nowMs),
      sourceCount: namesOf(tally.names, settings, nowMs),
      lastAt: tally.lastAt,
      lastSource: clip(tally.lastSource, textLimit),
      service: clip(tally.service, textLimit),
      succeededAt: tally.succeededAt,
      succeededFrom: clip(tally.succeededFrom, textLimit),
      failuresBeforeCount: tally.failuresBefore,
      lockedAt: tally.lockedAt,
    }))
    .sort((one, other) => (one.account < other.account ? -1 : 1));
}

function sourceRows({ sources }: LoginTally, settings: TallySettings, nowMs: number): Sample["sources"] {
  return Object.entries(sources)
    .map(([source, tally]) => ({
      source: clip(source, subjectLimit),
      windowCount: countOf(tally.buckets, settings, nowMs),
      accountCount: namesOf(tally.names, settings, nowMs),
      lastAt: tally.lastAt,
      service: clip(tally.service, textLimit),
    }))
    .sort((one, other) => (one.source < other.source ? -1 : 1));
}

const folded = (patterns: readonly string[]) => patterns.map((pattern) => pattern.toLowerCase());

/** Who is guessed at is known only after the failures of this very reading were counted: the success may lie among them. */
async function tallied(
  { attempts, unreadCount, successesOf }: AttemptReading,
  before: LoginTally,
  settings: TallySettings,
  nowMs: number,
): Promise<Successes & { readonly tally: LoginTally }> {
  const tally = withAttempts(before, attempts, settings, nowMs);
  const suspects = successesOf ? suspectsOf(tally, settings, nowMs) : [];
  if (!successesOf || suspects.length === 0) return { attempts, unreadCount, tally };
  const successes = await successesOf(suspects);
  const all = [...attempts, ...successes.attempts].sort((one, other) => one.at - other.at);
  return { attempts: all, unreadCount: unreadCount + successes.unreadCount, tally: withAttempts(before, all, settings, nowMs) };
}

async function collect(context: CollectContext<Check>, memory: Memory): Promise<Collected<Sample, NoDataCodeOf<Check>>> {
  const { system, selection, os, signal } = context;
  const nowMs = context.now();
  const excludedAccounts = folded(selection.excludeAccounts);
  const excludedSources = folded(selection.excludeSources);
  const isExcluded = ({ account, source }: Attempt) =>
    fitsAny(excludedAccounts, account.toLowerCase()) || fitsAny(excludedSources, source.toLowerCase());
  const settings: TallySettings = { ...selection, isExcluded };
  const before = tallyFrom(memory.kept["tally"]);
  const read = await (
    await readers[system]()
  )({
    os,
    bookmark: memory.kept["bookmark"],
    sinceMs: nowMs - selection.windowMinutes * minuteMs,
    nowMs,
    memory,
    signal,
  });
  if (!("ok" in read)) return read;
  const { bookmark, problem, unmeasured = "nothing" } = read.ok;
  const { attempts, unreadCount, tally } = await tallied(read.ok, before, settings, nowMs);
  // Together, so that a restart finds both as they were, or neither.
  memory.kept["tally"] = tally;
  memory.kept["bookmark"] = bookmark;
  const failed = attempts.filter((attempt) => attempt.outcome === "failed" && !isExcluded(attempt));
  return {
    ok: {
      failedCount: failed.reduce((sum, { count }) => sum + count, 0),
      windowCount: countOf(tally.buckets, settings, nowMs),
      windowMinuteCount: Math.round(selection.windowMinutes),
      unreadCount,
      problem: clip(problem, textLimit),
      unmeasured,
      accounts: accountRows(tally, settings, nowMs),
      sources: sourceRows(tally, settings, nowMs),
    },
  };
}

export default [collector<Check>({ check: "failed-logins", version: 2, collect })];

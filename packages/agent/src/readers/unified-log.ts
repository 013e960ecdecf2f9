/**
 * The unified log of macOS, by `log show`, which is slow: filtered at the source, every fifteen minutes, and a long time piece by piece over
 * several readings, so that nothing is left out of what was logged while nobody asked.
 */
import type { Memory } from "../collector.ts";
import { OsError, type Os } from "../os/os.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";

const askEveryMs = 15 * 60_000;
const minuteMs = 60_000;
/** What one call is asked for: of a log that answers at once more, of one that does not answer less. */
const pieceMs = { first: 60 * minuteMs, most: 8 * 60 * minuteMs, least: minuteMs };
const quickMs = 1_000;
/** After this no further piece is begun: a measurement has half a minute. */
const enoughMs = 4_000;
/** macOS keeps less of it, and what is older is no news. */
const furthestBackMs = 7 * 86_400_000;
/** Entries appear a little after their time. */
const lateMs = 5 * minuteMs;
const entryLimit = 2_000;
const outputLimitBytes = 8 * 1024 * 1024;
const timeoutMs = 25_000;

export interface UnifiedLogEntry {
  /** Unix time in milliseconds. */
  readonly atMs: number;
  readonly subsystem: string;
  readonly category: string;
  /** Name of the program's file. */
  readonly process: string;
  /** Default, Info, Debug, Error, Fault. */
  readonly type: string;
  readonly text: string;
  /** Tells entries of the same moment apart. */
  readonly key: string;
}

export interface UnifiedLogReading {
  /** Oldest first, the newest 2,000. */
  readonly entries: readonly UnifiedLogEntry[];
  readonly unreadCount: number;
  /** Survives restarts. */
  readonly bookmark: unknown;
  /** What was not read, for a technician; empty when the log was read up to now. */
  readonly problem: string;
}

interface Bookmark {
  readonly untilMs: number;
  /** The entries of that moment: the next reading begins at it, and leaves these out. */
  readonly last: readonly string[];
}

function bookmarkFrom(kept: unknown): Bookmark | undefined {
  const { untilMs, last } = (kept ?? {}) as Partial<Bookmark>;
  if (typeof untilMs !== "number" || !Array.isArray(last)) return undefined;
  return { untilMs, last: last.filter((one): one is string => typeof one === "string") };
}

/** A line of `log show --style ndjson`; undefined for what is no entry (the last line tells of the end). */
export function parseUnifiedLogLine(line: string): UnifiedLogEntry | undefined {
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof said !== "object" || said === null) return undefined;
  const text = (name: string) => (typeof said[name] === "string" ? said[name] : "");
  // 2026-11-22 05:01:02.123456+0100
  const [, day, time, zone] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})\d*([+-]\d{4})$/.exec(text("timestamp")) ?? [];
  if (day === undefined || said["eventType"] !== "logEvent") return undefined;
  const atMs = Date.parse(`${day}T${time}${zone!.slice(0, 3)}:${zone!.slice(3)}`);
  if (!Number.isFinite(atMs)) return undefined;
  return {
    atMs,
    subsystem: text("subsystem"),
    category: text("category"),
    process: text("processImagePath").split("/").at(-1) ?? "",
    type: text("messageType"),
    text: text("eventMessage"),
    key: `${text("timestamp")} ${JSON.stringify([said["traceID"], said["threadID"]])}`,
  };
}

interface UnifiedLogRequest {
  /** Of the last reading; undefined at the first, which begins at `sinceMs`. */
  readonly bookmark: unknown;
  readonly sinceMs: number;
  readonly nowMs: number;
  /** Remembers when it was read up to the end, and how long a piece may be. */
  readonly memory: Memory;
}

/** What was logged since the last reading. When there is much to catch up with, a part of it, and `problem` says so. */
export async function readUnifiedLog(os: Os, predicate: string, request: UnifiedLogRequest): Promise<Collected<UnifiedLogReading>> {
  const { nowMs, sinceMs, memory } = request;
  const before = bookmarkFrom(request.bookmark);
  const asked = memory.values.get("askedAtMs") as number | undefined;
  if (before && asked !== undefined && Math.abs(nowMs - asked) < askEveryMs)
    return { ok: { entries: [], unreadCount: 0, bookmark: before, problem: "" } };
  const furthestMs = nowMs - furthestBackMs;
  // A clock that was set back: what was logged since then bears earlier times.
  const isAhead = before !== undefined && before.untilMs > nowMs;
  const from: Bookmark = before && !isAhead ? before : { untilMs: isAhead ? nowMs - askEveryMs : sinceMs, last: [] };
  const lostFromMs = before && from.untilMs < furthestMs ? from.untilMs : undefined;
  const pieces = await readPieces(os, predicate, { ...from, untilMs: Math.max(from.untilMs, furthestMs) }, request);
  if ("failed" in pieces) return pieces;
  const { entries, bookmark, isAtEnd } = pieces;
  if (isAtEnd) memory.values.set("askedAtMs", nowMs);
  const problems = [
    lostFromMs === undefined ? "" : `Between ${iso(lostFromMs)} and ${iso(furthestMs)} nothing was read.`,
    isAtEnd ? "" : `The log was read up to ${iso(bookmark.untilMs)}; the rest follows.`,
  ];
  const unreadCount = Math.max(0, entries.length - entryLimit);
  return { ok: { entries: entries.slice(-entryLimit), unreadCount, bookmark, problem: problems.filter(Boolean).join(" ") } };
}

const iso = (atMs: number) => new Date(atMs).toISOString();

interface Pieces {
  readonly entries: readonly UnifiedLogEntry[];
  readonly bookmark: Bookmark;
  readonly isAtEnd: boolean;
}

async function readPieces(
  os: Os,
  predicate: string,
  from: Bookmark,
  { nowMs, memory: { values } }: UnifiedLogRequest,
): Promise<Pieces | Failure> {
  const startedAt = performance.now();
  const entries: UnifiedLogEntry[] = [];
  let bookmark = from;
  let lengthMs = (values.get("pieceMs") as number | undefined) ?? pieceMs.first;
  const askedLongMs = () => performance.now() - startedAt;
  for (;;) {
    const endMs = Math.ceil((bookmark.untilMs + lengthMs) / 1_000) * 1_000;
    const isLast = endMs >= nowMs;
    const beganAt = performance.now();
    const piece = await readPiece(os, predicate, bookmark, isLast ? undefined : endMs, { nowMs, withinMs: timeoutMs - askedLongMs() });
    if ("failed" in piece) {
      values.set("pieceMs", Math.max(pieceMs.least, Math.min(lengthMs, nowMs - bookmark.untilMs) / 2));
      return bookmark === from ? piece : { entries, bookmark, isAtEnd: false };
    }
    entries.push(...piece.entries);
    if (isLast) {
      values.delete("pieceMs");
      return { entries, bookmark: atEnd(bookmark, piece.entries, nowMs), isAtEnd: true };
    }
    bookmark = { untilMs: endMs, last: [] };
    if (performance.now() - beganAt < quickMs) lengthMs = Math.min(lengthMs * 2, pieceMs.most);
    if (askedLongMs() >= enoughMs) return { entries, bookmark, isAtEnd: false };
  }
}

/** The next reading begins at the last entry, and leaves out what it has of that moment; or where no late entry is expected any more. */
function atEnd(before: Bookmark, entries: readonly UnifiedLogEntry[], nowMs: number): Bookmark {
  const settledMs = nowMs - lateMs;
  const lastMs = entries.at(-1)?.atMs ?? before.untilMs;
  if (lastMs < settledMs) return { untilMs: settledMs, last: [] };
  const last = entries.filter(({ atMs }) => atMs === lastMs).map(({ key }) => key);
  return { untilMs: lastMs, last: [...(lastMs === before.untilMs ? before.last : []), ...last].slice(-50) };
}

type Failure = Extract<Collected<never>, { readonly failed: unknown }>;

/** The entries from the bookmark on. @param endMs of whole seconds; undefined: up to now */
async function readPiece(
  os: Os,
  predicate: string,
  { untilMs, last }: Bookmark,
  endMs: number | undefined,
  { nowMs, withinMs }: { readonly nowMs: number; readonly withinMs: number },
): Promise<{ readonly entries: readonly UnifiedLogEntry[] } | Failure> {
  const end = endMs === undefined ? [] : ["--end", `@${endMs / 1_000}`];
  const words = ["show", "--style", "ndjson", "--info", "--start", `@${Math.floor(untilMs / 1_000)}`, ...end, "--predicate", predicate];
  try {
    const { exitCode, stdout, stderr } = await os.run("log", words, { timeoutMs: withinMs, limitBytes: outputLimitBytes });
    if (exitCode !== 0)
      return { failed: "COLLECT_UNREADABLE", detail: { system: `log show ended with ${exitCode}: ${stderr.trim().slice(0, 300)}` } };
    const known = new Set(last);
    // What bears a later time than now was logged, and read, before the clock was set back.
    const beforeMs = endMs ?? nowMs + lateMs;
    const parsed = stdout.split("\n").flatMap((line) => parseUnifiedLogLine(line) ?? []);
    return { entries: parsed.filter(({ atMs, key }) => atMs >= untilMs && atMs < beforeMs && !known.has(key)) };
  } catch (error) {
    if (error instanceof OsError) return { failed: error.code, detail: error.said ?? { system: error.message } };
    throw error;
  }
}

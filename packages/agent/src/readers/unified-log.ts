/** The unified log of macOS, by `log show`, which is slow: filtered at the source, an hour back at the most, every fifteen minutes. */
import type { Memory } from "../collector.ts";
import type { Os } from "../os/os.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";

const askEveryMs = 15 * 60_000;
const furthestBackMs = 3_600_000;
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

/**
 * What was logged since the last reading.
 * @param request.bookmark of the last reading; undefined at the first, which begins at `sinceMs`
 * @param request.memory remembers when it was asked last; in between there is nothing new
 */
export async function readUnifiedLog(
  os: Os,
  predicate: string,
  request: { readonly bookmark: unknown; readonly sinceMs: number; readonly nowMs: number; readonly memory: Memory },
): Promise<Collected<UnifiedLogReading>> {
  const { nowMs, sinceMs, memory } = request;
  const before = bookmarkFrom(request.bookmark);
  const asked = memory.values.get("askedAtMs") as number | undefined;
  if (before && asked !== undefined && Math.abs(nowMs - asked) < askEveryMs)
    return { ok: { entries: [], unreadCount: 0, bookmark: before } };
  const startMs = Math.max(before?.untilMs ?? sinceMs, nowMs - furthestBackMs);
  const words = ["show", "--style", "ndjson", "--info", "--start", `@${Math.floor(startMs / 1_000)}`, "--predicate", predicate];
  const { exitCode, stdout, stderr } = await os.run("log", words, { timeoutMs, limitBytes: outputLimitBytes });
  if (exitCode !== 0)
    return { failed: "COLLECT_UNREADABLE", detail: { system: `log show ended with ${exitCode}: ${stderr.trim().slice(0, 300)}` } };
  memory.values.set("askedAtMs", nowMs);
  const known = new Set(before?.last);
  const parsed = stdout.split("\n").flatMap((line) => parseUnifiedLogLine(line) ?? []);
  const fresh = parsed.filter(({ atMs, key }) => atMs >= startMs && !known.has(key));
  const untilMs = fresh.at(-1)?.atMs ?? before?.untilMs ?? startMs;
  const last = parsed.filter(({ atMs }) => atMs === untilMs).map(({ key }) => key);
  const bookmark: Bookmark = { untilMs, last: last.slice(-50) };
  return { ok: { entries: fresh.slice(-entryLimit), unreadCount: Math.max(0, fresh.length - entryLimit), bookmark } };
}

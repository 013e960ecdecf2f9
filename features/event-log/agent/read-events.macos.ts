/**
 * The unified log of macOS, by `log show`, which is slow: it filters at the source, looks back an hour at the most, and is asked every
 * fifteen minutes. What is compared was written by the kernel and by daemons, which do not translate it.
 */
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { CuratedRule } from "../protocol/curated.ts";
import type { Level, OwnRule } from "../protocol/own-rule.ts";
import type { EventReader, ReadRequest } from "./event-reader.ts";
import type { CuratedFit, EventReading, Occurrence } from "./occurrence.ts";

const askEveryMs = 15 * 60_000;
const furthestBackMs = 3_600_000;
const entryLimit = 2_000;
const outputLimitBytes = 8 * 1024 * 1024;
const timeoutMs = 25_000;

interface TextRule {
  readonly rule: CuratedRule;
  readonly process: string;
  /** One of these stands in the message: for the predicate; then all of it has to fit the pattern. */
  readonly words: readonly string[];
  readonly pattern: RegExp;
}

const textRules: readonly TextRule[] = [
  { rule: "disk-error", process: "kernel", words: ["I/O error"], pattern: /\bdisk\d+\S*: (?:device|media)?.*I\/O error/ },
  { rule: "file-system-error", process: "kernel", words: ["corrupt", "fsck"], pattern: /(?:apfs|hfs).*(?:corrupt|fsck)/i },
  {
    rule: "unexpected-shutdown",
    process: "kernel",
    words: ["Previous shutdown cause: -", "Previous shutdown cause: 0"],
    pattern: /Previous shutdown cause: (?:-\d+|0)\b/,
  },
  { rule: "hardware-error", process: "kernel", words: ["Machine Check", "machine-check"], pattern: /machine.check/i },
  { rule: "memory-exhausted", process: "kernel", words: ["low swap"], pattern: /low swap: (?:killing|suspending)/ },
  { rule: "backup-failed", process: "backupd", words: ["Backup failed"], pattern: /Backup failed/ },
  { rule: "program-crash", process: "ReportCrash", words: ["crash report"], pattern: /(?:Saved|Formulating).*crash report/ },
];

const curated: readonly CuratedFit<CuratedRule>[] = textRules.map(({ rule, process, pattern }) => ({
  rule,
  fits: ({ source, text }) => source === process && pattern.test(text),
}));

const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, "")}"`;
const levelTypes: Readonly<Record<Level, readonly string[]>> = {
  critical: ["fault"],
  error: ["fault", "error"],
  warning: ["fault", "error"],
  information: [],
};

/** What a rule of one's own asks for; * stays a wildcard. */
function predicateOf({ sources, logs, level }: OwnRule): string {
  const like = (key: string, values: readonly string[]) =>
    values.length > 0 ? [`(${values.map((value) => `${key} LIKE ${quoted(value)}`).join(" OR ")})`] : [];
  const types = levelTypes[level].map((type) => `messageType == ${type}`);
  const parts = [...like("process", sources), ...like("subsystem", logs), ...(types.length > 0 ? [`(${types.join(" OR ")})`] : [])];
  return parts.length > 0 ? `(${parts.join(" AND ")})` : `messageType == error`;
}

export function predicate({ isCurated, ownRules }: Pick<ReadRequest, "isCurated" | "ownRules">): string {
  const forCurated = textRules.map(
    ({ process, words }) =>
      `(process == ${quoted(process)} AND (${words.map((word) => `eventMessage CONTAINS ${quoted(word)}`).join(" OR ")}))`,
  );
  return [...(isCurated ? forCurated : []), ...ownRules.map(predicateOf)].join(" OR ");
}

interface MacosBookmark {
  readonly untilMs: number;
  /** The last entries of that moment: the next reading begins at it, and leaves these out. */
  readonly last: readonly string[];
}

function bookmarkFrom(kept: unknown): MacosBookmark | undefined {
  const { untilMs, last } = (kept ?? {}) as Partial<MacosBookmark>;
  if (typeof untilMs !== "number" || !Array.isArray(last)) return undefined;
  return { untilMs, last: last.filter((one): one is string => typeof one === "string") };
}

/** A line of `log show --style ndjson`; undefined for what is no entry (the last line tells of the end). */
export function parseEntry(line: string): { occurrence: Occurrence; key: string } | undefined {
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const text = (name: string) => (typeof said[name] === "string" ? said[name] : "");
  // 2026-11-22 05:01:02.123456+0100
  const [, day, time, zone] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})\d*([+-]\d{4})$/.exec(text("timestamp")) ?? [];
  if (day === undefined || said["eventType"] !== "logEvent") return undefined;
  const at = Date.parse(`${day}T${time}${zone!.slice(0, 3)}:${zone!.slice(3)}`);
  if (!Number.isFinite(at)) return undefined;
  const type = text("messageType");
  const process = text("processImagePath").split("/").at(-1) ?? "";
  return {
    occurrence: {
      at,
      log: text("subsystem"),
      source: process,
      eventId: text("category"),
      level: type === "Fault" ? "critical" : type === "Error" ? "error" : "information",
      text: text("eventMessage"),
    },
    key: `${text("timestamp")} ${JSON.stringify([said["traceID"], said["threadID"]])}`,
  };
}

async function read(request: ReadRequest): Promise<Collected<EventReading>> {
  const { os, nowMs, sinceMs, memory } = request;
  const before = bookmarkFrom(request.bookmark);
  const asked = memory.values.get("askedAtMs") as number | undefined;
  if (before && asked !== undefined && Math.abs(nowMs - asked) < askEveryMs)
    return { ok: { occurrences: [], unreadCount: 0, bookmark: before, problem: "" } };
  const startMs = Math.max(before?.untilMs ?? sinceMs, nowMs - furthestBackMs);
  const start = ["--start", `@${Math.floor(startMs / 1_000)}`];
  const { exitCode, stdout, stderr } = await os.run(
    "log",
    ["show", "--style", "ndjson", "--info", ...start, "--predicate", predicate(request)],
    { timeoutMs, limitBytes: outputLimitBytes },
  );
  if (exitCode !== 0) return { failed: "COLLECT_UNREADABLE", detail: `log show ended with ${exitCode}: ${stderr.trim().slice(0, 300)}` };
  memory.values.set("askedAtMs", nowMs);
  const known = new Set(before?.last);
  const parsed = stdout.split("\n").flatMap((line) => parseEntry(line) ?? []);
  const fresh = parsed.filter(({ occurrence, key }) => occurrence.at >= startMs && !known.has(key));
  const untilMs = fresh.at(-1)?.occurrence.at ?? before?.untilMs ?? startMs;
  const last = parsed.filter(({ occurrence }) => occurrence.at === untilMs).map(({ key }) => key);
  return {
    ok: {
      occurrences: fresh.slice(-entryLimit).map(({ occurrence }) => occurrence),
      unreadCount: Math.max(0, fresh.length - entryLimit),
      bookmark: { untilMs, last: last.slice(-50) },
      problem: "",
    },
  };
}

export const reader: EventReader = { curated, read };

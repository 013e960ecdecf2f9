/** The unified log of macOS. What is compared was written by the kernel and by daemons, which do not translate it. */
import type { NoDataCodeOf } from "@hauswart/protocol/check.ts";
import { readUnifiedLog } from "@hauswart/agent/readers/unified-log.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { CuratedRule } from "../protocol/curated.ts";
import type { Level, OwnRule } from "../protocol/own-rule.ts";
import type { EventReader, ReadRequest } from "./event-reader.ts";
import type { CuratedFit, EventReading, Occurrence } from "./occurrence.ts";
import type { eventLog } from "../protocol.ts";

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

const levelOf = (type: string): Level => (type === "Fault" ? "critical" : type === "Error" ? "error" : "information");

async function read(request: ReadRequest): Promise<Collected<EventReading, NoDataCodeOf<typeof eventLog>>> {
  const reading = await readUnifiedLog(request.os, predicate(request), request);
  if (!("ok" in reading)) return reading;
  const { entries, unreadCount, bookmark, problem } = reading.ok;
  const occurrences = entries.map(({ atMs, subsystem, category, process, type, text }): Occurrence => ({
    at: atMs,
    log: subsystem,
    source: process,
    eventId: category,
    level: levelOf(type),
    text,
  }));
  return { ok: { occurrences, unreadCount, bookmark, problem } };
}

export const reader: EventReader = { curated, read };

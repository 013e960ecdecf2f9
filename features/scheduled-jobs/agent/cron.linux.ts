/**
 * Commands of cron. Its log tells of starts: "(root) CMD (run-parts /etc/cron.hourly)". How they ended stands there only where cron was told
 * to log that (cron -L), so nothing is said about it.
 */
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { FoundJob, ReadContext } from "./jobs.ts";

const lookBackMs = 35 * 86_400_000;
const limits = { timeoutMs: 20_000, limitBytes: 8 * 1024 * 1024 };
/** A shorter time is not halved. */
const shortestMs = 60_000;

interface KnownStarts {
  readonly askedMs: number;
  readonly patterns: string;
  /** By pattern, Unix time in milliseconds. */
  readonly starts: ReadonlyMap<string, number>;
}

export async function readCron({ os, selection, values, nowMs }: ReadContext): Promise<FoundJob[]> {
  if (selection.cronCommands.length === 0) return [];
  const patterns = selection.cronCommands.join("\n");
  const before = values.get("cron") as KnownStarts | undefined;
  const known: KnownStarts = before?.patterns === patterns ? before : { askedMs: nowMs - lookBackMs, patterns, starts: new Map() };
  const found = await lastStarts(os, selection.cronCommands, Math.min(known.askedMs, nowMs), nowMs);
  const starts = new Map([...known.starts, ...found]);
  values.set("cron", { askedMs: nowMs, patterns, starts } satisfies KnownStarts);
  return selection.cronCommands.map((pattern): FoundJob => {
    const startedAt = starts.get(pattern) ?? null;
    return {
      name: `cron: ${pattern}`,
      scheduler: "cron",
      state: "waiting",
      result: startedAt === null ? "never" : "started",
      lastRunAt: startedAt,
      lastSuccessAt: startedAt,
      runningSince: null,
      problem: "",
    };
  });
}

/** When each was last started in that time, Unix time in milliseconds. What is too much to be read at once is read in halves, the newer first. */
async function lastStarts(os: Os, patterns: readonly string[], sinceMs: number, untilMs: number): Promise<ReadonlyMap<string, number>> {
  try {
    const starts = new Map<string, number>();
    for (const { at, command } of parseStarts(await cronLines(os, sinceMs, untilMs)))
      for (const pattern of patterns) if (fitsAny([pattern], command)) starts.set(pattern, Math.max(at, starts.get(pattern) ?? 0));
    return starts;
  } catch (error) {
    const isTooMuch = error instanceof OsError && error.code === "COLLECT_OUTPUT_TOO_LARGE";
    if (!isTooMuch || untilMs - sinceMs < shortestMs) throw error;
  }
  const middleMs = (sinceMs + untilMs) / 2;
  const newer = await lastStarts(os, patterns, middleMs, untilMs);
  const missing = patterns.filter((pattern) => !newer.has(pattern));
  return missing.length === 0 ? newer : new Map([...newer, ...(await lastStarts(os, missing, sinceMs, middleMs))]);
}

async function cronLines(os: Os, sinceMs: number, untilMs: number): Promise<string> {
  const words = [
    "--quiet",
    "--no-pager",
    "--output=json",
    "--output-fields=MESSAGE",
    `--since=@${Math.floor(sinceMs / 1_000)}`,
    `--until=@${Math.ceil(untilMs / 1_000)}`,
    "SYSLOG_IDENTIFIER=CRON",
    "SYSLOG_IDENTIFIER=CROND",
  ];
  const { exitCode, stdout, stderr } = await os.run("journalctl", words, limits);
  if (exitCode !== 0 && stderr.trim() !== "") throw new OsError("COLLECT_UNREADABLE", stderr.trim().split("\n")[0]!);
  return stdout;
}

/** Lines of `journalctl --output=json`. Pure. */
export function parseStarts(output: string): { readonly at: number; readonly command: string }[] {
  return output.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      const { MESSAGE, __REALTIME_TIMESTAMP: time } = JSON.parse(line) as Record<string, unknown>;
      const command = typeof MESSAGE === "string" ? /^\([^)]*\) CMD \((.*)\)$/s.exec(MESSAGE)?.[1] : undefined;
      const at = Math.round(Number(time) / 1_000);
      return command === undefined || !Number.isFinite(at) ? [] : [{ at, command: command.trim() }];
    } catch {
      return [];
    }
  });
}

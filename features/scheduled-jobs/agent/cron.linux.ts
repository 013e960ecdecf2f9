/**
 * Commands of cron. Its log tells of starts: "(root) CMD (run-parts /etc/cron.hourly)". How they ended stands there only where cron was told
 * to log that (cron -L), so nothing is said about it.
 */
import { OsError } from "@hauswart/agent/os/os.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { FoundJob, ReadContext } from "./jobs.ts";

const lookBackMs = 35 * 86_400_000;
const limits = { timeoutMs: 20_000, limitBytes: 8 * 1024 * 1024 };

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
  const since = `--since=@${Math.floor(known.askedMs / 1_000)}`;
  const words = [
    "--quiet",
    "--no-pager",
    "--output=json",
    "--output-fields=MESSAGE",
    since,
    "SYSLOG_IDENTIFIER=CRON",
    "SYSLOG_IDENTIFIER=CROND",
  ];
  const { exitCode, stdout, stderr } = await os.run("journalctl", words, limits);
  if (exitCode !== 0 && stderr.trim() !== "") throw new OsError("COLLECT_UNREADABLE", stderr.trim().split("\n")[0]!);
  const starts = new Map(known.starts);
  for (const { at, command } of parseStarts(stdout)) {
    for (const pattern of selection.cronCommands)
      if (fitsAny([pattern], command)) starts.set(pattern, Math.max(at, starts.get(pattern) ?? 0));
  }
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

/** What is written down of backups, and what the server can say about them. */
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { Database, Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";

export type BackupOccasion = "schedule" | "command";

/** What has become of the backups of this installation. Times are Unix milliseconds. */
export interface BackupStanding {
  readonly lastSuccess: { readonly atMs: number; readonly file: string; readonly fileBytes: number; readonly isEncrypted: boolean } | null;
  /** Only when nothing has succeeded since. A run whose process died counts as failed once a later one has begun, or after a day. */
  readonly lastFailure: { readonly atMs: number; readonly problem: string } | null;
}

const diedAfterMs = 86_400_000;

interface RunRow {
  started_at: Date;
  finished_at: Date | null;
  outcome: "succeeded" | "failed" | null;
  file: string | null;
  file_bytes: number | null;
  is_encrypted: boolean;
  problem: string | null;
}

/** Reads it in anybody's transaction. */
export async function readBackupStanding(tx: Tx, nowMs: number): Promise<BackupStanding> {
  const rows = await tx.sql<RunRow>(
    `(select started_at, finished_at, outcome, file, file_bytes, is_encrypted, problem from hauswart.backup_run
      where outcome = 'succeeded' order by started_at desc limit 1)
     union all
     (select started_at, finished_at, outcome, file, file_bytes, is_encrypted, problem from hauswart.backup_run
      where outcome is distinct from 'succeeded' order by started_at desc limit 2)`,
    [],
  );
  const success = rows.find(({ outcome }) => outcome === "succeeded");
  const [latest, before] = rows.filter(({ outcome }) => outcome !== "succeeded");
  const isRunning = latest?.outcome === null && nowMs - latest.started_at.getTime() < diedAfterMs;
  const failure = isRunning ? before : latest;
  return {
    lastSuccess: success
      ? {
          atMs: (success.finished_at ?? success.started_at).getTime(),
          file: success.file ?? "",
          fileBytes: Number(success.file_bytes ?? 0),
          isEncrypted: success.is_encrypted,
        }
      : null,
    lastFailure:
      failure && failure.started_at > (success?.started_at ?? new Date(0))
        ? {
            atMs: (failure.finished_at ?? failure.started_at).getTime(),
            problem: failure.problem ?? "The process that wrote the backup ended in the middle of it.",
          }
        : null,
  };
}

/** Writes down that a backup begins. Old rows go. */
export async function beginRun(database: Database, occasion: BackupOccasion, isEncrypted: boolean, nowMs: number): Promise<Id> {
  const runId = newId(nowMs);
  await database.unwalled("a backup begins", async (tx) => {
    await tx.sql("delete from hauswart.backup_run where started_at < $1::timestamptz - interval '400 days'", [isoTime(nowMs)]);
    await tx.sql("insert into hauswart.backup_run (backup_run_id, occasion, started_at, is_encrypted) values ($1, $2, $3, $4)", [
      runId,
      occasion,
      isoTime(nowMs),
      isEncrypted,
    ]);
  });
  return runId;
}

/** What came of a run. */
export type RunOutcome = { readonly file: string; readonly fileBytes: number } | { readonly problem: string };

/** Writes down what came of a backup, in a transaction of the owner. */
export async function endRun(tx: Tx, runId: Id, outcome: RunOutcome, nowMs: number): Promise<void> {
  const isDone = "file" in outcome;
  await tx.sql(
    "update hauswart.backup_run set finished_at = $2, outcome = $3, file = $4, file_bytes = $5, problem = $6 where backup_run_id = $1",
    [
      runId,
      isoTime(nowMs),
      isDone ? "succeeded" : "failed",
      isDone ? outcome.file : null,
      isDone ? outcome.fileBytes : null,
      isDone ? null : outcome.problem,
    ],
  );
}

/** A backup with everything around it: written down, in the audit log, and old ones given up. */
import { readFileSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ClientConfig } from "pg";
import type { Database } from "../database/database.ts";
import { masterKeyPath } from "../secrets/master-key.ts";
import type { BackupSettings, Settings } from "../settings.ts";
import { systemClock } from "../clock.ts";
import { unfinishedEnding } from "./archive-writer.ts";
import { BackupError } from "./backup-error.ts";
import { beginRun, endRun, type BackupOccasion } from "./backup-runs.ts";
import { isBackupName, makeBackup, type MadeBackup } from "./make-backup.ts";
import { auditEverywhere } from "./restored-state.ts";

export interface RunBackupRequest {
  readonly database: Database;
  /** Of the owner. */
  readonly connection: ClientConfig;
  readonly settings: Pick<Settings, "dataDirectory" | "masterKeyFile">;
  readonly target: Pick<BackupSettings, "directory" | "passphraseFile">;
  readonly occasion: BackupOccasion;
  readonly progress?: (step: string) => void;
}

/** @throws what `makeBackup` throws, after it was written down */
export async function runBackup({ database, connection, settings, target, occasion, progress }: RunBackupRequest): Promise<MadeBackup> {
  const runId = await beginRun(database, occasion, target.passphraseFile !== undefined, systemClock.now());
  try {
    const made = await makeBackup({
      connection,
      secretsDirectory: join(settings.dataDirectory, "secrets"),
      masterKeyPath: masterKeyPath(settings),
      directory: target.directory,
      passphrase: target.passphraseFile === undefined ? undefined : readPassphrase(target.passphraseFile),
      ...(progress ? { progress } : {}),
    });
    await database.unwalled("a backup is done", async (tx) => {
      await endRun(tx, runId, { file: made.file, fileBytes: made.bytes }, systemClock.now());
      await auditEverywhere(tx, "installation.backup", {
        file: made.file,
        bytes: made.bytes,
        isEncrypted: target.passphraseFile !== undefined,
      });
    });
    return made;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    await database.unwalled("a backup failed", (tx) => endRun(tx, runId, { problem }, systemClock.now()));
    throw error;
  }
}

/** The first line of a file. Throws BackupError when it cannot be read or is empty. */
export function readPassphrase(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new BackupError(`The file with the passphrase, ${path}, cannot be read.`, { cause });
  }
  const passphrase = text.split(/\r?\n/, 1)[0]!;
  if (passphrase === "") throw new BackupError(`The file with the passphrase, ${path}, is empty.`);
  return passphrase;
}

/**
 * Deletes all but the newest backups of a folder, and what an interrupted one has left. Only after a success, so that
 * failures never eat up the backups that there are. The folder must be one server's alone.
 * @returns names of the deleted files
 */
export async function giveUpOldBackups(directory: string, keep: number): Promise<string[]> {
  const names = readdirSync(directory).sort();
  const old = names.filter((name) => isBackupName(name)).slice(0, -keep);
  const left = names.filter((name) => isBackupName(name, unfinishedEnding) && name.endsWith(unfinishedEnding));
  for (const name of [...old, ...left]) await rm(join(directory, name), { force: true });
  return [...old, ...left];
}

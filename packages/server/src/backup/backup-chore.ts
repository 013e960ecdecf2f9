/** The daily backup. */
import type { ClientConfig } from "pg";
import type { Chore } from "../jobs/job-queue.ts";
import type { Settings } from "../settings.ts";
import { giveUpOldBackups, runBackup } from "./run-backup.ts";

/** @param connection of the owner. @returns no chore when no folder is set */
export function backupChores({ backup }: Pick<Settings, "backup">, connection: ClientConfig): Chore[] {
  if (backup === undefined) return [];
  return [
    {
      name: "backup",
      cron: `15 ${backup.hour} * * *`,
      run: async ({ database, settings }) => {
        const { file, bytes } = await runBackup({ database, connection, settings, target: backup, occasion: "schedule" });
        const deleted = await giveUpOldBackups(backup.directory, backup.keep);
        return { file, bytes, deleted: deleted.length };
      },
    },
  ];
}

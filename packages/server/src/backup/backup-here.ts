/** A backup asked for at the command line: of a server that runs, or of one that does not. */
import { existsSync } from "node:fs";
import type { ClientConfig } from "pg";
import { parseIntoClientConfig } from "pg-connection-string";
import { embeddedDatabase, ownerConnection } from "../database/connect.ts";
import type { Database } from "../database/database.ts";
import { openDatabase } from "../database/database-postgres.ts";
import { superuser } from "../database/embedded/cluster.ts";
import { findRunningPostgres, hasCluster } from "../database/embedded/find-running.ts";
import { startEmbeddedPostgres } from "../database/embedded/supervisor.ts";
import type { Logger } from "../operation/log.ts";
import type { BackupSettings, Settings } from "../settings.ts";
import { BackupError } from "./backup-error.ts";
import type { MadeBackup } from "./make-backup.ts";
import { runBackup } from "./run-backup.ts";
import { masterKeyPath } from "../secrets/master-key.ts";

export interface BackupHereOptions {
  readonly settings: Pick<Settings, "dataDirectory" | "databaseUrl" | "postgresUser" | "masterKeyFile">;
  readonly target: Pick<BackupSettings, "directory" | "passphraseFile">;
  readonly log: Logger;
  readonly progress: (step: string) => void;
}

/** @throws BackupError, or what the database says */
export async function backupHere({ settings, target, log, progress }: BackupHereOptions): Promise<MadeBackup> {
  requireServerHere(settings);
  return withDatabaseHere({ settings, log, progress }, (database, connection) =>
    runBackup({ database, connection, settings, target, occasion: "command", progress }),
  );
}

/** Whatever is about a server that is there makes none. @throws BackupError where there is none */
export function requireServerHere(settings: BackupHereOptions["settings"]): void {
  if (!existsSync(masterKeyPath(settings)))
    throw new BackupError(
      `There is no server in ${settings.dataDirectory}, or it has not been started with this version yet (${masterKeyPath(settings)} is missing).`,
    );
  if (settings.databaseUrl === undefined && !hasCluster(settings.dataDirectory))
    throw new BackupError(`There is no database in ${settings.dataDirectory}.`);
}

/**
 * Works on the database of this data folder with the rights of its owner, which only whoever reads this computer's files has: on the
 * one that runs, or on one that is started for as long as it is needed.
 */
export async function withDatabaseHere<Result>(
  { settings, log, progress }: Pick<BackupHereOptions, "settings" | "log" | "progress">,
  work: (database: Database, connection: ClientConfig) => Promise<Result>,
): Promise<Result> {
  const { base, stop } = await reachDatabase(settings, log, progress);
  const connection = ownerConnection(base);
  const database = openDatabase({
    connections: { owner: connection, app: connection, ingest: connection },
    log,
    poolSizes: { owner: 1, app: 1, ingest: 1 },
  });
  try {
    return await work(database, connection);
  } finally {
    await database.close();
    await stop();
  }
}

async function reachDatabase(
  settings: BackupHereOptions["settings"],
  log: Logger,
  progress: (step: string) => void,
): Promise<{ base: ClientConfig; stop: () => Promise<void> }> {
  if (settings.databaseUrl !== undefined) return { base: parseIntoClientConfig(settings.databaseUrl), stop: async () => undefined };
  const { dataDirectory, postgresUser } = settings;
  const ofEmbedded = (host: string): ClientConfig => ({ host, user: superuser, database: embeddedDatabase });
  const running = findRunningPostgres(dataDirectory, postgresUser);
  if (running !== undefined) return { base: ofEmbedded(running), stop: async () => undefined };
  const embedded = await startEmbeddedPostgres({ dataDirectory, postgresUser, log, progress });
  return { base: ofEmbedded(embedded.socketDirectory), stop: () => embedded.stop() };
}

/**
 * `npm run backup -- [--to FOLDER] [--passphrase-file FILE]` makes a backup of the server of this computer, also while it runs; without
 * --to into the folder of HAUSWART_BACKUP_DIRECTORY.
 * `npm run backup -- --verify FILE` reads a backup and checks everything in it without restoring it.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkBackup } from "@hauswart/server/backup/archive-reader.ts";
import { BackupError } from "@hauswart/server/backup/backup-error.ts";
import { backupHere } from "@hauswart/server/backup/backup-here.ts";
import { readPassphrase } from "@hauswart/server/backup/run-backup.ts";
import { makeLogger } from "@hauswart/server/operation/log.ts";
import { loadSettings, SettingsError } from "@hauswart/server/settings.ts";
import { becomeServer, findServerHere } from "./installed-service.ts";
import { provideFolder, requireReadable } from "./service-folders.ts";

const say = (text: string) => process.stderr.write(`${text}\n`);
const usage = "npm run backup -- [--to FOLDER] [--passphrase-file FILE]\nnpm run backup -- --verify FILE [--passphrase-file FILE]";
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

async function make(to: string | undefined, givenPassphraseFile: string | undefined): Promise<void> {
  const server = findServerHere("backup");
  const settings = loadSettings(server.environment);
  const directory = to === undefined ? settings.backup?.directory : resolve(to);
  if (directory === undefined) throw new BackupError(usage);
  const passphraseFile = givenPassphraseFile === undefined ? settings.backup?.passphraseFile : resolve(givenPassphraseFile);
  if (server.account !== undefined) {
    provideFolder(directory, server.account);
    requireReadable({ "The file with the passphrase": passphraseFile }, server.account);
  }
  becomeServer(server);
  const started = performance.now();
  const log = makeLogger({ level: "warn", format: "lines" });
  const made = await backupHere({ settings, target: { directory, passphraseFile }, log, progress: say });
  say(
    `The server as it was at ${made.madeAt}, ${made.devices} devices, ${megabytes(made.bytes)}, in ${Math.round((performance.now() - started) / 1_000)} s.`,
  );
  if (passphraseFile === undefined)
    say(
      "The file is not encrypted and holds the master key, the server's identity and all passwords' hashes: keep it like a key. --passphrase-file encrypts it.",
    );
  else say("The file is encrypted. Without its passphrase it cannot be restored; keep that apart from the file.");
  process.stdout.write(`${made.file}\n`);
}

async function verify(path: string, givenPassphraseFile: string | undefined): Promise<void> {
  const passphraseFile =
    givenPassphraseFile === undefined
      ? loadSettings(findServerHere("backup").environment).backup?.passphraseFile
      : resolve(givenPassphraseFile);
  const { header, manifest } = await checkBackup(path, passphraseFile === undefined ? undefined : readPassphrase(passphraseFile));
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  say(`The backup is whole: made at ${header.madeAt} by Hauswart ${header.hauswartVersion} on PostgreSQL ${manifest.postgresVersion}.`);
  say(
    `${manifest.devices} devices, ${manifest.tables.length} tables, ${rows} rows, ${manifest.members.length} parts; ${header.encryption ? "encrypted" : "not encrypted: it holds all keys in the clear"}.`,
  );
}

try {
  const { values } = parseArgs({ options: { to: { type: "string" }, verify: { type: "string" }, "passphrase-file": { type: "string" } } });
  if (values.verify === undefined) await make(values.to, values["passphrase-file"]);
  else await verify(resolve(values.verify), values["passphrase-file"]);
} catch (error) {
  const isMistake = error instanceof Error && ((error as { code?: string }).code ?? "").startsWith("ERR_PARSE_ARGS");
  if (isMistake) say(`${error.message}\n${usage}`);
  else if (error instanceof SettingsError) say(error.problems.join("\n"));
  else say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
process.exit(0);

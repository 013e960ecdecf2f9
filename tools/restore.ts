/**
 * `npm run restore -- --from FILE --data FOLDER [--passphrase-file FILE]` restores a backup into a new folder, and into an empty
 * database where DATABASE_URL names one.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { findAccount } from "@hauswart/server/database/embedded/account.ts";
import { readPassphrase } from "@hauswart/server/backup/run-backup.ts";
import { restoreBackup } from "@hauswart/server/backup/restore-backup.ts";
import { makeLogger } from "@hauswart/server/operation/log.ts";
import { parseSettings, SettingsError } from "@hauswart/server/settings.ts";
import { findInstalledService, readServiceSettings, serviceName } from "./installed-service.ts";
import { handOver, writtenFolders } from "./service-folders.ts";

const say = (text: string) => process.stderr.write(`${text}\n`);
const usage = "npm run restore -- --from FILE --data FOLDER [--passphrase-file FILE]";

try {
  const { values } = parseArgs({ options: { from: { type: "string" }, data: { type: "string" }, "passphrase-file": { type: "string" } } });
  if (values.from === undefined || values.data === undefined) throw new Error(usage);
  const dataDirectory = resolve(values.data);
  // As root it is for the service, which may not be installed yet.
  const isRoot = process.getuid?.() === 0;
  const service = isRoot ? findInstalledService() : undefined;
  const serviceSettings = isRoot ? readServiceSettings() : undefined;
  const account = service && findAccount(service.user);
  // The certificate need not be there yet, so that files are not looked at.
  const settings = parseSettings({ ...serviceSettings, ...process.env, HAUSWART_DATA: dataDirectory });
  const given = values["passphrase-file"];
  const passphraseFile = given === undefined ? settings.backup?.passphraseFile : resolve(given);
  const started = performance.now();
  const { madeAt, devices, rows } = await restoreBackup({
    file: resolve(values.from),
    passphrase: passphraseFile === undefined ? undefined : readPassphrase(passphraseFile),
    dataDirectory,
    databaseUrl: settings.databaseUrl,
    postgresUser: account?.name ?? settings.postgresUser,
    log: makeLogger({ level: "warn", format: "lines" }),
    progress: say,
  });
  if (account !== undefined) for (const folder of writtenFolders(settings).data) handOver(folder, account);
  say(
    `Restored: the server as it was at ${madeAt}, ${devices} devices, ${rows} rows, in ${Math.round((performance.now() - started) / 1_000)} s.`,
  );
  if (settings.masterKeyFile !== undefined)
    say(
      `HAUSWART_MASTER_KEY_FILE names ${settings.masterKeyFile}; the key of the backup lies in ${dataDirectory}/secrets/master.key. Move it there, readable for the server's user, or unset the setting.`,
    );
  say("People sign in again. What agents measured after the backup and had already sent is missing and shown as unknown.");
  say("Make sure that the old server does not run any more, then start this one:");
  if (service && parseSettings({ HAUSWART_DATA: service.data, ...serviceSettings }).dataDirectory === dataDirectory)
    say(`  sudo systemctl start ${serviceName}`);
  else if (isRoot) say(`  as a service:  sudo npm run install-service -- --install --data ${dataDirectory}`);
  if (service === undefined) say(`  in a terminal: HAUSWART_DATA=${dataDirectory} npm start`);
} catch (error) {
  if (error instanceof SettingsError) say(error.problems.join("\n"));
  else say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
process.exit(0);

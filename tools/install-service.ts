/**
 * `npm run install-service` prints the systemd unit of the server; with `-- --install`, as root, it makes the system user, builds what
 * is stale, gives the server its folders, installs the unit and starts it. Run again, it keeps what was chosen before.
 * Options: --data FOLDER (first /var/lib/hauswart; HAUSWART_DATA in the settings goes before it), --user NAME (first hauswart).
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Account, findAccount } from "@hauswart/server/database/embedded/account.ts";
import { hasCluster } from "@hauswart/server/database/embedded/find-running.ts";
import { loadSettings, type Settings, SettingsError } from "@hauswart/server/settings.ts";
import { buildAgent } from "./build-agent.ts";
import { buildConsole } from "./build-console.ts";
import { findInstalledService, readServiceSettings, serviceName, servicePaths } from "./installed-service.ts";
import {
  handOver,
  hasForeignOwner,
  isAllowed,
  provideFolder,
  readFiles,
  requireReadable,
  requireServerFolder,
  runSystem,
  writtenFolders,
} from "./service-folders.ts";
import { renderUnit } from "./service-unit.ts";
import { projectRoot } from "./sources.ts";

const say = (text: string) => process.stderr.write(`${text}\n`);
const firstOwner = "owner@localhost";

interface Installation {
  readonly user: string;
  readonly settings: Settings;
  readonly unit: string;
}

/** What the service is to be: as asked for, else as it is already, else as usual. @throws SettingsError */
function plan(asked: { data: string | undefined; user: string | undefined }): Installation {
  const installed = findInstalledService();
  const user = asked.user ?? installed?.user ?? "hauswart";
  const wanted = asked.data === undefined ? undefined : resolve(asked.data);
  // As systemd puts it together: a setting goes before what the unit says.
  const settings = loadSettings({ HAUSWART_DATA: wanted ?? installed?.data ?? "/var/lib/hauswart", ...readServiceSettings() });
  const data = settings.dataDirectory;
  if (wanted !== undefined && wanted !== data)
    throw new SettingsError([`--data names ${wanted}, and HAUSWART_DATA in ${servicePaths.settings} names ${data}. Change one of them.`]);
  const folders = writtenFolders(settings);
  const unit = renderUnit({
    program: resolve(projectRoot),
    bun: join(resolve(projectRoot), "node_modules/bun/bin/bun.exe"),
    data,
    writable: [...folders.data.slice(1), ...folders.filled, ...folders.key],
    user,
  });
  return { user, settings, unit };
}

function provideUser(name: string): Account {
  if (findAccount(name) === undefined) runSystem("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name);
  const account = findAccount(name);
  if (account === undefined) throw new Error(`The system user ${name} cannot be found.`);
  return account;
}

/**
 * A file for settings, if there is none, with the first owner in it: a service has nobody to whom it could show a password. A database that
 * is there already has its owners. @returns the password, when it was made.
 */
function provideSettings({ dataDirectory }: Settings): string | undefined {
  if (existsSync(servicePaths.settings) || hasCluster(dataDirectory)) return undefined;
  mkdirSync(dirname(servicePaths.settings), { recursive: true, mode: 0o755 });
  const password = randomBytes(12).toString("base64url");
  writeFileSync(servicePaths.settings, `HAUSWART_ADMIN_EMAIL=${firstOwner}\nHAUSWART_ADMIN_PASSWORD=${password}\n`, { mode: 0o600 });
  return password;
}

/** What the server writes to is its own afterwards, whoever made it: a restore, a copy from the old computer, a trial as root. */
function provideFolders(settings: Settings, account: Account): void {
  const { data, filled, key } = writtenFolders(settings);
  for (const folder of data) {
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    if (!hasForeignOwner(folder, account)) continue;
    // Nothing runs on it while it changes hands.
    if (findInstalledService() !== undefined) runSystem("systemctl", "stop", serviceName);
    handOver(folder, account);
  }
  const isKeyThere = settings.masterKeyFile !== undefined && existsSync(settings.masterKeyFile);
  for (const folder of [...filled, ...(isKeyThere ? [] : key)]) provideFolder(folder, account);
}

async function install({ user, settings, unit }: Installation): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error("Installing a service needs root: sudo npm run install-service -- --install");
  const account = provideUser(user);
  if (!isAllowed(account, "-r", join(projectRoot, "package.json")))
    throw new Error(`The user ${user} cannot read ${projectRoot}. Put Hauswart where it can, for example into /opt/hauswart.`);
  requireReadable(readFiles(settings), account);
  for (const folder of writtenFolders(settings).data)
    if (existsSync(folder) && hasForeignOwner(folder, account)) requireServerFolder(folder);
  say("Building what has changed");
  await buildConsole();
  await buildAgent();
  const password = provideSettings(settings);
  provideFolders(settings, account);
  writeFileSync(servicePaths.unit, unit, { mode: 0o644 });
  runSystem("systemctl", "daemon-reload");
  runSystem("systemctl", "enable", serviceName);
  runSystem("systemctl", "restart", serviceName);
  say(`Installed ${servicePaths.unit} and started it on ${settings.dataDirectory}. Settings belong into ${servicePaths.settings}.`);
  if (password !== undefined)
    say(`Sign in as ${firstOwner} with ${password}, change it, and delete both HAUSWART_ADMIN lines from ${servicePaths.settings}.`);
}

try {
  const { values } = parseArgs({ options: { install: { type: "boolean" }, data: { type: "string" }, user: { type: "string" } } });
  const planned = plan({ data: values.data, user: values.user });
  if (values.install) await install(planned);
  else process.stdout.write(planned.unit);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
process.exit(0);

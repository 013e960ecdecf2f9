/**
 * `npm run install-service` prints the systemd unit of the server; with `-- --install`, as root, it makes the system user, builds what
 * is stale, installs the unit and starts it. Options: --data FOLDER (default /var/lib/hauswart), --user NAME (default hauswart).
 */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadSettings } from "@hauswart/server/settings.ts";
import { buildAgent } from "./build-agent.ts";
import { buildConsole } from "./build-console.ts";
import { renderUnit } from "./service-unit.ts";
import { projectRoot } from "./sources.ts";

const say = (text: string) => process.stderr.write(`${text}\n`);
const settingsPath = "/etc/hauswart/hauswart.env";
const firstOwner = "owner@localhost";
const unitPath = "/etc/systemd/system/hauswart.service";

/** @throws with the program's own words */
function run(...[file, ...words]: [string, ...string[]]): string {
  const { status, stdout, stderr, error } = spawnSync(file, words, { encoding: "utf8", timeout: 60_000 });
  if (status !== 0) throw new Error(`${file} ${words.join(" ")} failed: ${error?.message ?? stderr.trim()}`);
  return stdout.trim();
}

function provideUser(name: string): { uid: number; gid: number } {
  if (spawnSync("id", ["-u", "--", name]).status !== 0)
    run("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name);
  return { uid: Number(run("id", "-u", "--", name)), gid: Number(run("id", "-g", "--", name)) };
}

/** A file for settings, if there is none, with the first owner in it: a service has nobody to whom it could show a password. @returns the password, when it was made. */
function provideSettings(): string | undefined {
  if (existsSync(settingsPath)) return undefined;
  mkdirSync(dirname(settingsPath), { recursive: true, mode: 0o755 });
  const password = randomBytes(12).toString("base64url");
  writeFileSync(settingsPath, `HAUSWART_ADMIN_EMAIL=${firstOwner}\nHAUSWART_ADMIN_PASSWORD=${password}\n`, { mode: 0o600 });
  return password;
}

async function install(unit: string, user: string, data: string, writable: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error("Installing a service needs root: sudo npm run install-service -- --install");
  const { uid, gid } = provideUser(user);
  if (spawnSync("/bin/sh", ["-c", 'test -r "$0/package.json"', projectRoot], { uid, gid, cwd: "/" }).status !== 0)
    throw new Error(`The user ${user} cannot read ${projectRoot}. Put Hauswart where it can, for example into /opt/hauswart.`);
  say("Building what has changed");
  await buildConsole();
  await buildAgent();
  for (const folder of [data, ...writable]) {
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    chownSync(folder, uid, gid);
  }
  const password = provideSettings();
  writeFileSync(unitPath, unit, { mode: 0o644 });
  run("systemctl", "daemon-reload");
  run("systemctl", "enable", "hauswart");
  run("systemctl", "restart", "hauswart");
  say(`Installed ${unitPath} and started it. Settings belong into ${settingsPath}.`);
  if (password !== undefined)
    say(`Sign in as ${firstOwner} with ${password}, change it, and delete both HAUSWART_ADMIN lines from ${settingsPath}.`);
}

try {
  const { values } = parseArgs({
    options: {
      install: { type: "boolean" },
      data: { type: "string", default: "/var/lib/hauswart" },
      user: { type: "string", default: "hauswart" },
    },
  });
  const data = resolve(values.data);
  const directory = loadSettings().backup?.directory;
  const writable = directory === undefined ? [] : [directory];
  const unit = renderUnit({
    program: resolve(projectRoot),
    bun: join(resolve(projectRoot), "node_modules/bun/bin/bun.exe"),
    data,
    writable,
    user: values.user,
  });
  if (values.install) await install(unit, values.user, data, writable);
  else process.stdout.write(unit);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
process.exit(0);

/**
 * The door to all commands: `npm start`, `npm test` … Plain Node without dependencies, because it runs in a fresh clone. It
 * installs what is missing, makes sure that the right Bun is there, builds the registries, and hands over to
 * tools/COMMAND.ts on Bun.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildRegistries } from "./registry.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bun = join(root, "node_modules/bun/bin/bun.exe");
const leastNode = 20;

/** What the person who waits is told; on standard error, so that a command's output stays its own. */
const say = (text) => process.stderr.write(`${text}\n`);

class Refusal extends Error {}

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** A command is a file in this folder that Bun can run. */
function commandFile(command) {
  const path = join(root, "tools", `${command}.ts`);
  if (/^[a-z][a-z-]*$/.test(command ?? "") && existsSync(path)) return path;
  const commands = Object.entries(readJson(join(root, "package.json")).scripts).map(
    ([name, script]) => `npm run ${name.padEnd(12)} ${script}`,
  );
  throw new Refusal(`There is no command ${command ?? "named"}. There are:\n  ${commands.join("\n  ")}`);
}

/**
 * Whether everything in the lock file is installed in its version. npm keeps its own account of what it installed;
 * parts for other systems are missing from it and marked as optional.
 */
function isInstalled() {
  const account = join(root, "node_modules/.package-lock.json");
  if (!existsSync(account)) return false;
  const installed = readJson(account).packages;
  const wanted = Object.entries(readJson(join(root, "package-lock.json")).packages);
  return wanted.every(([path, { version, optional, link, resolved }]) => {
    if (!path.startsWith("node_modules/")) return true;
    const there = installed[path];
    if (there === undefined) return optional === true;
    return there.version === version && (link !== true || there.resolved === resolved);
  });
}

function install() {
  say("Installing the parts that Hauswart is made of (once, about a minute)");
  // The npm that runs us, if it does; else the one on the path.
  const npm = /npm-cli\.c?js$/.test(process.env.npm_execpath ?? "") ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const options = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  const { status, error } = spawnSync(npm[0], [...npm.slice(1), ...options], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Refusal(`npm ci failed${error ? ` (${error.message})` : ""}. What it said stands above.`);
}

/** Links Bun's program where install scripts were off, and refuses another version. */
function provideBun() {
  const wanted = readJson(join(root, "package.json")).dependencies.bun;
  if (bunVersion() === wanted) return;
  say("Setting up Bun");
  spawnSync(process.execPath, [join(root, "node_modules/bun/install.js")], {
    cwd: join(root, "node_modules/bun"),
    stdio: ["ignore", 2, 2],
  });
  const found = bunVersion();
  if (found === wanted) return;
  const parts = existsSync(join(root, "node_modules/@oven")) ? readdirSync(join(root, "node_modules/@oven")).join(", ") : "none";
  throw new Refusal(
    `Bun ${wanted} does not run here (found: ${found ?? "nothing that runs"}; platform parts: ${parts}). Delete node_modules and try again; Hauswart needs Linux or macOS on x64 or arm64.`,
  );
}

function bunVersion() {
  const { status, stdout } = spawnSync(bun, ["--version"], { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * Runs the command and ends as it ends. Signals are passed on; Ctrl+C in a terminal reaches the command by itself, because
 * it belongs to the same group.
 */
function handOver(file, words) {
  const child = spawn(bun, [file, ...words], { stdio: "inherit", cwd: process.cwd(), env: process.env });
  const isTerminal = process.stdin.isTTY === true;
  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"]) {
    process.on(signal, () => {
      if (!(signal === "SIGINT" && isTerminal)) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    say(`Bun cannot be run: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]));
}

try {
  const nodeVersion = Number(process.versions.node.split(".")[0]);
  if (nodeVersion < leastNode) throw new Refusal(`Hauswart needs Node.js ${leastNode} or later; this is ${process.version}.`);
  const [command, ...words] = process.argv.slice(2);
  const file = commandFile(command);
  if (!isInstalled()) install();
  provideBun();
  buildRegistries();
  handOver(file, words);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  say(error.message);
  process.exit(1);
}

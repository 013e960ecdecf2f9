/** One run of PostgreSQL: started by us, or found running and taken over. */
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Account } from "./account.ts";
import { EmbeddedPostgresError } from "./error.ts";
import type { Program } from "./program.ts";

export interface Postmaster {
  readonly pid: number;
  /** Settled when the process is gone; says how. */
  readonly gone: Promise<string>;
  /** Asks it to end: open transactions are broken off, everything committed is on disk. Settled when it is gone. */
  stop(): Promise<void>;
}

/** How often a process that is not our child is looked at. */
const watchIntervalMs = 250;

/** How long an orderly end may take (it writes a checkpoint) before it is made to end; recovery then does the rest. */
const orderlyEndMs = 60_000;

/**
 * Starts PostgreSQL in a session of its own, so that Ctrl+C in a terminal reaches the server alone, and with its messages
 * in a file, so that it survives the server's death.
 */
export function startPostmaster(clusterDirectory: string, program: Program, account: Account): Postmaster {
  const messages = openSync(messagesPath(clusterDirectory), "w", 0o600);
  try {
    const child = spawn(join(program.directory, "bin", "postgres"), ["-D", clusterDirectory], {
      ...account.spawnOptions,
      cwd: "/",
      env: { LC_ALL: "C", PATH: "/usr/bin:/bin" },
      detached: true,
      stdio: ["ignore", messages, messages],
    });
    const gone = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(signal === null ? `ended with code ${code}` : `killed by ${signal}`));
    });
    child.unref();
    if (child.pid === undefined) throw new EmbeddedPostgresError(`PostgreSQL cannot be started from ${program.directory}`);
    return { pid: child.pid, gone, stop: () => endProcess(child.pid as number, gone) };
  } finally {
    closeSync(messages);
  }
}

/**
 * What this postmaster said while it started: first into the file that we gave it, then into its own log (the last lines of
 * today's, told apart by its process id).
 */
export function startMessages(clusterDirectory: string, { pid }: Postmaster): string {
  const ownLog = /^stderr (.+)$/m.exec(readIfThere(join(clusterDirectory, "current_logfiles")))?.[1];
  const logged = ownLog === undefined ? "" : readIfThere(resolve(clusterDirectory, ownLog)).slice(-100_000);
  const lines = [
    ...readIfThere(messagesPath(clusterDirectory)).split("\n"),
    ...logged.split("\n").filter((line) => line.includes(`[${pid}]`)),
  ];
  return lines
    .filter((line) => line !== "")
    .slice(-8)
    .join("\n");
}

/**
 * A postmaster that runs on this cluster already, left behind by a server that was killed. A pid file that names a dead
 * process, or one that is something else by now, is removed.
 */
export function findPostmaster(clusterDirectory: string): Postmaster | undefined {
  const path = join(clusterDirectory, "postmaster.pid");
  if (!existsSync(path)) return undefined;
  const pid = Number(readFileSync(path, "utf8").split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !runsOn(pid, clusterDirectory)) {
    rmSync(path, { force: true });
    return undefined;
  }
  const gone = whenGone(pid, clusterDirectory);
  return { pid, gone, stop: () => endProcess(pid, gone) };
}

/** The postgres program that the running postmaster was started from; undefined when unknown. */
export function programOfRunning(clusterDirectory: string): string | undefined {
  const path = join(clusterDirectory, "postmaster.opts");
  return existsSync(path) ? readFileSync(path, "utf8").split(" ")[0] : undefined;
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function messagesPath(clusterDirectory: string): string {
  return join(dirname(clusterDirectory), "postgresql-start.log");
}

/**
 * Whether the process is alive and is a postmaster of this cluster: its working directory, or else its command line, says so. A no in error
 * would start a second one on the same files.
 */
function runsOn(pid: number, clusterDirectory: string): boolean {
  if (!isAlive(pid)) return false;
  try {
    return realpathSync(readlinkSync(`/proc/${pid}/cwd`)) === realpathSync(clusterDirectory);
  } catch (error) {
    // The service's processes have a capability more than a command of the same user, which is why their folder is not told to it.
    if ((error as NodeJS.ErrnoException).code === "EACCES") return wasStartedOn(pid, clusterDirectory);
    // A dying process has no working directory any more; a system without /proc never tells.
    if (existsSync(`/proc/${process.pid}`)) return false;
  }
  const { stdout } = spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8", timeout: 10_000 });
  return stdout.includes(`-D ${clusterDirectory}`);
}

function wasStartedOn(pid: number, clusterDirectory: string): boolean {
  const words = readIfThere(`/proc/${pid}/cmdline`).split("\0");
  return words[words.indexOf("-D") + 1] === clusterDirectory;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function whenGone(pid: number, clusterDirectory: string): Promise<string> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (runsOn(pid, clusterDirectory)) return;
      clearInterval(timer);
      resolve("ended; it was started by an earlier run of the server");
    }, watchIntervalMs);
    timer.unref();
  });
}

async function endProcess(pid: number, gone: Promise<string>): Promise<void> {
  // SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one.
  if (!signal(pid, "SIGINT")) return;
  const keepAlive = setInterval(() => undefined, 1000);
  const force = setTimeout(() => signal(pid, "SIGQUIT"), orderlyEndMs);
  await gone;
  clearTimeout(force);
  clearInterval(keepAlive);
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/** Whether a file was changed after another one: an update has replaced the program under a running postmaster. */
export function isNewerThan(path: string, other: string): boolean {
  return statSync(path).mtimeMs > statSync(other).mtimeMs;
}

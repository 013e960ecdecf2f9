/**
 * The executable's entry: the loader. Chooses the application, checks it, watches over it, and takes the one of before when it fails.
 * Small and seldom changed: an executable that was installed two years ago loads what is released today.
 */
import sandboxFile from "../../../../node_modules/quickjs-wasi/quickjs.wasm" with { type: "file" };
import { canCallNatively, continueFrugally, environmentForNativeCalls } from "../os/frugal-runtime.ts";
import { haveServiceStarted } from "../os/windows/start-later.ts";
import { followServiceWatchdog, openWatchdogLine } from "../os/linux/watchdog.linux.ts";
import { agentVersion } from "../version.ts";
import { folderOfUpdates } from "./folder.ts";
import { programAt, removeLeftovers, restoreExecutable } from "./executable.ts";
import { chooseForCommand, chooseForRun, type Choice, type LoaderNeeds } from "./loader.ts";
import { startAgainCode, type LoaderHost } from "./loader-host.ts";
import { entryName, unpack } from "./pack.ts";
import { releaseKeys } from "./release-keys.ts";
import { endedFile, noteRunBegins, noteRunEnds, type EndedRun } from "./run-note.ts";
import { bundleName, checkSlot, loaderVersion, moduleFolder } from "./slots.ts";
import { endTrial, readState, secondsLeft, uncountStart, writeState, type Trial } from "./state.ts";
import { takeBack } from "./take-back.ts";
import { updateFiles } from "./update-files.ts";

/** Set when the executable is built. */
declare const HAUSWART_AGENT_TARGET: string;

/** A main loop that does not answer for so long has the process ended. */
const usualLimitSeconds = 120;

type Application = { runApplication(argumentList: readonly string[], loader: LoaderHost): Promise<number> };

const argumentList = process.argv.slice(2);
const isRun = argumentList[0] === "run";
if (isRun) await continueFrugally(() => openWatchdogLine(process.env)); // first, because the process may begin anew

const folder = folderOfUpdates(argumentList, process.env);
const files = updateFiles(folder);
const needs: LoaderNeeds = {
  files,
  keys: releaseKeys,
  system: process.platform,
  loader: loaderVersion,
  runtime: Bun.version,
  builtIn: agentVersion,
  now: Date.now,
  complain: (text) => console.error(text),
  restoreExecutable: putBack,
};

/** The executable of before; what the service manager has to know of it is loaded only here. */
async function putBack(sha256: string | undefined): Promise<boolean> {
  const { thisSystem } = await import("../os/system.ts");
  const service = await (await thisSystem()).loadService?.();
  return restoreExecutable(programAt(process.execPath, service?.runFrom), sha256);
}

/** In place of this process where that is possible, so that nobody waits; elsewhere whoever started it does it. */
function startAgain(environment: Record<string, string | undefined> = process.env): never {
  if (isRun) tried(() => noteRunEnds(files));
  // Windows has it as well, and there it throws.
  if (process.execve && process.platform !== "win32") process.execve(process.execPath, [process.execPath, ...argumentList], environment);
  tried(() => haveServiceStarted(argumentList));
  process.exit(startAgainCode);
}

/** Once in the life of a process: a release that is tried has not failed for it. */
function startWithNativeCalls(): never {
  tried(() => {
    const state = readState(files);
    if (state.trial && !canCallNatively()) writeState(files, uncountStart(state, process.uptime()));
  });
  return startAgain(environmentForNativeCalls(process.env));
}

/** A disk that takes nothing must not keep the agent from starting. */
function tried<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    console.error(`The folder ${folder} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function choose(): Promise<Choice> {
  const preflight = process.env["HAUSWART_AGENT_PREFLIGHT"];
  try {
    if (!isRun && (preflight === "a" || preflight === "b")) {
      await checkSlot(needs, preflight);
      return { running: preflight, trial: undefined };
    }
    return await (isRun ? chooseForRun(needs) : chooseForCommand(needs));
  } catch (error) {
    console.error(`The application within the executable is taken: ${error instanceof Error ? error.message : String(error)}`);
    return { running: "built-in", trial: undefined };
  }
}

let isEndOrdered = false;

/** What becomes of a trial when its process ends, however it ends short of being killed. */
function followTrial(trial: Trial): void {
  process.on("exit", (exitCode) => {
    tried(() => {
      const before = readState(files);
      const after = endTrial(before, trial, { exitCode, isOrdered: isEndOrdered, seconds: process.uptime(), atMs: Date.now() });
      const isTakenBack = before.trial !== undefined && after.trial === undefined;
      if (exitCode === 0 || exitCode === startAgainCode || isTakenBack) noteRunEnds(files);
      if (!isEndOrdered && before.trial?.version === trial.version) haveServiceStarted(argumentList);
      if (after !== before) writeState(files, after);
    });
  });
}

/** By the service manager where it does that, else by a thread of its own. */
async function beWatched(): Promise<void> {
  const limit = Number(process.env["HAUSWART_AGENT_WATCHDOG_SECONDS"] ?? usualLimitSeconds);
  if (!(limit > 0) || followServiceWatchdog(process.env)) return;
  const { startWatchdog } = await import("./watchdog.ts");
  startWatchdog(files.path(endedFile), limit);
}

function noteOrderlyEnd(exitCode: number): void {
  if (exitCode === 0 || exitCode === startAgainCode) tried(() => noteRunEnds(files));
}

async function giveUp(): Promise<void> {
  const reason = { code: "NO_LINK", detail: "It did not come to terms with its server.", atMs: Date.now() };
  const taken = await takeBack(readState(files), putBack, reason).catch((error: unknown) => console.error(String(error)));
  const isWritten = taken && tried(() => (writeState(files, taken.state), true));
  if (isWritten) startAgain();
}

/** The application counts its time itself; one that does not even do that is ended here. */
function watchTrial(trial: Trial): void {
  const timer = setTimeout(() => void giveUp(), secondsLeft(trial) * 1_500);
  timer.unref();
}

/** A disk that takes nothing must not end a confirmed application for good: the one within the executable runs meanwhile. */
async function load({ running, trial }: Choice): Promise<Application> {
  if (running === "built-in") return import("../main.ts");
  try {
    unpack(files, bundleName(running), moduleFolder(running));
    return (await import(files.path(`${moduleFolder(running)}/${entryName}`))) as Application;
  } catch (error) {
    if (trial || !isRun) throw error;
    console.error(`The application within the executable is taken: ${error instanceof Error ? error.message : String(error)}`);
    return import("../main.ts");
  }
}

const choice = await choose();
if (choice.startAgain) startAgain();
let ended: EndedRun | undefined;
if (isRun) {
  if (choice.trial) {
    followTrial(choice.trial);
    watchTrial(choice.trial);
  } else tried(() => removeLeftovers(process.execPath));
  ended = tried(() => noteRunBegins(files, Date.now()));
  if (!choice.trial) process.on("exit", noteOrderlyEnd);
  await beWatched();
}

const host: LoaderHost = {
  loader: loaderVersion,
  target: HAUSWART_AGENT_TARGET,
  updateFolder: folder,
  running: choice.running,
  trial: choice.trial,
  ended,
  assets: { "quickjs.wasm": sandboxFile },
  endOrdered: () => void (isEndOrdered = true),
  startAgain,
  ...(canCallNatively() ? {} : { startWithNativeCalls }),
};

try {
  process.exitCode = await (await load(choice)).runApplication(argumentList, host);
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}

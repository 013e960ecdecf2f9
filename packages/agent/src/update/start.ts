/**
 * The executable's entry: the loader. Chooses the application, checks it, watches over it, and takes the one of before when it fails.
 * Small and seldom changed: an executable that was installed two years ago loads what is released today.
 */
import sandboxFile from "../../../../node_modules/quickjs-wasi/quickjs.wasm" with { type: "file" };
import { canCallNatively, continueFrugally, environmentForNativeCalls } from "../os/frugal-runtime.ts";
import { followServiceWatchdog, openWatchdogLine } from "../os/linux/watchdog.linux.ts";
import { agentVersion } from "../version.ts";
import { folderOfUpdates } from "./folder.ts";
import { removeLeftovers, restoreExecutable } from "./executable.ts";
import { chooseForCommand, chooseForRun, type Choice, type LoaderNeeds } from "./loader.ts";
import { startAgainCode, type LoaderHost } from "./loader-host.ts";
import { entryName, unpack } from "./pack.ts";
import { releaseKeys } from "./release-keys.ts";
import { endedFile, noteRunBegins, noteRunEnds, type EndedRun } from "./run-note.ts";
import { bundleName, checkSlot, loaderVersion, moduleFolder } from "./slots.ts";
import { readState, rollBack, uncountStart, writeState } from "./state.ts";
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
  runtime: Bun.version,
  builtIn: agentVersion,
  now: Date.now,
  complain: (text) => console.error(text),
  restoreExecutable: (previous) => restoreExecutable(process.execPath, previous),
};

/** In place of this process where that is possible, so that nobody waits; elsewhere whoever started it does it. */
function startAgain(environment: Record<string, string | undefined> = process.env): never {
  if (isRun) tried(() => noteRunEnds(files));
  if (process.execve) process.execve(process.execPath, [process.execPath, ...argumentList], environment);
  process.exit(startAgainCode);
}

/** Once in the life of a process: a release that is tried has not failed for it. */
function startWithNativeCalls(): never {
  tried(() => {
    const state = readState(files);
    if (state.trial && !canCallNatively()) writeState(files, uncountStart(state));
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

/** What happens when the process ends, however it ends short of being killed. */
function followTrial(): void {
  process.on("exit", (code) => {
    tried(() => {
      const state = readState(files);
      if (code === 0 || code === startAgainCode) {
        noteRunEnds(files);
        if (state.trial) writeState(files, uncountStart(state));
      } else if (state.trial && state.trial.slot !== "executable") {
        noteRunEnds(files);
        writeState(files, rollBack(state, "CRASHED", `It ended with code ${code}.`, Date.now()));
      }
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

/** The application counts its time itself; one that does not even do that is ended here. */
function watchTrial(confirmSeconds: number): void {
  const timer = setTimeout(() => {
    const isOver = tried(() => {
      const state = readState(files);
      if (!state.trial) return false;
      if (state.trial.previousExecutable) restoreExecutable(process.execPath, state.trial.previousExecutable);
      writeState(files, rollBack(state, "NO_LINK", "It did not come to terms with its server.", Date.now()));
      return true;
    });
    if (isOver) startAgain();
  }, confirmSeconds * 1_500);
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
    followTrial();
    watchTrial(choice.trial.confirmSeconds);
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
  startAgain,
  ...(canCallNatively() ? {} : { startWithNativeCalls }),
};

try {
  process.exitCode = await (await load(choice)).runApplication(argumentList, host);
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}

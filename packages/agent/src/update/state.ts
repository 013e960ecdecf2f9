/**
 * Which application this computer runs, and which one it tries: `state.json` of the folder `update`. Written by the loader and by the
 * application, which may be two years apart, so what one of them does not know it leaves as it is.
 *
 * ```
 * current ──begin──▶ trial ──welcome of the server──▶ current
 *    ▲                 │
 *    └──── roll back ──┘   crash, hang, no welcome in time, too many starts
 * ```
 */
import type { KeyStatement } from "@hauswart/protocol/release/key-chain.ts";
import type { UpdateFiles } from "./update-files.ts";

export const stateFileName = "state.json";
/** So often a trial may be begun: once, and once more because the power may have been cut. */
const mostTrialStarts = 2;

/** A bundle on the disk. */
export type Slot = "a" | "b";
/** `built-in`: the application within the executable. */
export type Running = Slot | "built-in";
/** `executable`: the program itself was replaced, and runs its own application. */
export type TrialSlot = Slot | "executable";

export interface Trial {
  readonly slot: TrialSlot;
  readonly version: string;
  readonly starts: number;
  readonly confirmSeconds: number;
  /** So long it has run before, in processes that were told to end; left out while there were none. */
  readonly spentSeconds?: number;
  /** Of an executable: what is put back when it fails. */
  readonly previousExecutable?: string;
  /** Its SHA-256, so that nothing else is put back. */
  readonly previousSha256?: string;
  /** Which release keys have followed those of the build; kept once this is confirmed. */
  readonly keys?: readonly KeyStatement[];
}

/** How an update ended. */
export interface UpdateResult {
  readonly version: string;
  readonly outcome: "confirmed" | "rolled-back" | "failed";
  /** Of docs/agent-updates.md; empty when it was confirmed. */
  readonly code: string;
  /** For a person; empty when there is no more to say. */
  readonly detail: string;
  readonly atMs: number;
}

export interface UpdateState {
  readonly current: Running;
  /** The newest version that was ever confirmed here; older ones are refused. */
  readonly newest?: string;
  readonly trial?: Trial;
  readonly last?: UpdateResult;
  /** Which release keys have followed those of the build, as of what was confirmed last. Checked whenever it is read: keys that were followed are not believed again. */
  readonly keys?: readonly KeyStatement[];
}

const detailLimit = 300;

/** What holds when nothing is written, or nothing that can be read: the application within the executable. */
export const firstState: UpdateState = { current: "built-in" };

export function readState(files: UpdateFiles): UpdateState {
  try {
    const bytes = files.read(stateFileName);
    return bytes ? parseState(Buffer.from(bytes).toString()) : firstState;
  } catch {
    return firstState;
  }
}

export function writeState(files: UpdateFiles, state: UpdateState): void {
  files.replace(stateFileName, JSON.stringify(state));
}

/** Understands the file's text; what it does not know is kept. */
export function parseState(text: string): UpdateState {
  const raw: unknown = JSON.parse(text);
  if (typeof raw !== "object" || raw === null) return firstState;
  const { current, newest, trial, last, ...others } = raw as Record<string, unknown>;
  return {
    ...others,
    current: current === "a" || current === "b" ? current : "built-in",
    ...(typeof newest === "string" ? { newest } : {}),
    ...(isTrial(trial) ? { trial } : {}),
    ...(isResult(last) ? { last } : {}),
  };
}

function isTrial(value: unknown): value is Trial {
  if (typeof value !== "object" || value === null) return false;
  const { slot, version, starts, confirmSeconds, spentSeconds } = value as Record<string, unknown>;
  return (
    ["a", "b", "executable"].includes(slot as string) &&
    typeof version === "string" &&
    Number.isInteger(starts) &&
    Number.isInteger(confirmSeconds) &&
    (spentSeconds === undefined || Number.isFinite(spentSeconds))
  );
}

function isResult(value: unknown): value is UpdateResult {
  if (typeof value !== "object" || value === null) return false;
  const { version, outcome, code, detail, atMs } = value as Record<string, unknown>;
  return [version, outcome, code, detail].every((text) => typeof text === "string") && typeof atMs === "number";
}

/** The slot that nothing runs from. */
export const freeSlot = (state: UpdateState): Slot => (state.current === "a" ? "b" : "a");

/** From the next start on the new one is tried. */
export function beginTrial(state: UpdateState, trial: Omit<Trial, "starts">): UpdateState {
  return { ...state, trial: { ...trial, starts: 0 } };
}

/** The trial is started once more; undefined when it was started often enough. */
export function countStart(state: UpdateState): UpdateState | undefined {
  if (!state.trial || state.trial.starts >= mostTrialStarts) return undefined;
  return { ...state, trial: { ...state.trial, starts: state.trial.starts + 1 } };
}

/** An end that somebody ordered in the middle of a trial is no failure: the start does not count, but the time does. @param seconds that this start has run */
export function uncountStart(state: UpdateState, seconds: number): UpdateState {
  if (!state.trial) return state;
  const { starts, spentSeconds = 0 } = state.trial;
  // A second at least, so that even starts that last no time come to an end.
  return {
    ...state,
    trial: { ...state.trial, starts: Math.max(0, starts - 1), spentSeconds: spentSeconds + Math.max(1, Math.ceil(seconds)) },
  };
}

/** What is left of the time in which the new one has to be welcomed, over all its starts. */
export const secondsLeft = ({ confirmSeconds, spentSeconds = 0 }: Pick<Trial, "confirmSeconds" | "spentSeconds">): number =>
  Math.max(0, confirmSeconds - spentSeconds);

/** How the process of a trial ended. */
export interface TrialEnd {
  readonly exitCode: number;
  /** A signal or the service manager has told it to. */
  readonly isOrdered: boolean;
  /** How long it ran. */
  readonly seconds: number;
  readonly atMs: number;
}

/**
 * What becomes of a trial whose process ends, however it ends short of being killed. One that ends without having been told to is taken
 * back, whatever its exit code: a service that ends by itself watches nothing. A trial that begins after this one is left alone.
 * @param trial the one that this process was
 */
export function endTrial(state: UpdateState, trial: Trial, { exitCode, isOrdered, seconds, atMs }: TrialEnd): UpdateState {
  if (state.trial?.version !== trial.version || state.trial.starts === 0) return state;
  if (isOrdered) return uncountStart(state, seconds);
  // The file of an executable is put back at a start; until then its starts are counted.
  return trial.slot === "executable" ? state : rollBack(state, "CRASHED", `It ended by itself with code ${exitCode}.`, atMs);
}

/** The server has welcomed the new one. */
export function confirmTrial(state: UpdateState, atMs: number): UpdateState {
  if (!state.trial) return state;
  const { trial, ...others } = state;
  return {
    ...others,
    current: trial.slot === "executable" ? "built-in" : trial.slot,
    newest: trial.version,
    ...(trial.keys ? { keys: trial.keys } : {}),
    last: { version: trial.version, outcome: "confirmed", code: "", detail: "", atMs },
  };
}

/** The new one is not tried again; what was confirmed before runs on. */
export function rollBack(state: UpdateState, code: string, detail: string, atMs: number): UpdateState {
  if (!state.trial) return state;
  const { trial, ...others } = state;
  return { ...others, last: { version: trial.version, outcome: "rolled-back", code, detail: detail.slice(0, detailLimit), atMs } };
}

/** An update that never came to a trial. */
export function noteFailure(state: UpdateState, version: string, code: string, detail: string, atMs: number): UpdateState {
  return { ...state, last: { version, outcome: "failed", code, detail: detail.slice(0, detailLimit), atMs } };
}

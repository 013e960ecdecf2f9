/** What the loader hands to the application. The two may be two years apart: fields are only ever added, and `loader` counts them. */
import type { EndedRun } from "./run-note.ts";
import type { Running, Trial } from "./state.ts";

export interface LoaderHost {
  /** Version of this contract that the loader fulfils. */
  readonly loader: number;
  /** What the executable was built for, such as linux-x64-musl. */
  readonly target: string;
  /** Where the folder of updates lies. */
  readonly updateFolder: string;
  readonly running: Running;
  /** Set when this start is a trial that has not been confirmed. */
  readonly trial: Trial | undefined;
  /** How the run before ended when it was not in order. Only for `run`. */
  readonly ended: EndedRun | undefined;
  /** Files that the executable carries besides, by name. */
  readonly assets: Readonly<Record<string, string>>;
  /** Called when somebody has ordered this run to end: only then the end of a trial is no failure. */
  endOrdered?(): void;
  /** Ends this run in order and begins anew: in place where the system can do that, else by ending with `startAgainCode`. */
  startAgain(): never;
  /** Like `startAgain`, with native calls (bun:ffi). Set when this process cannot make them. */
  startWithNativeCalls?(): never;
}

/** The exit code that asks whoever started the agent to start it again. */
export const startAgainCode = 86;

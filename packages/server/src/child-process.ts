/**
 * Keeps a program running: starts it again when it ends, at once at first, then with growing pauses. Any process of Hauswart
 * may die at any moment (crash only); this is who brings it back.
 */
import { spawn, type ChildProcess } from "node:child_process";

export interface KeptProgram {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
  /** Structured messages that the program sends to its parent. */
  onMessage?(message: unknown): void;
  /** Asked when it has ended by itself: a program that is not wanted any more is not started again. Wanted, when left out. */
  isWanted?(): boolean;
  /** Told of every end that was not asked for. */
  onCrash?(description: string): void;
}

export interface Keeper {
  /** Ends the program in an orderly way and waits for it; kills it when it takes longer than `patienceMs`. */
  stop(patienceMs?: number): Promise<void>;
  readonly processId: number | undefined;
  /** Hands a signal on to the program, if it runs. */
  signal(name: NodeJS.Signals): void;
}

const shortestPauseMs = 250;
const longestPauseMs = 15_000;
/** A program that ran this long starts again without a pause. */
const settledMs = 60_000;

/** Starts a program and keeps it running until `stop`. */
export function keepRunning(program: KeptProgram): Keeper {
  let child: ChildProcess | undefined;
  let stopping = false;
  let pauseMs = shortestPauseMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended: Promise<void> = Promise.resolve();

  const start = () => {
    const startedAt = Date.now();
    const [file, ...argumentList] = program.command;
    const started = spawn(file, argumentList, {
      stdio: program.onMessage ? ["ignore", "inherit", "inherit", "ipc"] : ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...program.environment },
      // A Ctrl-C in the terminal reaches this process, which ends its programs in their order.
      detached: true,
    });
    child = started;
    if (program.onMessage) started.on("message", program.onMessage);
    ended = new Promise((resolve) => {
      const finish = (description: string) => {
        child = undefined;
        resolve();
        if (stopping || program.isWanted?.() === false) return;
        program.onCrash?.(description);
        pauseMs = Date.now() - startedAt > settledMs ? shortestPauseMs : Math.min(longestPauseMs, pauseMs * 2);
        timer = setTimeout(start, pauseMs);
      };
      started.once("error", (error) => finish(`${program.name} could not be started: ${error.message}`));
      started.once("exit", (code, signal) => finish(`${program.name} ended by itself (${signal ?? `exit code ${code}`})`));
    });
  };
  start();

  return {
    get processId() {
      return child?.pid;
    },
    signal: (name) => void child?.kill(name),
    async stop(patienceMs = 10_000) {
      stopping = true;
      clearTimeout(timer);
      const running = child;
      if (!running) return;
      running.kill("SIGTERM");
      const killer = setTimeout(() => running.kill("SIGKILL"), patienceMs);
      await ended;
      clearTimeout(killer);
    },
  };
}

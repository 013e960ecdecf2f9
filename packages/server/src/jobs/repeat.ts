/** Chores that run every few seconds, which a job queue is too heavy for. Each process runs them; they lock in the database what must not be done twice. */
import type { Services } from "../services.ts";

export interface Repeated {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
}

export interface Repeating {
  /** What went wrong in the last turn; empty when it went well. */
  problems(): readonly string[];
  /** Takes a turn now; one more where a turn is in hand, which may have looked already. */
  soon(): void;
  /** Waits for the turn in hand. */
  stop(): Promise<void>;
}

/** Runs turn after turn, never two at a time; a failure is logged when it begins, and the next turn comes. */
export function repeat({ log, metrics }: Services, { name, everyMs, run }: Repeated): Repeating {
  const runs = metrics.counter({
    name: "chore_runs_total",
    help: "Runs of the server's chores, by what came of them.",
    labels: ["chore", "outcome"],
  });
  let running: Promise<void> | undefined;
  let isWantedAgain = false;
  let isStopped = false;
  let problem: string | undefined;
  const turn = async () => {
    try {
      await run();
      if (problem !== undefined) log.info("a chore works again", { chore: name });
      problem = undefined;
      runs.add(1, { chore: name, outcome: "ok" });
    } catch (error) {
      if (problem === undefined) log.error("a chore failed; it will be tried again", { chore: name, error });
      problem = `The chore ${name} failed: ${error instanceof Error ? error.message : String(error)}`;
      runs.add(1, { chore: name, outcome: "failed" });
    }
  };
  const turns = async () => {
    do {
      isWantedAgain = false;
      await turn();
    } while (isWantedAgain && !isStopped);
    running = undefined;
  };
  const timer = setInterval(() => void (running ??= turns()), everyMs);
  timer.unref();
  return {
    problems: () => (problem === undefined ? [] : [problem]),
    soon() {
      if (running) isWantedAgain = true;
      else if (!isStopped) running = turns();
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

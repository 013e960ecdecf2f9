/**
 * Who does the work of a replay: a child process of low priority, so that neither samples nor people wait for it. Its memory
 * goes with it. In tests, with checks that no other process knows, this process does it.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { constants, setPriority } from "node:os";
import type { CalendarDefinition } from "@hauswart/calendar/definition.ts";
import { WorkingTime } from "@hauswart/calendar/working-time.ts";
import { undeclaredCalendar } from "../ingest/take-in-sample.ts";
import type { CompiledCheck } from "../ingest/compiled-checks.ts";
import type { CalendarSpan } from "./held-calendars.ts";
import type { QuietTime } from "./quiet-time.ts";
import { replayDevice, type CalendarThen, type DeviceOutcome, type ReplaySpec } from "./replay-device.ts";
import type { StoredInstance } from "./stored-days.ts";

/** Devices whose samples are with the worker at one time. */
export interface ReplayRound {
  readonly check: string;
  readonly spec: ReplaySpec;
  /** By key. */
  readonly calendars: Readonly<Record<string, CalendarDefinition>>;
  /** With the calendars by which each was judged, oldest first; none where the check asks for none. */
  readonly instances: readonly {
    readonly stored: StoredInstance;
    readonly spans: readonly CalendarSpan[];
    readonly quiet: readonly QuietTime[];
  }[];
}

export interface Replayer {
  /** Rejects when the worker has died. */
  replay(round: ReplayRound): Promise<DeviceOutcome[]>;
  /** At once; what is under way is given up. */
  end(): void;
}

export type MakeReplayer = () => Replayer;

const undeclared: CalendarThen = { afterMs: -Infinity, calendar: undeclaredCalendar };

/** Judges a round in the process that calls it. */
export function replayRound(
  checks: ReadonlyMap<string, CompiledCheck>,
  { check, spec, calendars, instances }: ReplayRound,
): DeviceOutcome[] {
  const compiled = checks.get(check);
  if (!compiled) throw new Error(`there is no check ${check}`);
  const workingTimes = new Map(Object.entries(calendars).map(([key, definition]) => [key, new WorkingTime(definition)]));
  return instances.map(({ stored, spans, quiet }) => {
    const [first = undeclared, ...later] = spans.map(({ afterMs, key }) => ({ afterMs, calendar: workingTimes.get(key)! }));
    return replayDevice(compiled, spec, stored, [first, ...later], quiet);
  });
}

export const replayHere =
  (checks: ReadonlyMap<string, CompiledCheck>): MakeReplayer =>
  () => ({
    replay: async (round) => replayRound(checks, round),
    end: () => undefined,
  });

export interface RoundMessage {
  readonly id: number;
  readonly round: ReplayRound;
}

export interface RoundAnswer {
  readonly id: number;
  readonly outcomes?: DeviceOutcome[];
  readonly error?: string;
}

/** @param program with which replay-process.ts is run; the one that runs this process. */
export function replayInChild(program: string = process.execPath): Replayer {
  const child = spawn(program, [new URL("./replay-process.ts", import.meta.url).pathname], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  lowerPriority(child);
  const waiting = new Map<number, { resolve(outcomes: DeviceOutcome[]): void; reject(error: Error): void }>();
  let last = 0;
  let isOver = false;
  const over = (error: Error) => {
    isOver = true;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  child.on("message", (answer: RoundAnswer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.outcomes) asked?.resolve(answer.outcomes);
    else asked?.reject(new Error(answer.error ?? "the replay gave no answer"));
  });
  child.once("error", over);
  child.once("exit", (code, signal) => over(new Error(`the replay's process ended (${signal ?? code})`)));
  return {
    replay: (round) =>
      new Promise((resolve, reject) => {
        if (isOver) return reject(new Error("the replay's process has ended"));
        const id = ++last;
        waiting.set(id, { resolve, reject });
        child.send({ id, round } satisfies RoundMessage);
      }),
    end: () => void child.kill("SIGKILL"),
  };
}

function lowerPriority({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // Where that is not allowed it competes as any other process does.
  }
}

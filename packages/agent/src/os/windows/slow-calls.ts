/**
 * Calls that may block (services starting, event log, devices, WMI, Windows Update) do so in a thread of their own: started when first
 * used, ended when nobody has asked for a while, given up when a call hangs.
 */
import { OsError } from "../os.ts";
import type { SlowAnswer, SlowOperations, SlowRequest } from "./slow-worker.ts";

/** How long a call may take; what Windows Update searches for, it asks a server for. */
const limitMs: Readonly<Partial<Record<keyof SlowOperations, number>>> = { searchUpdates: 20 * 60_000 };
const usualLimitMs = 60_000;
/** A thread that nobody has asked anything for so long is ended: it holds some megabytes. */
const idleMs = 20_000;
/** Threads that hang in Windows cannot be ended. More than these are not risked. */
const hangingLimit = 3;

/** Searching for updates takes minutes, and holds up nothing else. */
const laneOf = (operation: keyof SlowOperations) => (operation === "searchUpdates" ? "updates" : "calls");

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: OsError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

class Lane {
  #worker: Promise<Worker> | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #idle: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;

  async ask<Name extends keyof SlowOperations>(operation: Name, values: Parameters<SlowOperations[Name]>): Promise<never> {
    if (hanging >= hangingLimit) throw new OsError("COLLECT_TIMED_OUT", "Earlier calls of Windows have not come back.");
    clearTimeout(this.#idle);
    const worker = await (this.#worker ??= this.#open());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(operation), limitMs[operation] ?? usualLimitMs);
      this.#waiting.set(id, { resolve, reject, timer });
      worker.postMessage({ id, operation, values } satisfies SlowRequest);
    });
  }

  async #open(): Promise<Worker> {
    const { openSlowWorker, readyId } = await import("./slow-worker.ts");
    const worker = openSlowWorker();
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<SlowAnswer>) => (data.id === readyId ? resolve(worker) : this.#answered(data));
      worker.onerror = ({ message }) => {
        const error = new OsError("COLLECT_UNREADABLE", `The thread for calls of Windows failed: ${message}`);
        reject(error);
        this.#end(error);
      };
    });
  }

  #answered({ id, value, error }: SlowAnswer): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (error) waiting.reject(new OsError(error.code, error.detail));
    else waiting.resolve(value as never);
    if (this.#waiting.size === 0) this.#idle = setTimeout(() => this.#end(undefined), idleMs);
  }

  #giveUp(operation: string): void {
    hanging++;
    const worker = this.#worker;
    this.#end(new OsError("COLLECT_TIMED_OUT", `Windows did not answer in time (${operation}).`));
    void worker?.then(
      (one) => one.addEventListener("close", () => hanging--),
      () => hanging--,
    );
  }

  /** Ends the thread. Who still waits gets the error. */
  #end(error: OsError | undefined): void {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error ?? new OsError("COLLECT_UNREADABLE", "The thread for calls of Windows was ended."));
    }
    this.#waiting.clear();
    void worker?.then(
      (one) => one.terminate(),
      () => {},
    );
  }
}

let hanging = 0;
const lanes = { calls: new Lane(), updates: new Lane() };

/** Calls one of the slow operations. Throws OsError. */
export function slowly<Name extends keyof SlowOperations>(
  operation: Name,
  ...values: Parameters<SlowOperations[Name]>
): Promise<Awaited<ReturnType<SlowOperations[Name]>>> {
  return lanes[laneOf(operation)].ask(operation, values);
}

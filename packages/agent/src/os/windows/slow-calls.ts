/**
 * Calls that may block (services starting, disks, event log, devices, WMI, Windows Update) do so in a thread of their own: started when first
 * used, ended when nobody has asked for a while, given up when a call hangs.
 */
import { OsError } from "../os.ts";
import type { SlowAnswer, SlowOperations, SlowRequest } from "./slow-worker.ts";

/** As much of a worker as is used here. */
export interface SlowThreadWorker {
  onmessage: ((event: MessageEvent<SlowAnswer>) => unknown) | null;
  onerror: ((event: ErrorEvent) => unknown) | null;
  postMessage(request: SlowRequest): void;
  terminate(): void;
  addEventListener(type: "close", ended: () => void): void;
}

export interface SlowThreadOptions {
  readonly open: () => Promise<SlowThreadWorker>;
  /** How long one call may take. */
  readonly limitMs: number;
  /** A thread that nobody has asked anything for so long is ended: it holds some megabytes. */
  readonly idleMs: number;
}

/** Threads that hang in Windows cannot be ended. More than these, of one kind, are not risked. */
const hangingLimit = 2;

/** Carries out one call after the other in a thread. */
export class SlowThread {
  readonly #options: SlowThreadOptions;
  #worker: Promise<SlowThreadWorker> | undefined;
  readonly #hanging = new Set<SlowThreadWorker>();
  /** The last of those who wait, done or not. */
  #last: Promise<unknown> = Promise.resolve();
  #waitingCount = 0;
  #lastId = 0;
  #answer: ((answer: SlowAnswer) => void) | undefined;
  #fail: ((error: OsError) => void) | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SlowThreadOptions) {
    this.#options = options;
  }

  /** Throws OsError. */
  async ask(operation: keyof SlowOperations, values: readonly unknown[]): Promise<unknown> {
    clearTimeout(this.#idle);
    this.#waitingCount++;
    const mine = this.#last.then(() => this.#run(operation, values));
    this.#last = mine.catch(() => {});
    try {
      return await mine;
    } finally {
      if (--this.#waitingCount === 0) this.#idle = setTimeout(() => this.#end(), this.#options.idleMs);
    }
  }

  async #run(operation: keyof SlowOperations, values: readonly unknown[]): Promise<unknown> {
    if (this.#hanging.size >= hangingLimit)
      throw new OsError("COLLECT_TIMED_OUT", "Earlier calls of Windows have not come back.", "does-not-answer: Windows");
    const worker = await (this.#worker ??= this.#open());
    const id = ++this.#lastId;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const { value, error } = await new Promise<SlowAnswer>((resolve, reject) => {
        this.#answer = (answer) => void (answer.id === id && resolve(answer));
        this.#fail = reject;
        timer = setTimeout(() => {
          this.#giveUp(worker);
          reject(
            new OsError("COLLECT_TIMED_OUT", `Windows did not answer in time (${operation}).`, `does-not-answer: Windows, ${operation}`),
          );
        }, this.#options.limitMs);
        worker.postMessage({ id, operation, values });
      });
      if (error) throw new OsError(error.code, error.detail);
      return value;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves when the thread takes requests. */
  async #open(): Promise<SlowThreadWorker> {
    const worker = await this.#options.open();
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.id === 0 ? resolve(worker) : this.#answer?.(data));
      worker.onerror = ({ message }) => {
        // Whoever waited for it has been told; another one works by now.
        if (this.#hanging.has(worker)) return;
        const error = new OsError("COLLECT_UNREADABLE", `The thread for calls of Windows failed: ${message}`);
        this.#end();
        reject(error);
        this.#fail?.(error);
      };
    });
  }

  #giveUp(worker: SlowThreadWorker): void {
    this.#hanging.add(worker);
    worker.addEventListener("close", () => this.#hanging.delete(worker));
    this.#end();
  }

  /** Ends the thread; the next call starts another. */
  #end(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.then(
      (one) => one.terminate(),
      () => {},
    );
  }
}

const open = async () => (await import("./slow-worker.ts")).openSlowWorker() as unknown as SlowThreadWorker;
const idleMs = 20_000;
const usual = new SlowThread({ open, limitMs: 60_000, idleMs });
/** Windows starts one program of a service at a time, and gives each half a minute; one that hangs holds up those behind it alone. */
const serviceControl = new SlowThread({ open, limitMs: 120_000, idleMs: 1_000 });
/** Besides those, so that they hold up nothing else: a search for updates asks a server and takes minutes; a dying disk may never answer, a domain controller that is away does so late. */
const ownThreads: Readonly<Partial<Record<keyof SlowOperations, SlowThread>>> = {
  startService: serviceControl,
  stopService: serviceControl,
  searchUpdates: new SlowThread({ open, limitMs: 20 * 60_000, idleMs }),
  localVolumes: new SlowThread({ open, limitMs: 30_000, idleMs: 1_000 }),
  accountSid: new SlowThread({ open, limitMs: 10_000, idleMs: 1_000 }),
  remoteVolume: new SlowThread({ open, limitMs: 30_000, idleMs: 1_000 }),
};

/** Exported for tests. */
export const threadFor = (operation: keyof SlowOperations): SlowThread => ownThreads[operation] ?? usual;

/** Calls one of the slow operations. Throws OsError. */
export async function slowly<Name extends keyof SlowOperations>(
  operation: Name,
  ...values: Parameters<SlowOperations[Name]>
): Promise<Awaited<ReturnType<SlowOperations[Name]>>> {
  return (await threadFor(operation).ask(operation, values)) as Awaited<ReturnType<SlowOperations[Name]>>;
}

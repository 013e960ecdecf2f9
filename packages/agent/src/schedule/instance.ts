/** One check instance on this computer: its collector, its memory, its watcher. */
import type { FailureDetail } from "@hauswart/protocol/failure-detail.ts";
import type { CheckInstance } from "@hauswart/protocol/wire/messages.ts";
import type { Collector, Memory, Watcher } from "../collector.ts";
import { measure, type Outcome } from "./measure.ts";
import type { SchedulerOptions } from "./scheduler.ts";

/** Bursts of changes within this are one. */
const burstMs = 50;
/** A measurement waits at most this long until its watcher has started. */
const watchLimitMs = 5_000;
/** Changes make an instance measure at most this often. */
const changePauseMs = 1_000;

export class Instance {
  readonly config: CheckInstance;
  readonly memory: Memory;
  /** When it is due next. Unix time in milliseconds. */
  dueMs = 0;
  /** How often a daily measurement that failed was planned again. */
  retries = 0;
  last: { readonly at: number; readonly outcome: string; readonly tookMs: number } | undefined;
  readonly #collector: Collector | undefined;
  readonly #options: SchedulerOptions;
  readonly #changed: () => void;
  #running = false;
  #startedMs = -Infinity;
  #watcher: Promise<Watcher | undefined> | undefined;
  #cancelChange: (() => void) | undefined;
  #isAskedMeanwhile = false;
  #stopped = false;

  /** @param changed called when the instance is to be measured because its subject changed. */
  constructor(
    config: CheckInstance,
    collector: Collector | undefined,
    kept: Record<string, unknown>,
    options: SchedulerOptions,
    changed: () => void,
  ) {
    this.config = config;
    this.#collector = collector;
    this.memory = { values: new Map(), kept };
    this.#options = options;
    this.#changed = changed;
  }

  /** Measures, unless the measurement before has not ended: then it says so. Never throws. */
  async measure(limitMs: number): Promise<{ outcome: Outcome; tookMs: number }> {
    const { clock } = this.#options;
    if (!this.#collector) return { outcome: { failed: "COLLECT_UNSUPPORTED", detail: "unknown-check" satisfies FailureDetail }, tookMs: 0 };
    if (this.#running) return { outcome: { failed: "COLLECT_TIMED_OUT", detail: "previous-running" satisfies FailureDetail }, tookMs: 0 };
    this.#running = true;
    this.#startedMs = clock.monotonic();
    await this.#watch(this.#collector);
    const measured = await measure(this.#collector, this.#context(), this.memory, clock, limitMs);
    void measured.ended.then(() => this.#ended());
    return measured;
  }

  /**
   * Measures once more when the measurement that runs has ended: what that one has read may be older than the wish.
   * @returns false when none runs
   */
  measuresAgain(): boolean {
    this.#isAskedMeanwhile ||= this.#running;
    return this.#running;
  }

  #ended(): void {
    this.#running = false;
    if (!this.#isAskedMeanwhile) return;
    this.#isAskedMeanwhile = false;
    this.#onChange();
  }

  /** Starts what runs between measurements. When that fails, the next measurement tries again; when it hangs, it is not waited for. */
  async #watch(collector: Collector): Promise<void> {
    if (!collector.watch || this.#watcher || this.#stopped) return;
    const { clock, log } = this.#options;
    this.#watcher = (async () => collector.watch!(this.#context(), this.memory, () => this.#onChange()))().then(
      (watcher) => {
        if (this.#stopped) watcher.stop();
        return watcher;
      },
      (error: unknown) => {
        this.#watcher = undefined;
        log.warn("check cannot watch", {
          check: this.config.check,
          instance: this.config.instance,
          detail: error instanceof Error ? error.message : String(error),
        });
        return undefined;
      },
    );
    let cancel = () => {};
    await Promise.race([this.#watcher, new Promise<void>((resolve) => (cancel = clock.after(watchLimitMs, resolve)))]);
    cancel();
  }

  #onChange(): void {
    if (this.#stopped || this.#cancelChange || this.measuresAgain()) return;
    const { clock } = this.#options;
    const delayMs = Math.max(burstMs, this.#startedMs + changePauseMs - clock.monotonic());
    this.#cancelChange = clock.after(delayMs, () => {
      this.#cancelChange = undefined;
      if (!this.measuresAgain()) this.#changed();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelChange?.();
    void this.#watcher?.then((watcher) => watcher?.stop());
  }

  #context() {
    const { system, os, clock } = this.#options;
    return { system, os, selection: this.config.selection as never, instance: this.config.instance, now: clock.now };
  }
}

/**
 * Runs every instance on its own schedule. One timer for all; due instances queue and start one after another, so that
 * nothing spikes, but none waits long for a slow one. An instance never overlaps itself, and one that fails, hangs or throws
 * stops no other.
 */
import type { SystemName } from "@hauswart/protocol/check.ts";
import type { CheckInstance } from "@hauswart/protocol/wire/messages.ts";
import type { Clock } from "../clock.ts";
import type { Collector } from "../collector.ts";
import type { Log } from "../log.ts";
import type { LocalOffset } from "../os/local-offset.ts";
import type { Os } from "../os/os.ts";
import type { KeptStore } from "../state/kept.ts";
import { longestWaitMs, nextDue, previousDaily } from "./due.ts";
import { Instance } from "./instance.ts";
import { measureLimitMs, sampleJson, type Outcome } from "./measure.ts";

export interface SchedulerOptions {
  readonly collectors: readonly Collector[];
  readonly system: SystemName;
  readonly os: Os;
  readonly deviceId: string;
  readonly clock: Clock;
  /** For daily instances. */
  readonly localOffset: LocalOffset;
  readonly log: Log;
  readonly kept: KeptStore;
  /** Takes the samples (JSON) of one tick. */
  deliver(samples: readonly string[]): void;
  readonly limitMs?: number;
}

/** A due instance waits at most this long for the one before it. */
const patienceMs = 250;
/** Samples wait at most this long for others of their tick. */
const gatherMs = 1_000;
/** The clock is looked at that often, so that a clock that was set, or a computer that slept, is noticed. */
const longestSleepMs = 60_000;
/** A daily measurement that failed is tried again after these, and then after the last of them again and again. */
const retryMs = [15, 30, 60].map((minutes) => minutes * 60_000);

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #collectors: ReadonlyMap<string, Collector>;
  readonly #instances = new Map<number, Instance>();
  #queue: Instance[] = [];
  #working = false;
  #measuring = 0;
  #gathered: string[] = [];
  #cancelTimer = () => {};
  #cancelGather: (() => void) | undefined;
  #stopped = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#collectors = new Map(options.collectors.map((collector) => [collector.check, collector]));
  }

  /** Instances as they are now, for `status`. */
  get instances(): readonly Instance[] {
    return [...this.#instances.values()];
  }

  /**
   * Takes over a configuration. What did not change goes on undisturbed; what is new or changed is measured at once.
   * A daily instance is measured at once when its last moment was missed, and when it is to read something else than at its last run.
   */
  configure(checks: readonly CheckInstance[]): void {
    const wanted = new Map(checks.map((config) => [config.number, config]));
    for (const [number, instance] of this.#instances) {
      const config = wanted.get(number);
      if (config && JSON.stringify(config) === JSON.stringify(instance.config)) wanted.delete(number);
      else this.#remove(number, instance);
      if (!config) this.#options.kept.forgetDailyRun(instance.config);
    }
    for (const config of wanted.values()) this.#add(config);
    this.#setTimer();
  }

  #add(config: CheckInstance): void {
    const { clock, kept, deviceId, localOffset } = this.#options;
    const instance = new Instance(config, this.#collectors.get(config.check), kept.read(config), this.#options, () =>
      this.#changed(instance),
    );
    const now = clock.now();
    const ranMs = kept.dailyRun(config);
    const isMissed =
      config.dailyAtHour === undefined || ranMs === undefined || ranMs < previousDaily(config, deviceId, now, localOffset) || ranMs > now;
    instance.dueMs = isMissed ? now : nextDue(config, deviceId, now, localOffset);
    this.#instances.set(config.number, instance);
  }

  #remove(number: number, instance: Instance): void {
    this.#instances.delete(number);
    this.#queue = this.#queue.filter((other) => other !== instance);
    instance.stop();
  }

  /** Measures now, apart from the schedule; what is being measured, once more after that. @param numbers of instances; all when left out. */
  measureNow(numbers: readonly number[] | undefined): void {
    for (const [number, instance] of this.#instances)
      if ((!numbers || numbers.includes(number)) && !instance.measuresAgain()) this.#enqueue(instance);
  }

  /** A collector heard that its subject changed. */
  #changed(instance: Instance): void {
    if (!this.#stopped && this.#instances.get(instance.config.number) === instance) this.#enqueue(instance);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
    this.#queue = [];
    for (const instance of this.#instances.values()) instance.stop();
    this.#flush();
  }

  // --- time ---

  #setTimer(): void {
    this.#cancelTimer();
    if (this.#stopped) return;
    const now = this.#options.clock.now();
    const nextMs = Math.min(...this.instances.map((instance) => instance.dueMs), now + longestSleepMs);
    this.#cancelTimer = this.#options.clock.after(Math.max(0, nextMs - now), () => this.#tick());
  }

  #tick(): void {
    const { clock, deviceId, localOffset } = this.#options;
    const now = clock.now();
    for (const instance of this.#instances.values()) {
      const { config } = instance;
      if (instance.dueMs - now > longestWaitMs(config)) instance.dueMs = nextDue(config, deviceId, now, localOffset); // the clock was set back
      if (instance.dueMs > now) continue;
      instance.dueMs = nextDue(config, deviceId, now, localOffset);
      this.#enqueue(instance);
    }
    this.#setTimer();
  }

  // --- work ---

  #enqueue(instance: Instance): void {
    if (this.#queue.includes(instance)) return;
    this.#queue.push(instance);
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    const { clock } = this.#options;
    this.#working = true;
    for (let instance = this.#queue.shift(); instance; instance = this.#queue.shift()) {
      let cancel = () => {};
      const patience = new Promise<void>((resolve) => (cancel = clock.after(patienceMs, resolve)));
      await Promise.race([this.#measure(instance), patience]);
      cancel();
    }
    this.#working = false;
    this.#flushWhenIdle();
  }

  async #measure(instance: Instance): Promise<void> {
    const { clock, kept, log } = this.#options;
    const { config } = instance;
    const at = clock.now();
    this.#measuring++;
    const { outcome, tookMs } = await instance.measure(this.#options.limitMs ?? measureLimitMs);
    this.#measuring--;
    if (this.#stopped || this.#instances.get(config.number) !== instance) return this.#flushWhenIdle();
    const told = outcomeName(outcome);
    if (told !== instance.last?.outcome && outcome.failed)
      log.warn("check cannot measure", { check: config.check, instance: config.instance, code: outcome.failed, detail: outcome.detail });
    if (config.dailyAtHour !== undefined) this.#planDaily(instance, at, outcome.failed !== undefined);
    instance.last = { at, outcome: told, tookMs };
    kept.note(config, instance.memory.kept);
    this.#gather(sampleJson({ check: config.number, at, selectionVersion: config.selectionVersion, tookMs }, outcome));
  }

  /** A daily measurement is done when it did not fail: until then it is tried again, anew from its next moment on, and at the next start. */
  #planDaily(instance: Instance, at: number, hasFailed: boolean): void {
    const { clock, kept, deviceId, localOffset } = this.#options;
    const { config, last } = instance;
    const isFirstOfDay = !last || last.at < previousDaily(config, deviceId, at, localOffset);
    if (!hasFailed || isFirstOfDay) instance.retries = 0;
    if (hasFailed) {
      const now = clock.now();
      const pauseMs = retryMs[Math.min(instance.retries++, retryMs.length - 1)]!;
      instance.dueMs = Math.min(now + pauseMs, nextDue(config, deviceId, now, localOffset));
    } else {
      kept.noteDailyRun(config, at);
      instance.dueMs = nextDue(config, deviceId, at, localOffset);
    }
  }

  #gather(sample: string): void {
    this.#gathered.push(sample);
    this.#cancelGather ??= this.#options.clock.after(gatherMs, () => this.#flush());
    this.#flushWhenIdle();
  }

  #flushWhenIdle(): void {
    if (!this.#working && this.#measuring === 0) this.#flush();
  }

  #flush(): void {
    this.#cancelGather?.();
    this.#cancelGather = undefined;
    const samples = this.#gathered;
    this.#gathered = [];
    if (samples.length > 0) this.#options.deliver(samples);
  }
}

/** `ok`, `no data`, or the code of the failure. */
function outcomeName(outcome: Outcome): string {
  return outcome.ok ? "ok" : (outcome.failed ?? "no data");
}

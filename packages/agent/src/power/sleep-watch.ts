/**
 * Knows of the computer's sleep. Before it, the server is told, so that nobody takes a closed notebook for a failed one; after it, the
 * link is made anew at once, and the server is told from when to when it lasted. Systems do not always say so beforehand (an empty
 * battery, a notice that came too late to be sent), so two of their clocks are compared as well: one stands still in sleep.
 */
import type { Slept } from "@hauswart/protocol/wire/messages.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { System } from "../os/system.ts";

/** What a link does about it. */
export interface SleepyLink {
  /** The computer is about to sleep. */
  doze(): void;
  /** It goes on. @param sleptMs how long it slept; 0 when it did not come to that */
  rouse(sleptMs: number): void;
}

export interface SleepWatchOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly system: Pick<System, "asleepMs" | "watchPower">;
  readonly link: SleepyLink;
}

/** Sleep that nobody announced is noticed within this. */
const lookEveryMs = 30_000;
/** Shorter differences may be the reading of two clocks one after the other, and harm no connection. */
const leastMs = 5_000;
/** Between two attempts to hear of the computer's power, where that was not possible or is over. */
const listenAgainMs = 300_000;
/** Systems that look for mail in their sleep (Power Nap, Modern Standby) wake for moments; that is one sleep. */
const briefWakeMs = 120_000;
/** What the protocol takes. */
const mostSleeps = 8;

export class SleepWatch {
  readonly #options: SleepWatchOptions;
  #cancelTimer: (() => void) | undefined;
  #endListening: (() => void) | undefined;
  #listenAtMs = 0;
  #isStopped = false;
  /** It was said that the system does not announce sleep. */
  #isDeaf = false;
  /** Sleep since the system's start, at the last look. */
  #asleepMs: number | undefined;
  /** When the system said that it goes to sleep. */
  #noticedAtMs: number | undefined;
  /** One look after the other. */
  #looking: Promise<void> = Promise.resolve();
  /** What no server has heard of yet, oldest first. */
  #sleeps: Slept[] = [];

  constructor(options: SleepWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#look("timer");
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#endListening?.();
  }

  /** What no server has heard of yet. */
  get untold(): readonly Slept[] {
    return this.#sleeps;
  }

  /** A server has heard of these. */
  told(sleeps: readonly Slept[]): void {
    this.#sleeps = this.#sleeps.filter((sleep) => !sleeps.includes(sleep));
  }

  /** Resolves when everything that has come so far is worked off. */
  get settled(): Promise<void> {
    return this.#looking;
  }

  #look(why: "timer" | "woke"): void {
    this.#looking = this.#looking.then(() => this.#lookOnce(why));
  }

  async #lookOnce(why: "timer" | "woke"): Promise<void> {
    const { clock, system, log, link } = this.#options;
    const asleepMs = await system.asleepMs?.();
    if (this.#isStopped) return;
    const [untilMs, before, noticedAtMs] = [clock.now(), this.#asleepMs, this.#noticedAtMs];
    this.#asleepMs = asleepMs;
    // Where no clock tells, the notice before and the one after do.
    const byNotice = why === "woke" && noticedAtMs !== undefined ? untilMs - noticedAtMs : 0;
    const sleptMs = Math.round(asleepMs !== undefined && before !== undefined ? asleepMs - before : byNotice);
    if (why === "woke") this.#noticedAtMs = undefined;
    if (sleptMs >= leastMs) {
      this.#note({ from: untilMs - sleptMs, until: untilMs });
      log.info("the computer was asleep", { seconds: Math.round(sleptMs / 1_000) });
    }
    if (why === "woke" || sleptMs >= leastMs) link.rouse(Math.max(0, sleptMs));
    if (why === "timer") await this.#goOn();
  }

  async #goOn(): Promise<void> {
    const { clock } = this.#options;
    if (!this.#endListening && clock.monotonic() >= this.#listenAtMs) await this.#listen();
    if (!this.#isStopped) this.#cancelTimer = clock.after(lookEveryMs, () => this.#look("timer"));
  }

  /** A system that does not answer, or not any more, is asked again. */
  async #listen(): Promise<void> {
    const { clock, system, log } = this.#options;
    this.#listenAtMs = clock.monotonic() + listenAgainMs;
    try {
      const end = await system.watchPower?.(
        (event) => this.#heard(event),
        () => (this.#endListening = undefined),
      );
      if (this.#isStopped) end?.();
      else this.#endListening = end;
    } catch (error) {
      if (!this.#isDeaf)
        log.info("the system does not say when the computer goes to sleep", {
          problem: error instanceof Error ? error.message : String(error),
        });
      this.#isDeaf = true;
    }
  }

  #heard(event: "sleep" | "wake"): void {
    const { clock, log, link } = this.#options;
    if (this.#isStopped) return;
    if (event === "wake") return this.#look("woke");
    this.#noticedAtMs = clock.now();
    link.doze();
    log.info("the computer is about to sleep");
  }

  #note(sleep: Slept): void {
    const last = this.#sleeps.at(-1);
    if (last && sleep.from - last.until <= briefWakeMs) this.#sleeps[this.#sleeps.length - 1] = { from: last.from, until: sleep.until };
    else this.#sleeps.push(sleep);
    // The first explains why the computer was lost, the last why it was away so long.
    if (this.#sleeps.length > mostSleeps) this.#sleeps.splice(1, 1);
  }
}

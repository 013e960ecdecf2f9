/**
 * Tells a server that asks for it who is signed in at the computer: once connected, and when that changes. Where the system says so, a
 * change is heard of; elsewhere it is looked from time to time. Nobody is told of, nor looked for, until a server asks.
 */
import { signedInLimit } from "@hauswart/protocol/signed-in.ts";
import type { SignedIn } from "@hauswart/protocol/wire/messages.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { SignedInAtSystem } from "../os/signed-in.ts";

export interface SignedInWatchOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** What the system says. Called once a server asks. */
  load(): Promise<SignedInAtSystem>;
  /** @returns whether it could be said */
  tell(said: Omit<SignedIn, "type">): boolean;
}

/** A session comes with several changes; they are told together. */
const settleMs = 1_000;
/** Between two tellings, whatever happens: who signs in by ssh every second costs nothing. */
const leastBetweenMs = 15_000;
/** Where changes are heard of, it is looked all the same, should one have been missed; and it is tried again to hear of them. */
const followedEveryMs = 600_000;
/** What could not be said is said after this. */
const againMs = 60_000;
/** What the protocol takes of a name. */
const nameLimit = 120;

export class SignedInWatch {
  readonly #options: SignedInWatchOptions;
  #system: SignedInAtSystem | undefined;
  #isAsked = false;
  #isStopped = false;
  #cancelTimer: (() => void) | undefined;
  /** When the timer is due, by the clock that only counts up. */
  #dueMs = Number.POSITIVE_INFINITY;
  #endFollowing: (() => void) | undefined;
  #followAtMs = 0;
  /** What this connection's server has heard. */
  #told: string | undefined;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #problem: string | undefined;
  /** One look after the other. */
  #looking: Promise<void> = Promise.resolve();

  constructor(options: SignedInWatchOptions) {
    this.#options = options;
  }

  /** The server of a new connection, or one that has changed its mind, asks or does not ask. */
  asked(isAsked: boolean): void {
    if (this.#isStopped) return;
    this.#isAsked = isAsked;
    this.#told = undefined;
    if (isAsked) return this.#setTimer(0);
    this.#setTimer(undefined);
    this.#unfollow();
  }

  stop(): void {
    this.#isStopped = true;
    this.#isAsked = false;
    this.#setTimer(undefined);
    this.#unfollow();
  }

  /** Resolves when what has been begun is done. */
  get settled(): Promise<void> {
    return this.#looking;
  }

  #changed(): void {
    if (!this.#isAsked) return;
    const waitMs = Math.max(settleMs, this.#toldAtMs + leastBetweenMs - this.#options.clock.monotonic());
    if (this.#options.clock.monotonic() + waitMs < this.#dueMs) this.#setTimer(waitMs);
  }

  #setTimer(ms: number | undefined): void {
    const { clock } = this.#options;
    this.#cancelTimer?.();
    this.#dueMs = ms === undefined ? Number.POSITIVE_INFINITY : clock.monotonic() + ms;
    this.#cancelTimer = ms === undefined ? undefined : clock.after(ms, () => void (this.#looking = this.#looking.then(() => this.#look())));
  }

  async #look(): Promise<void> {
    if (!this.#isAsked) return;
    this.#setTimer(undefined);
    const people = await this.#read();
    if (!this.#isAsked) return;
    const isSaid = this.#tell(people);
    const nextMs = this.#endFollowing ? followedEveryMs : (this.#system?.everyMs ?? againMs);
    // A change that came meanwhile has set a nearer time.
    if (this.#dueMs === Number.POSITIVE_INFINITY) this.#setTimer(isSaid ? nextMs : Math.min(againMs, nextMs));
  }

  async #read(): Promise<SignedIn["people"]> {
    try {
      const system = (this.#system ??= await this.#options.load());
      // Heard of from before the look on, so that nothing falls between the two.
      if (!this.#endFollowing) await this.#follow(system);
      const people = await system.read();
      this.#problem = undefined;
      return people?.map((person) => ({ ...person, name: person.name.slice(0, nameLimit) })) ?? null;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.#problem) this.#options.log.warn("who is signed in cannot be read", { problem });
      this.#problem = problem;
      return null;
    }
  }

  #tell(people: SignedIn["people"]): boolean {
    const said = { people: people?.slice(0, signedInLimit) ?? null, others: Math.max(0, (people?.length ?? 0) - signedInLimit) };
    const text = JSON.stringify(said);
    if (text === this.#told) return true;
    const isSaid = this.#options.tell(said);
    this.#told = isSaid ? text : undefined;
    if (isSaid) this.#toldAtMs = this.#options.clock.monotonic();
    return isSaid;
  }

  async #follow(system: SignedInAtSystem): Promise<void> {
    const { clock } = this.#options;
    if (!system.follow || clock.monotonic() < this.#followAtMs) return;
    this.#followAtMs = clock.monotonic() + followedEveryMs;
    try {
      const end = await system.follow(
        () => this.#changed(),
        () => {
          this.#endFollowing = undefined;
          this.#changed();
        },
      );
      this.#endFollowing = end;
      if (!this.#isAsked) this.#unfollow();
    } catch {
      // It is looked from time to time then; what keeps it from being read at all is told there.
    }
  }

  #unfollow(): void {
    this.#endFollowing?.();
    this.#endFollowing = undefined;
    this.#followAtMs = 0;
  }
}

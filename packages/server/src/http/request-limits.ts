/**
 * How often somebody may ask, so that one key in a loop does not keep the server from everybody else. Buckets with tokens: so many at
 * once, and so many a second in the long run. The figures are far above what a technician, the console with many tabs, or a program
 * that takes every device in turn comes to. Each process counts for itself.
 */
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";

export interface Limit {
  /** Requests at once. */
  readonly atOnce: number;
  /** Requests per second that come back. */
  readonly perSecond: number;
}

/** `docs/api.md` shows this table. */
export const requestLimits = {
  /** Every request of an account or a key. */
  ordinary: { atOnce: 1_000, perSecond: 100 },
  /** Of those, what works through policies, days of measurements or whole lists; a preview comes with every pause in typing. */
  costly: { atOnce: 120, perSecond: 2 },
  /** Of those, what reads all there is: the whole log, everything of a customer. */
  whole: { atOnce: 20, perSecond: 0.2 },
  /** Without a sign-in, by network: signing in and links from mails, of an office behind one address too. */
  anonymous: { atOnce: 300, perSecond: 5 },
  /** Tokens that nobody has, or that are over, by network. Few enough for the database, far above what an office of old sessions sends. */
  refused: { atOnce: 1_000, perSecond: 20 },
  /** Enrolments that were refused, by network. Those that succeed are counted by their token. */
  enrolment: { atOnce: 100, perSecond: 1 },
} as const satisfies Readonly<Record<string, Limit>>;
export type LimitClass = keyof typeof requestLimits;

const costly: ReadonlySet<RouteName> = new Set<RouteName>(["previewPolicy", "previewRetention", "startReplay"]);
const whole: ReadonlySet<RouteName> = new Set<RouteName>(["verifyAudit", "exportCustomer"]);

/** What a request of somebody who is signed in counts as besides `ordinary`. @param isCsv the whole list is asked for */
export function costOf(name: RouteName, isCsv: boolean): "costly" | "whole" | undefined {
  if (whole.has(name)) return "whole";
  return isCsv || costly.has(name) ? "costly" : undefined;
}

/** Buckets that are full again are forgotten when there are so many. */
const tidiedAbove = 10_000;

export class RequestLimits {
  /** By class and who asks: when the bucket will be full again, milliseconds of the clock. */
  readonly #fullAt = new Map<string, number>();
  readonly #now: () => number;
  #tidiedSize = 0;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes one. @param who an account, a key or a network. Errors: TOO_MANY_REQUESTS. */
  take(limitClass: LimitClass, who: string): void {
    this.#require(limitClass, who, true);
  }

  /** Looks whether there is one left, and takes none. Errors: TOO_MANY_REQUESTS. */
  look(limitClass: LimitClass, who: string): void {
    this.#require(limitClass, who, false);
  }

  #require(limitClass: LimitClass, who: string, takes: boolean): void {
    const { atOnce, perSecond } = requestLimits[limitClass];
    const nowMs = this.#now();
    const key = `${limitClass}/${who}`;
    const fullAt = Math.max(this.#fullAt.get(key) ?? nowMs, nowMs) + 1_000 / perSecond;
    const waitMs = fullAt - nowMs - (atOnce * 1_000) / perSecond;
    // A sum of fractions is a hair off.
    if (waitMs > 0.001) throw new HauswartError("TOO_MANY_REQUESTS", undefined, { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
    if (!takes) return;
    this.#fullAt.set(key, fullAt);
    this.#tidy(nowMs);
  }

  /** Each time that there are twice as many as were left, so that it costs next to nothing for each. */
  #tidy(nowMs: number): void {
    if (this.#fullAt.size < Math.max(tidiedAbove, 2 * this.#tidiedSize)) return;
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= nowMs) this.#fullAt.delete(key);
    this.#tidiedSize = this.#fullAt.size;
  }

  /** Buckets that are remembered. */
  get size(): number {
    return this.#fullAt.size;
  }
}

/**
 * What came of each rule, over restarts of the agent: how many entries fitted within its window, the last texts. Bounded whatever
 * happens: a window is thirty buckets and the one that has begun, a million entries are thirty numbers. Pure.
 */
import type { RuleTraits } from "../protocol/curated.ts";

export interface RuleTally {
  /** Number of the bucket (Unix time by a thirtieth of the window) and entries in it, oldest first. */
  readonly buckets: readonly (readonly [number, number])[];
  readonly lastAt: number;
  readonly raisedAt: number | null;
  readonly source: string;
  readonly eventId: string;
  /** Newest first. */
  readonly texts: readonly string[];
}

export type Tallies = Readonly<Record<string, RuleTally>>;

export interface Matched {
  readonly at: number;
  readonly source: string;
  readonly eventId: string;
  readonly text: string;
}

const bucketsOfWindow = 30;
const textsKept = 3;
/** Longer than a finding can be set to last. */
const forgetAfterMs = 8 * 86_400_000;
const rulesKept = 40;

const bucketMs = ({ withinMinutes }: Pick<RuleTraits, "withinMinutes">) => (withinMinutes * 60_000) / bucketsOfWindow;
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === "string";

/** What the host kept; anything that is not what was put there counts as nothing. */
export function talliesFrom(kept: unknown): Tallies {
  if (typeof kept !== "object" || kept === null) return {};
  const tallies: Record<string, RuleTally> = {};
  for (const [name, value] of Object.entries(kept) as [string, Partial<RuleTally> | null][]) {
    const { buckets, lastAt, raisedAt, source, eventId, texts } = value ?? {};
    if (!Array.isArray(buckets) || !Array.isArray(texts) || !isNumber(lastAt) || !isText(source) || !isText(eventId)) continue;
    tallies[name] = {
      buckets: buckets.filter((bucket): bucket is [number, number] => Array.isArray(bucket) && bucket.every(isNumber)),
      lastAt,
      raisedAt: isNumber(raisedAt) ? raisedAt : null,
      source,
      eventId,
      texts: texts.filter(isText),
    };
  }
  return tallies;
}

/** Adds what fitted a rule, oldest first. Times from the future count as now. */
export function withMatches(
  before: RuleTally | undefined,
  traits: RuleTraits,
  matched: readonly Matched[],
  nowMs: number,
): RuleTally | undefined {
  const last = matched.at(-1);
  if (!last) return before;
  const size = bucketMs(traits);
  const buckets = new Map(before?.buckets ?? []);
  let raisedAt = before?.raisedAt ?? null;
  for (const one of matched) {
    const at = Math.min(one.at, nowMs);
    const bucket = Math.floor(at / size);
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
    if (sumUntil(buckets, bucket) >= traits.fromCount) raisedAt = Math.max(raisedAt ?? 0, at);
    for (const old of buckets.keys()) if (old <= bucket - 2 * bucketsOfWindow) buckets.delete(old);
  }
  return {
    buckets: [...buckets].sort(([one], [other]) => one - other),
    lastAt: Math.max(before?.lastAt ?? 0, Math.min(last.at, nowMs)),
    raisedAt,
    source: last.source,
    eventId: last.eventId,
    texts: [
      ...matched
        .slice(-textsKept)
        .map(({ text }) => text)
        .reverse(),
      ...(before?.texts ?? []),
    ]
      .filter(Boolean)
      .slice(0, textsKept),
  };
}

function sumUntil(buckets: ReadonlyMap<number, number>, bucket: number): number {
  let sum = 0;
  for (const [number, count] of buckets) if (number <= bucket && number >= bucket - bucketsOfWindow) sum += count;
  return sum;
}

/** Entries within the window that ends now. */
export const countNow = (tally: RuleTally, traits: Pick<RuleTraits, "withinMinutes">, nowMs: number): number =>
  sumUntil(new Map(tally.buckets), Math.floor(nowMs / bucketMs(traits)));

/** Forgets rules that are gone or were quiet for long, old buckets, and, of too many, the quietest. */
export function refresh(tallies: Tallies, traitsOf: (rule: string) => RuleTraits | undefined, nowMs: number): Tallies {
  const kept = Object.entries(tallies)
    .filter(([rule, { lastAt }]) => traitsOf(rule) && Math.abs(nowMs - lastAt) < forgetAfterMs)
    .sort(([, one], [, other]) => other.lastAt - one.lastAt)
    .slice(0, rulesKept)
    .map(([rule, tally]) => {
      const newest = Math.floor(nowMs / bucketMs(traitsOf(rule)!));
      return [
        rule,
        { ...tally, buckets: tally.buckets.filter(([bucket]) => bucket >= newest - bucketsOfWindow && bucket <= newest) },
      ] as const;
    });
  return Object.fromEntries(kept);
}

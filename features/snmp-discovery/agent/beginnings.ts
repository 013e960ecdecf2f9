/**
 * Since when each device has been there, over restarts of the agent. Pure: what is remembered goes in and comes out.
 *
 * What answers at the first search of a network has been there before. A search in which nobody answers is no beginning: the access
 * data may have been wrong.
 */
import { isWithin, networkName } from "./addresses.ts";

/** What the agent keeps between measurements. */
export interface Remembered {
  /** When an address answered first, Unix time in milliseconds; null when it did at its network's first search. */
  readonly seen: Readonly<Record<string, number | null>>;
  /** Networks in which a search found somebody. */
  readonly begun: readonly string[];
}

const addressLimit = 1_000;
const networkLimit = 200;

function rememberedFrom({ seen, begun }: Readonly<Record<string, unknown>>): Remembered {
  const entries = typeof seen === "object" && seen !== null ? Object.entries(seen) : [];
  return {
    seen: Object.fromEntries(
      entries.filter((entry): entry is [string, number | null] => entry[1] === null || typeof entry[1] === "number"),
    ),
    begun: Array.isArray(begun) ? begun.filter((network): network is string => typeof network === "string") : [],
  };
}

export interface Note {
  /** Of an address that answered. */
  readonly firstSeenAt: (address: string) => number | null;
  readonly remembered: Remembered;
}

/**
 * @param answered addresses
 * @param networks that were searched
 * @param kept what the host kept over a restart; anything that is not what was put there counts as nothing
 */
export function takeNote(
  answered: readonly string[],
  networks: readonly string[],
  kept: Readonly<Record<string, unknown>>,
  nowMs: number,
): Note {
  const { seen, begun } = rememberedFrom(kept);
  const isKnown = (address: string) => Object.hasOwn(seen, address);
  const momentOf = (address: string) =>
    isKnown(address) ? seen[address]! : begun.some((network) => isWithin(address, network)) ? nowMs : null;
  const moments = new Map(answered.map((address) => [address, momentOf(address)]));
  const newest = Object.entries({ ...seen, ...Object.fromEntries(moments) }).sort(([, one], [, other]) => (other ?? 0) - (one ?? 0));
  const beginning = networks
    .filter((network) => answered.some((address) => isWithin(address, network)))
    .flatMap((one) => networkName(one) ?? []);
  return {
    firstSeenAt: (address) => moments.get(address) ?? null,
    remembered: {
      seen: Object.fromEntries(newest.slice(0, addressLimit)),
      begun: [...new Set([...beginning, ...begun])].slice(0, networkLimit),
    },
  };
}

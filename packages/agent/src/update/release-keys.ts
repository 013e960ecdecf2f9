import type { KeySet } from "@hauswart/protocol/release/key-chain.ts";

/** Set when the executable and the bundle are built. */
declare const HAUSWART_RELEASE_KEYS: KeySet;

/** Keys whose signature on a release this build believes: the one that is used, and the one that follows it. None in a build without: it takes no updates. */
export const releaseKeys: KeySet = typeof HAUSWART_RELEASE_KEYS === "undefined" ? { number: 1, keys: [] } : HAUSWART_RELEASE_KEYS;

/** Releases of other channels are for others. */
export const releaseChannel = "stable";

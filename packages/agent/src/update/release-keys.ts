/** Set when the executable and the bundle are built: raw Ed25519 public keys, base64. */
declare const HAUSWART_RELEASE_KEYS: readonly string[];

/** Keys whose signature on a release this build believes: the one that is used, and the one that follows it. None in a build without: it takes no updates. */
export const releaseKeys: readonly string[] = typeof HAUSWART_RELEASE_KEYS === "undefined" ? [] : HAUSWART_RELEASE_KEYS;

/** Releases of other channels are for others. */
export const releaseChannel = "stable";

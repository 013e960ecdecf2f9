/** Whether a site has lost its connection, from when its devices were lost. Pure. */

/** A device of the site, as its link row tells. */
export interface SiteDevice {
  readonly role: "workstation" | "server";
  /** connected: its connection is open. lost: it ended without a goodbye. else: it said goodbye, never came, or went with our own process. */
  readonly state: "connected" | "lost" | "else";
  /** When the connection ended, Unix milliseconds; of lost ones. */
  readonly lostAtMs: number;
}

export interface SiteOutage {
  readonly lost: number;
  readonly stillConnected: number;
  /** When the last of them was lost. */
  readonly lostAtMs: number;
}

/** What is lost within this time went together: agents show life every half minute, and a lost one is noticed after 90 s. */
const togetherMs = 120_000;
/** A connection that is made anew (a proxy restarts, a router dials) comes back within this. */
const settleMs = 30_000;
/** Three computers that go at once are no coincidence; two are none either when one of them is a server, which nobody closes. */
const leastLost = 3;

/**
 * Notebooks that are at home today stay connected when the site is cut off, so most of the site counts and not all of it; a server
 * that stays connected shows that the site's connection stands.
 */
export function siteOutage(devices: readonly SiteDevice[], nowMs: number): SiteOutage | undefined {
  const lostAtMs = Math.max(...devices.filter(({ state }) => state === "lost").map((device) => device.lostAtMs), Number.NEGATIVE_INFINITY);
  const together = devices.filter((device) => device.state === "lost" && device.lostAtMs > lostAtMs - togetherMs);
  const connected = devices.filter(({ state }) => state === "connected");
  if (nowMs - lostAtMs < settleMs) return undefined;
  const hasServer = together.some(({ role }) => role === "server");
  if (together.length < (hasServer ? leastLost - 1 : leastLost)) return undefined;
  if (connected.some(({ role }) => role === "server") || connected.length > together.length) return undefined;
  return { lost: together.length, stillConnected: connected.length, lostAtMs };
}

/**
 * Whether the site is back: a server of it, or a third of what was lost.
 * @param returned devices of the site that have connected since the outage was found.
 */
export function isSiteBack(returned: readonly Pick<SiteDevice, "role">[], lost: number): boolean {
  return returned.some(({ role }) => role === "server") || returned.length >= Math.max(1, Math.ceil(lost / 3));
}

export interface Losses {
  /** Sites that went offline at once, and the customers they belong to. */
  readonly sites: number;
  readonly customers: number;
  readonly devices: number;
  /** Devices of all customers that are still connected. */
  readonly stillConnected: number;
}

/** Most of all customers' devices at once: that is our own line and not theirs. */
export const isOurOwnOutage = ({ sites, customers, devices, stillConnected }: Losses): boolean =>
  sites >= 3 && customers >= 2 && devices >= 4 * stillConnected;

/**
 * Whether it is our own line that is gone and not those of the customers, and when it is back: from who was lost and who has connected
 * since. Pure.
 */
import { leastLost, returnedAtMs, settleMs, siteOutage, togetherMs, type SiteDevice } from "./site-outage.ts";
import { returnGraceMs } from "./presence-of.ts";

/** A site at which something was lost. */
export interface WatchedSite {
  readonly customerId: string;
  /** It was told as a site without connection before. */
  readonly isOpen: boolean;
  readonly devices: readonly SiteDevice[];
}

export interface LossesSince {
  /** What was lost before, while we were away ourselves or in an own outage that has ended, says nothing. Unix milliseconds. */
  readonly sinceMs: number;
  /** Agents of all customers that are still connected. */
  readonly stillConnected: number;
  readonly nowMs: number;
}

/**
 * yes: nearly all devices of several customers went together, and that is our own line. wait: it will be, unless those that went in
 * the last half minute come back at once; until then no site is told.
 */
export function ownOutage(sites: readonly WatchedSite[], losses: LossesSince): "yes" | "wait" | "no" {
  if (isOurs(sites, losses, losses.nowMs - settleMs)) return "yes";
  return isOurs(sites, losses, losses.nowMs) ? "wait" : "no";
}

/** Sites that were cut off, whole: what was lost there together, and no longer than `untilMs` from now. */
function isOurs(sites: readonly WatchedSite[], { sinceMs, stillConnected }: LossesSince, untilMs: number): boolean {
  const gone = goneSites(sites, sinceMs, untilMs);
  const devices = gone.flatMap(({ lost }) => lost);
  if (new Set(gone.map(({ customerId }) => customerId)).size < 2) return false;
  // Where a few computers are all there are, none may be left, and a notebook that closes beside another is no outage.
  if (stillConnected === 0) return devices.length >= (devices.some(({ role }) => role === "server") ? leastLost - 1 : leastLost);
  return gone.length >= 3 && devices.length >= 4 * stillConnected;
}

export interface GoneSite {
  readonly customerId: string;
  readonly lost: readonly SiteDevice[];
}

/** @returns sites of which nothing, or less than what went, is left; also those of one or two computers, which are no site outage by themselves. */
export function goneSites(sites: readonly WatchedSite[], sinceMs: number, untilMs: number): GoneSite[] {
  const isLost = ({ state, lostAtMs }: SiteDevice) => state === "lost" && lostAtMs > sinceMs && lostAtMs <= untilMs;
  const fresh = sites.filter(({ isOpen }) => !isOpen);
  const lastMs = Math.max(...fresh.flatMap(({ devices }) => devices.filter(isLost).map(({ lostAtMs }) => lostAtMs)));
  return fresh.flatMap(({ customerId, devices }) => {
    const lost = devices.filter((device) => isLost(device) && device.lostAtMs > lastMs - togetherMs);
    if (lost.length === 0) return [];
    const isWhole = devices.every(({ state }) => state !== "connected") || siteOutage(devices, lastMs + settleMs) !== undefined;
    return isWhole ? [{ customerId, lost }] : [];
  });
}

/**
 * Over when nobody is missed any more, or when a third of the sites have been back for as long as every agent needs to return: who is
 * not there by then stays away by itself. A third of the sites with servers is enough too, because computers may have been switched
 * off meanwhile.
 * @param openedAtMs when the outage was found
 */
export function isOwnOutageOver(
  sites: readonly WatchedSite[],
  openedAtMs: number,
  { sinceMs, nowMs }: Pick<LossesSince, "sinceMs" | "nowMs">,
): boolean {
  const missed = sites.flatMap(({ isOpen, devices }) => {
    const lost = isOpen ? [] : devices.filter(({ state, lostAtMs }) => state === "lost" && lostAtMs > sinceMs);
    const returned = isOpen ? [] : devices.filter(({ state, connectedAtMs }) => state === "connected" && connectedAtMs > openedAtMs);
    if (lost.length + returned.length === 0) return [];
    const hasServer = [...lost, ...returned].some(({ role }) => role === "server");
    return [{ lost: lost.length, hasServer, backAtMs: returnedAtMs(returned, lost.length + returned.length) }];
  });
  if (missed.every(({ lost }) => lost === 0)) return true;
  const backAtMs = Math.min(thirdBackAtMs(missed), thirdBackAtMs(missed.filter(({ hasServer }) => hasServer)));
  return nowMs >= backAtMs + returnGraceMs;
}

function thirdBackAtMs(sites: readonly { readonly backAtMs: number }[]): number {
  if (sites.length === 0) return Number.POSITIVE_INFINITY;
  return sites.map(({ backAtMs }) => backAtMs).sort((one, other) => one - other)[Math.ceil(sites.length / 3) - 1]!;
}

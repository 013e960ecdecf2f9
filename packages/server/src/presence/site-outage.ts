/** Whether a site has lost its connection, from when its devices were lost. Pure. */
import { sharesGateway, type GatewayColumns } from "./same-network.ts";

/** A device of the site, as its link row tells. */
export interface SiteDevice extends GatewayColumns {
  readonly role: "workstation" | "server";
  /** connected: its connection is open. lost: it ended without a goodbye. else: it said goodbye, never came, or went with our own process. */
  readonly state: "connected" | "lost" | "else";
  /** When the connection ended, Unix milliseconds; of lost ones. */
  readonly lostAtMs: number;
  /** When the connection was made, Unix milliseconds; of connected ones. */
  readonly connectedAtMs: number;
}

export interface SiteOutage {
  readonly lost: number;
  readonly stillConnected: number;
  /** When the last of them was lost. */
  readonly lostAtMs: number;
  /** The gateway that most of them stand behind; empty where no agent tells. */
  readonly gateway: string;
}

/** What is lost within this time went together: agents show life every half minute, and a lost one is noticed after 90 s. */
export const togetherMs = 120_000;
/** A connection that is made anew (a proxy restarts, a router dials) comes back within this. */
export const settleMs = 30_000;
/** Three computers that go at once are no coincidence; two are none either when one of them is a server, which nobody closes. */
export const leastLost = 3;
/** Workstations that went longer ago may have been switched off since: after an outage of our own they say nothing of their site. */
export const recentMs = 10 * 60_000;

/**
 * Notebooks that are at home today stay connected when the site is cut off: those that are known to stand behind another gateway than all
 * that went do not count, and because older agents do not tell theirs, most of the site counts and not all of it. A server that stays
 * connected shows that the site's connection stands.
 */
export function siteOutage(devices: readonly SiteDevice[], nowMs: number): SiteOutage | undefined {
  const lostAtMs = Math.max(...devices.filter(({ state }) => state === "lost").map((device) => device.lostAtMs), Number.NEGATIVE_INFINITY);
  const together = devices.filter((device) => device.state === "lost" && device.lostAtMs > lostAtMs - togetherMs);
  const connected = devices.filter((device) => device.state === "connected" && !isElsewhere(device, together));
  if (nowMs - lostAtMs < settleMs) return undefined;
  const hasServer = together.some(({ role }) => role === "server");
  if (!hasServer && nowMs - lostAtMs > recentMs) return undefined;
  if (together.length < (hasServer ? leastLost - 1 : leastLost)) return undefined;
  if (connected.some(({ role }) => role === "server") || connected.length > together.length) return undefined;
  return { lost: together.length, stillConnected: connected.length, lostAtMs, gateway: usualGateway(together) };
}

const isElsewhere = (device: SiteDevice, lost: readonly SiteDevice[]) => lost.every((other) => sharesGateway(device, other) === false);

function usualGateway(devices: readonly SiteDevice[]): string {
  const counts = Map.groupBy(
    devices.flatMap(({ gateway_addresses: [first] }) => first ?? []),
    (address) => address,
  );
  return [...counts].sort(([, one], [, other]) => other.length - one.length)[0]?.[0] ?? "";
}

/**
 * When the site was back, Unix milliseconds; infinity while it is not. It is back with a server of it, or a third of what was lost.
 * @param returned devices of the site that have connected since the outage was found.
 */
export function returnedAtMs(returned: readonly Pick<SiteDevice, "role" | "connectedAtMs">[], lost: number): number {
  const third = Math.max(1, Math.ceil(lost / 3));
  const times = returned.map(({ connectedAtMs }) => connectedAtMs).sort((one, other) => one - other);
  const servers = returned.filter(({ role }) => role === "server").map(({ connectedAtMs }) => connectedAtMs);
  return Math.min(...servers, times[third - 1] ?? Number.POSITIVE_INFINITY);
}

import { describe, expect, test } from "bun:test";
import { isOwnOutageOver, ownOutage, type WatchedSite } from "./own-outage.ts";
import type { SiteDevice } from "./site-outage.ts";

const [second, minute, hour] = [1_000, 60_000, 3_600_000];
const nowMs = 100 * hour;
const base = { gateway_addresses: [], gateway_cards: [], role: "workstation", lostAtMs: 0, connectedAtMs: 0 } as const;
const lost = (msAgo: number, role: SiteDevice["role"] = "workstation"): SiteDevice => ({
  ...base,
  role,
  state: "lost",
  lostAtMs: nowMs - msAgo,
});
const back = (msAgo: number, role: SiteDevice["role"] = "workstation"): SiteDevice => ({
  ...base,
  role,
  state: "connected",
  connectedAtMs: nowMs - msAgo,
});
const there = back(90 * hour);
const away: SiteDevice = { ...base, state: "else" };
const site = (customerId: string, ...devices: SiteDevice[]): WatchedSite => ({ customerId, isOpen: false, devices });
const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

describe("our own outage", () => {
  const three = [lost(40 * second), lost(41 * second), lost(42 * second)];
  const fresh = three.map((device) => ({ ...device, lostAtMs: nowMs - 20 * second }));
  test.each<[string, WatchedSite[], number, "yes" | "wait" | "no"]>([
    ["most of all customers at once", times(20, (index) => site(`${index % 5}`, ...three)), 15, "yes"],
    ["a quarter is still connected", times(20, (index) => site(`${index % 5}`, ...three)), 16, "no"],
    ["one customer alone", times(20, () => site("a", ...three)), 0, "no"],
    ["two customers with a site each, nobody is left", [site("a", ...three), site("b", ...three)], 0, "yes"],
    ["two customers with a site each, somebody is left", [site("a", ...three), site("b", ...three)], 1, "no"],
    ["small sites that are no site outage by themselves", times(12, (index) => site(`${index}`, lost(40 * second))), 3, "yes"],
    ["two customers of one computer each, one a server", [site("a", lost(40 * second, "server")), site("b", lost(45 * second))], 0, "yes"],
    ["two notebooks are closed in the evening", [site("a", lost(40 * second), away), site("b", lost(45 * second))], 0, "no"],
    ["they went minutes apart", [site("a", ...three), site("b", lost(400 * second), lost(401 * second))], 0, "no"],
    ["it is not yet known whether they come back", [site("a", ...fresh), site("b", ...fresh)], 0, "wait"],
    ["one site has settled before the others", [site("a", ...three), site("b", ...fresh)], 0, "wait"],
    ["what has been told as offline before does not count", [{ ...site("a", ...three), isOpen: true }, site("b", ...three)], 0, "no"],
    ["nothing was lost", [], 0, "no"],
  ])("%s", (_, sites, stillConnected, expected) => expect(ownOutage(sites, { sinceMs: 0, stillConnected, nowMs })).toBe(expected));

  test("what was lost before we were there ourselves tells nothing", () => {
    const sites = [site("a", ...three), site("b", ...three)];
    expect(ownOutage(sites, { sinceMs: nowMs - 40 * second, stillConnected: 0, nowMs })).toBe("no");
  });

  const openedAtMs = nowMs - 6 * hour;
  const gone = lost(6 * hour + minute);
  const server = lost(6 * hour + minute, "server");
  test.each<[string, WatchedSite[], boolean]>([
    ["lasts while everybody is gone, for hours", times(3, () => site("a", gone, gone, gone)), false],
    ["is over when everybody is back", times(3, () => site("a", back(second), there)), true],
    ["is over when nobody is missed: they were switched off", [site("a", away, away)], true],
    [
      "is not over with the first who are back: others are on their way",
      [site("a", back(minute, "server")), site("b", server, gone), site("b", server)],
      false,
    ],
    ["is over when all had time to return", [site("a", back(2 * minute, "server")), site("b", server, gone), site("b", server)], true],
    ["a third of the sites is needed", [site("a", back(hour, "server")), ...times(3, () => site("b", server))], false],
    ["a site is back with a third of its computers", [site("a", back(hour), gone, gone, gone), site("b", gone)], false],
    [
      "of sites without a server nobody may come back before the morning",
      [site("a", back(hour, "server"), gone), ...times(20, () => site("b", gone, gone))],
      true,
    ],
    ["who was connected all the time shows nothing", [site("a", there, there, gone), site("b", gone)], false],
  ])("%s", (_, sites, expected) => expect(isOwnOutageOver(sites, openedAtMs, { sinceMs: openedAtMs - 10 * minute, nowMs })).toBe(expected));
});

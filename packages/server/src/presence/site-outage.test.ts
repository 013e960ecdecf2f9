import { describe, expect, test } from "bun:test";
import { isOurOwnOutage, isSiteBack, siteOutage, type SiteDevice } from "./site-outage.ts";

const now = 10_000_000;
const lost = (secondsAgo: number, role: SiteDevice["role"] = "workstation"): SiteDevice => ({
  role,
  state: "lost",
  lostAtMs: now - secondsAgo * 1_000,
});
const there = (role: SiteDevice["role"] = "workstation"): SiteDevice => ({ role, state: "connected", lostAtMs: 0 });
const away: SiteDevice = { role: "workstation", state: "else", lostAtMs: 0 };

describe("a site's outage", () => {
  test.each([
    ["three that go at once", [lost(40), lost(41), lost(42)], 3],
    ["two are as many when one is a server", [lost(40, "server"), lost(41)], 2],
    ["two notebooks are none", [lost(40), lost(41)], 0],
    ["one server alone is none", [lost(40, "server"), away], 0],
    ["who said goodbye before does not count, nor against it", [lost(40), lost(41), lost(42), away, away, away, away], 3],
    ["too fresh: it may come back by itself", [lost(29), lost(41), lost(42)], 0],
    ["a loss exactly as old as it has to be", [lost(30), lost(41), lost(42)], 3],
    ["one after the other over minutes is no outage", [lost(40), lost(200), lost(400)], 0],
    ["what was lost yesterday does not count", [lost(40), lost(41), lost(86_400)], 0],
    ["notebooks at home stay connected", [lost(40), lost(41), lost(42), there(), there(), there()], 3],
    ["more stay than go", [lost(40), lost(41), lost(42), there(), there(), there(), there()], 0],
    ["a server that stays shows that the line stands", [lost(40), lost(41), lost(42), there("server")], 0],
    ["nothing at all", [], 0],
  ])("%s", (_, devices, expected) => expect(siteOutage(devices, now)?.lost ?? 0).toBe(expected));

  test("is over with a server, or with a third of what was lost", () => {
    expect(isSiteBack([there("server")], 25)).toBe(true);
    expect(isSiteBack([there()], 25)).toBe(false);
    expect(
      isSiteBack(
        Array.from({ length: 9 }, () => there()),
        25,
      ),
    ).toBe(true);
    expect(isSiteBack([there()], 2)).toBe(true);
    expect(isSiteBack([], 2)).toBe(false);
  });

  test("of everybody at once is our own", () => {
    expect(isOurOwnOutage({ sites: 20, customers: 5, devices: 500, stillConnected: 0 })).toBe(true);
    expect(isOurOwnOutage({ sites: 20, customers: 5, devices: 500, stillConnected: 2_000 })).toBe(false);
    expect(isOurOwnOutage({ sites: 20, customers: 1, devices: 500, stillConnected: 0 })).toBe(false);
    expect(isOurOwnOutage({ sites: 2, customers: 2, devices: 50, stillConnected: 0 })).toBe(false);
  });
});

import { describe, expect, test } from "bun:test";
import { returnedAtMs, siteOutage, type SiteDevice } from "./site-outage.ts";

const now = 10_000_000;
const untold = { gateway_addresses: [], gateway_cards: [] };
/** A router at home has the same address as the one at the site; its network card is another. */
const at = (device: SiteDevice, address: string, card = ""): SiteDevice => ({
  ...device,
  gateway_addresses: [address],
  gateway_cards: [card],
});
const lost = (secondsAgo: number, role: SiteDevice["role"] = "workstation"): SiteDevice => ({
  ...untold,
  role,
  state: "lost",
  lostAtMs: now - secondsAgo * 1_000,
  connectedAtMs: 0,
});
const there = (role: SiteDevice["role"] = "workstation"): SiteDevice => ({
  ...untold,
  role,
  state: "connected",
  lostAtMs: 0,
  connectedAtMs: 7,
});
const away: SiteDevice = { ...untold, role: "workstation", state: "else", lostAtMs: 0, connectedAtMs: 0 };

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
    ["workstations that went with our own line, exactly ten minutes ago", [lost(600), lost(601), lost(602)], 3],
    ["workstations of hours ago, which may have been switched off since", [lost(601), lost(602), lost(603)], 0],
    ["a server of hours ago is switched off by nobody", [lost(7_200, "server"), lost(7_201)], 2],
    [
      "who is known to be elsewhere does not count, however many they are, servers among them",
      [...[40, 41, 42].map((ago) => at(lost(ago), "10.1.0.1")), ...Array.from({ length: 5 }, () => at(there("server"), "10.2.0.1"))],
      3,
    ],
    [
      "a router at home that is called like the site's is told apart by its network card",
      [...[40, 41, 42].map((ago) => at(lost(ago), "192.168.178.1", "aa")), ...[1, 2, 3, 4].map(() => at(there(), "192.168.178.1", "bb"))],
      3,
    ],
    [
      "without network cards it may be the same",
      [...[40, 41, 42].map((ago) => at(lost(ago), "192.168.178.1", "aa")), ...[1, 2, 3, 4].map(() => at(there(), "192.168.178.1"))],
      0,
    ],
    [
      "whoever does not tell may stand at the site",
      [lost(40), ...[41, 42].map((ago) => at(lost(ago), "10.1.0.1")), at(there("server"), "10.2.0.1")],
      0,
    ],
  ])("%s", (_, devices, expected) => expect(siteOutage(devices, now)?.lost ?? 0).toBe(expected));

  test("names the gateway that most stand behind", () => {
    expect(siteOutage([at(lost(40), "10.1.0.1"), at(lost(41), "10.9.0.1"), at(lost(42), "10.1.0.1")], now)?.gateway).toBe("10.1.0.1");
    expect(siteOutage([lost(40), lost(41), lost(42)], now)?.gateway).toBe("");
  });

  test("is over with a server, or with a third of what was lost", () => {
    const back = (atMs: number, role: SiteDevice["role"] = "workstation") => ({ role, connectedAtMs: atMs });
    expect(returnedAtMs([back(5), back(3, "server")], 25)).toBe(3);
    expect(returnedAtMs([back(3)], 25)).toBe(Number.POSITIVE_INFINITY);
    expect(
      returnedAtMs(
        [9, 8, 7, 6, 5, 4, 3, 2, 1].map((atMs) => back(atMs)),
        25,
      ),
    ).toBe(9);
    expect(returnedAtMs([back(3)], 2)).toBe(3);
    expect(returnedAtMs([], 2)).toBe(Number.POSITIVE_INFINITY);
  });
});

/** kill -9 in the middle of ingest: what was acknowledged is stored, and nothing is counted twice. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Fleet } from "@hauswart/simulator/fleet.ts";
import { openHouse, patienceMs, until, type House } from "./support/house.ts";
import { Ledger } from "./support/ledger.ts";

const agents = 40;

describe("kill -9", () => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse();
  }, patienceMs);

  afterAll(async () => {
    await house?.stop();
  }, patienceMs);

  /** Lets every agent measure without a pause. @returns ends it. */
  const measureAllTheTime = (fleet: Fleet) => {
    const timer = setInterval(() => {
      for (const agent of fleet.agents) agent.measure(Date.now());
    }, 50);
    return () => clearInterval(timer);
  };

  /** Sends from all agents at once, and strikes before any answer can have been heard. */
  const strikeWhileSending = async (fleet: Fleet, ledger: Ledger, strike: () => void) => {
    const before = ledger.acknowledged;
    await until("ingest under way", () => ledger.acknowledged >= before + 3 * agents);
    for (const agent of fleet.agents) for (let burst = 0; burst < 3; burst++) agent.measure(Date.now());
    await Bun.sleep(0);
    strike();
    expect(ledger.underWay).toBeGreaterThan(0);
  };

  const withFleet = async (work: (fleet: Fleet, ledger: Ledger) => Promise<void>) => {
    const ledger = new Ledger();
    const fleet = await house.connect(await house.enrol(agents), { wrapSocket: ledger.wrap });
    const stopMeasuring = measureAllTheTime(fleet);
    try {
      await work(fleet, ledger);
      stopMeasuring();
      await fleet.until((agent) => agent.isCurrent, patienceMs);
      expect(await ledger.discrepancies(house)).toEqual([]);
      expect(ledger.underWay).toBe(0);
    } finally {
      stopMeasuring();
      await fleet.stop();
    }
  };

  test("of the server, twice: nothing acknowledged is lost, nothing is counted twice", async () => {
    await withFleet(async (fleet, ledger) => {
      for (let round = 0; round < 2; round++) {
        let killed: Promise<void> | undefined;
        await strikeWhileSending(fleet, ledger, () => (killed = house.server.kill()));
        await killed;
        await house.server.restart();
        await fleet.until((agent) => agent.isConnected, patienceMs);
      }
    });
  }, 4 * patienceMs);

  test("of PostgreSQL: the server lives on and starts it again; nothing acknowledged is lost, nothing is counted twice", async () => {
    const serverId = house.server.processId;
    await withFleet(async (fleet, ledger) => {
      await strikeWhileSending(fleet, ledger, () => house.server.killPostgres());
      await until("the server to say that its database is away", async () => (await house.api("getHealth")).status === "failing");
      await until("the database to be back", async () => (await house.api("getHealth")).status === "ok");
      await fleet.until((agent) => agent.isConnected, patienceMs);
    });
    expect(house.server.isRunning).toBe(true);
    expect(house.server.processId).toBe(serverId);
  }, 3 * patienceMs);
});

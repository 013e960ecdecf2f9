/** kill -9 in the middle of ingest: what was acknowledged is stored, and nothing is counted twice. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Fleet } from "@hauswart/simulator/fleet.ts";
import { patienceMs, testLimitMs, until } from "@hauswart/testkit/until.ts";
import { openHouse, type House } from "./support/house.ts";
import { Ledger } from "./support/ledger.ts";

const agents = 40;

describe("kill -9", () => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse();
  }, testLimitMs);

  afterAll(async () => {
    await house?.stop();
  }, testLimitMs);

  /** Lets every agent measure without a pause. @returns ends it. */
  const measureAllTheTime = (fleet: Fleet) => {
    const timer = setInterval(() => {
      for (const agent of fleet.agents) agent.measure(Date.now());
    }, 50);
    return () => clearInterval(timer);
  };

  /** Sends from all agents at once, and strikes in the moment in which the first of it is acknowledged: a word given too early is broken then. */
  const strikeWhileSending = async (fleet: Fleet, ledger: Ledger, strike: () => void) => {
    const before = ledger.acknowledged;
    await until("ingest under way", () => ledger.acknowledged >= before + 3 * agents);
    const highest = new Map(fleet.agents.map(({ buffer }) => [buffer.stream, buffer.highestSequence]));
    const struck = Promise.withResolvers<number>();
    ledger.onAcknowledge = (stream, sequence) => {
      if (sequence <= (highest.get(stream) ?? 0)) return;
      ledger.onAcknowledge = undefined;
      strike();
      struck.resolve(ledger.underWay);
    };
    for (const agent of fleet.agents) for (let burst = 0; burst < 5; burst++) agent.measure(Date.now());
    expect(await struck.promise).toBeGreaterThan(0);
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

  test(
    "of the server, twice: nothing acknowledged is lost, nothing is counted twice",
    async () => {
      await withFleet(async (fleet, ledger) => {
        for (let round = 0; round < 2; round++) {
          let killed: Promise<void> | undefined;
          await strikeWhileSending(fleet, ledger, () => {
            killed = house.server.kill();
          });
          await killed;
          await house.server.restart();
          await fleet.until((agent) => agent.isConnected, patienceMs);
        }
      });
    },
    4 * patienceMs,
  );

  test(
    "of PostgreSQL: the server lives on and starts it again; nothing acknowledged is lost, nothing is counted twice",
    async () => {
      const serverId = house.server.processId;
      await withFleet(async (fleet, ledger) => {
        const before = house.server.currentPostgresId();
        await strikeWhileSending(fleet, ledger, () => house.server.killPostgres());
        await until("another PostgreSQL", () => ![before, undefined].includes(house.server.currentPostgresId()));
        await until("the database to be back", async () => (await house.api("getHealth")).status === "ok");
        await fleet.until((agent) => agent.isConnected, patienceMs);
      });
      expect(house.server.isRunning).toBe(true);
      expect(house.server.processId).toBe(serverId);
    },
    3 * patienceMs,
  );
});

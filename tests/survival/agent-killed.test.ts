/** kill -9 of a real agent, at the worst moments of its sending. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { patienceMs, testLimitMs, until } from "@hauswart/testkit/until.ts";
import { openHouse, type House } from "./support/house.ts";
import { storedBatches } from "./support/ledger.ts";
import { enrolAgent, measureNow, newAgent, untilCurrent } from "./support/real-agent.ts";
import { Relay } from "./support/relay.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
}, testLimitMs);

afterAll(async () => {
  await house?.stop();
}, testLimitMs);

test(
  "kill -9 of an agent in the middle of sending: what it measured arrives, once",
  async () => {
    await using relay = new Relay(house.server.url);
    await using agent = newAgent();
    const deviceId = await enrolAgent(house, agent, { url: relay.url });

    const killAndComeBack = async () => {
      await agent.end("SIGKILL");
      relay.batches = "through";
      relay.acknowledgements = "through";
      agent.run();
      await untilCurrent(agent);
    };
    const measure = async () => {
      const before = relay.batchesHeard;
      await measureNow(house, deviceId);
      await until("the agent's next batch", () => relay.batchesHeard > before);
    };

    agent.run();
    await untilCurrent(agent);

    // Stored, but the agent dies before it hears so: it sends again what is there already.
    relay.acknowledgements = "lost";
    for (let count = 0; count < 3; count++) await measure();
    await until("the server to have stored them", () => relay.ledger.underWay === 0);
    await killAndComeBack();

    // Sent into the void.
    relay.batches = "lost";
    for (let count = 0; count < 3; count++) await measure();
    expect(relay.ledger.underWay).toBeGreaterThan(0);
    await killAndComeBack();

    // Killed while it measures, writes or sends, wherever it may be.
    for (let count = 0; count < 3; count++) {
      await measureNow(house, deviceId);
      await Bun.sleep(count * 20);
      await killAndComeBack();
    }

    // It still runs, and may be measuring what it was asked for last.
    await until("all that was sent to be acknowledged", () => relay.ledger.underWay === 0);
    expect(await relay.ledger.discrepancies(house)).toEqual([]);
    const stored = await storedBatches(house, deviceId);
    expect(new Set(stored.map(({ stream }) => stream)).size).toBe(1);
    expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_, at) => at + 1));
    expect(await house.findings(deviceId, "samples-dropped")).toEqual([]);
  },
  4 * patienceMs,
);

/** Copies of a computer: a clone that runs beside it, and a snapshot of its disk that is put back under it. Real agents. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestAgent } from "@hauswart/testkit/made-up-agent/agent-process.ts";
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

/** Copies an agent's disk, without what belongs to the running process of this one computer. */
function copyDisk(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, filter: (path) => !/agent\.sock$|running\.lock$/.test(path) });
}

const untilRefused = (agent: TestAgent, code: string) =>
  agent.until(({ link }) => link.state === "waiting" && (link.reason ?? "").includes(code));

test(
  "a cloned agent: both are shut out with a visible finding, and enrolling anew heals it",
  async () => {
    await using original = newAgent();
    await using clone = newAgent();
    const deviceId = await enrolAgent(house, original);
    original.run();
    await untilCurrent(original);
    // What is copied stands still meanwhile.
    await original.end("SIGTERM");
    copyDisk(original.data.path, clone.data.path);
    original.run();
    await untilCurrent(original);
    clone.run();

    await untilRefused(original, "DEVICE_QUARANTINED");
    await untilRefused(clone, "DEVICE_QUARANTINED");
    expect(await house.openFinding(deviceId, "cloned")).toMatchObject({ severity: "failure", deviceId });
    expect(await house.api("getDevice", { params: { deviceId } })).toMatchObject({ lifecycle: "quarantined" });
    const before = (await storedBatches(house, deviceId)).length;

    // Coming again does not help, whoever of the two it is.
    await clone.end("SIGKILL");
    clone.run();
    await untilRefused(clone, "DEVICE_QUARANTINED");
    expect((await storedBatches(house, deviceId)).length).toBe(before);

    await original.end("SIGTERM");
    expect(await enrolAgent(house, original)).toBe(deviceId);
    original.run();
    await untilCurrent(original);
    await until("the finding to be closed", async () =>
      (await house.findings(deviceId, "cloned")).every(({ state }) => state === "closed"),
    );
    expect(await house.api("getDevice", { params: { deviceId } })).toMatchObject({ lifecycle: "active" });

    // The copy still holds the old key, which opens nothing any more and harms nobody.
    await clone.end("SIGKILL");
    clone.run();
    await untilRefused(clone, "SIGNATURE_INVALID");
    await original.until(({ link }) => link.state === "connected");
  },
  3 * patienceMs,
);

test(
  "a disk snapshot is restored under an agent: a finding says so, nothing is lost, nothing is counted twice",
  async () => {
    await using relay = new Relay(house.server.url);
    await using agent = newAgent();
    const snapshot = mkdtempSync(join(tmpdir(), "hauswart-snapshot-"));
    const deviceId = await enrolAgent(house, agent, { url: relay.url, siteId: await house.addSite("Laden") });
    const measure = async () => {
      const before = relay.batchesHeard;
      await measureNow(house, deviceId);
      await until("the agent's next batch", () => relay.batchesHeard > before);
    };
    try {
      agent.run();
      await untilCurrent(agent);
      // The snapshot holds two batches of which its agent does not know that they are stored.
      relay.acknowledgements = "lost";
      await measure();
      await measure();
      await until("the server to have stored them", () => relay.ledger.underWay === 0);
      await agent.end("SIGKILL");
      copyDisk(agent.data.path, snapshot);

      relay.acknowledgements = "through";
      agent.run();
      await untilCurrent(agent);
      for (let count = 0; count < 3; count++) await measure();
      await untilCurrent(agent);
      expect(await house.findings(deviceId, "ran-backwards")).toEqual([]);
      await agent.end("SIGKILL");
      copyDisk(snapshot, agent.data.path);

      agent.run();
      expect(await house.openFinding(deviceId, "ran-backwards")).toMatchObject({ severity: "warning" });
      await untilCurrent(agent);
      await measure();
      await untilCurrent(agent);
      await until("everything to be stored", () => relay.ledger.underWay === 0);
    } finally {
      rmSync(snapshot, { recursive: true, force: true });
    }

    const stored = await storedBatches(house, deviceId);
    expect(new Set(stored.map(({ stream }) => stream)).size).toBe(2);
    const numbers = stored.map(({ stream, sequence }) => `${stream} ${sequence}`);
    expect(numbers.length).toBe(new Set(numbers).size);
    expect(timesStored(relay, stored)).toEqual(expect.objectContaining({ samples: expect.any(Number), missing: 0, repeated: 0 }));
    expect(await house.findings(deviceId, "samples-dropped")).toEqual([]);
  },
  3 * patienceMs,
);

/** Looks for each acknowledged measurement of memory in what is stored; its exact bytes tell one measurement from the next. */
function timesStored(
  relay: Relay,
  stored: Awaited<ReturnType<typeof storedBatches>>,
): { samples: number; missing: number; repeated: number } {
  const measured = new Map<string, { check: number; marks: number[] }>();
  for (const { check, ok } of relay.ledger.acknowledgedSamples()) {
    if (typeof ok?.["availableBytes"] !== "number" || typeof ok["committedBytes"] !== "number") continue;
    const marks = [ok["availableBytes"], ok["committedBytes"]];
    measured.set(marks.join(), { check, marks });
  }
  const counts = [...measured.values()].map(({ check, marks }) => {
    const all = stored.flatMap(({ samples }) => samples);
    return all.filter((sample) => sample.check === check && marks.every((mark) => sample.values.includes(mark))).length;
  });
  expect(counts.length).toBeGreaterThan(3);
  return {
    samples: counts.length,
    missing: counts.filter((count) => count === 0).length,
    repeated: counts.filter((count) => count > 1).length,
  };
}

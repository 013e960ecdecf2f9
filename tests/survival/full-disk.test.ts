/** The disk under the database is full: it is said clearly, agents keep what they measure, and all goes on by itself when there is room again. */
import { expect } from "bun:test";
import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeLoopVolume } from "@hauswart/testkit/loop-volume.ts";
import { testNeeding, whyNoLoopVolume } from "@hauswart/testkit/needs.ts";
import { patienceMs, until } from "@hauswart/testkit/until.ts";
import { openHouse } from "./support/house.ts";
import { Ledger } from "./support/ledger.ts";

const volumeBytes = 640 * 1024 * 1024;
const agents = 20;

testNeeding(whyNoLoopVolume())(
  "a full disk under the database: a clear state, agents keep their data, recovery without a restart, nothing acknowledged is lost",
  async () => {
    await using volume = await makeLoopVolume({ sizeBytes: volumeBytes });
    const dataDirectory = join(volume.mountPoint, "data");
    await mkdir(dataDirectory);
    // PostgreSQL's account has to get there.
    for (const folder of [dirname(volume.mountPoint), volume.mountPoint, dataDirectory]) await chmod(folder, 0o755);
    const house = await openHouse({}, dataDirectory);
    try {
      const processId = house.server.processId;
      const ledger = new Ledger();
      const fleet = await house.connect(await house.enrol(agents), { wrapSocket: ledger.wrap });
      const measuring = setInterval(() => {
        for (const agent of fleet.agents) agent.measure(Date.now());
      }, 50);
      try {
        await until("ingest under way", () => ledger.acknowledged > 5 * agents);
        await volume.fill();

        const { problems } = await until("the server to say that it fails", async () => {
          const health = await house.api("getHealth");
          return health.status === "failing" && health.problems.some((problem) => problem.includes("full")) && health;
        });
        expect(problems.join(" ")).toContain("disk");
        await until("readiness to say no", async () => (await fetch(`${house.server.url}/api/v1/ready`)).status === 503);
        await until("the agents to hold what they measured", () =>
          fleet.agents.every(({ buffer }) => buffer.highestSequence > buffer.acknowledgedSequence),
        );

        // The worst case: it has to recover and finds no room for that.
        house.server.killPostgres();
        await volume.fill();
        await until("the server to miss its database", async () =>
          (await house.api("getHealth")).problems.some((problem) => problem.includes("reached")),
        );

        await volume.free();
        await until("the server to be well again", async () => (await house.api("getHealth")).status === "ok");
      } finally {
        clearInterval(measuring);
      }
      await fleet.until((agent) => agent.isCurrent, patienceMs);
      expect((await fetch(`${house.server.url}/api/v1/ready`)).status).toBe(200);
      expect(await ledger.discrepancies(house)).toEqual([]);
      expect(ledger.underWay).toBe(0);
      expect(house.server.processId).toBe(processId);
      expect(house.server.isRunning).toBe(true);
      await fleet.stop();
    } catch (error) {
      throw new Error(`The server wrote:\n${house.server.output.slice(-6_000)}`, { cause: error });
    } finally {
      await house.stop();
    }
  },
  4 * patienceMs,
);

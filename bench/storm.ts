/**
 * The server is killed (kill -9) with 5,000 agents connected and batches of theirs under way, and started again ten seconds
 * later. The clock starts when the new process is launched and stops when every agent has been connected with everything that
 * it had measured by then acknowledged. Agents go on measuring all the time: twenty checks a minute each.
 *
 * Then each agent's messages, written down as they left it, are compared value by value with the rows in PostgreSQL. The fleet
 * is well all along, so every finding that appears is a false one.
 */
import type { Fleet } from "@hauswart/simulator/fleet.ts";
import { assignTwentyChecks, connectFleet, enrolFleet, signIn } from "./support/bench-fleet.ts";
import { withDatabase } from "./support/bench-database.ts";
import { pause, rounded, type Benchmark } from "./support/benchmark.ts";
import { Ledger } from "./support/ledger.ts";
import { startServerUnderTest, type ServerUnderTest } from "./support/server-under-test.ts";

const agents = 5_000;
const sites = 50;
const awayMs = 10_000;
const patienceMs = 120_000;

const underWay = ({ agents }: Fleet) => agents.reduce((sum, { buffer }) => sum + buffer.highestSequence - buffer.acknowledgedSequence, 0);

/** Everybody measures everything at once; in the middle of that the server dies. @returns messages that were under way. */
async function killInTheMiddle(server: ServerUnderTest, fleet: Fleet): Promise<number> {
  for (const agent of fleet.agents) agent.measure(Date.now());
  const all = underWay(fleet);
  const deadline = Date.now() + 30_000;
  while (underWay(fleet) > all / 2 && Date.now() < deadline) await pause(1);
  const left = underWay(fleet);
  if (left === 0) throw new Error("Nothing was under way when the server was to be killed.");
  await server.kill();
  return left;
}

/** @returns seconds until every agent was connected and had nothing unacknowledged, once at least. */
async function untilCurrent(fleet: Fleet, startMs: number): Promise<number> {
  let waiting = [...fleet.agents];
  let lastMs = performance.now();
  while (waiting.length > 0) {
    if (performance.now() - startMs > patienceMs)
      throw new Error(`${waiting.length} of ${fleet.agents.length} agents are not current after ${patienceMs / 1_000} s.`);
    await pause(10);
    const before = waiting.length;
    waiting = waiting.filter((agent) => !agent.isCurrent);
    if (waiting.length < before) lastMs = performance.now();
  }
  return (lastMs - startMs) / 1_000;
}

async function findingsOf(server: ServerUnderTest): Promise<readonly { name: string; count: number }[]> {
  return withDatabase(server, (database) =>
    database.unwalled("benchmark: findings", (tx) =>
      tx.sql<{ name: string; count: number }>(
        "select check_id || ' ' || code as name, count(*) as count from hauswart.finding group by 1 order by 1",
      ),
    ),
  );
}

export default {
  description:
    "The server dies with all agents connected: how soon all is current again, and whether anything is lost, doubled or made up.",
  measures: {
    secondsToCurrent: { reaches: "≤ 60" },
    lostValues: { reaches: "0" },
    doubledValues: { reaches: "0" },
    falseFindings: { reaches: "0" },
  },
  async run({ quick, say }) {
    const count = quick ? 500 : agents;
    const server = await startServerUnderTest();
    try {
      const api = await signIn(server);
      await assignTwentyChecks(api);
      say(`enrolling ${count} devices`);
      const enrolled = await enrolFleet(api, server, count, sites);
      const ledger = new Ledger();
      say("connecting");
      const fleet = await connectFleet(server, enrolled, { wrapSocket: ledger.wrapSocket });
      await fleet.until((agent) => agent.isCurrent, patienceMs);
      await pause(quick ? 1_000 : 5_000);
      const left = await killInTheMiddle(server, fleet);
      say(`the server was killed with ${left} messages under way; starting it again in ${awayMs / 1_000} s`);
      await pause(awayMs);
      const startMs = performance.now();
      const [seconds] = await Promise.all([
        untilCurrent(fleet, startMs),
        server.restart().then(() => say(`the server answers after ${rounded((performance.now() - startMs) / 1_000)} s`)),
      ]);
      say(`all are current after ${rounded(seconds)} s`);
      // What is to be held against the server shows up now: sweeps run every few seconds.
      await pause(quick ? 2_000 : 12_000);
      fleet.rest();
      await fleet.until((agent) => agent.isCurrent, 60_000);
      const compared = await withDatabase(server, (database) => ledger.compare(database, fleet.agents));
      say(`${compared.sent} values compared`);
      const findings = await findingsOf(server);
      for (const { name, count: times } of findings) say(`false finding: ${name}, ${times} times`);
      await fleet.stop();
      return {
        secondsToCurrent: rounded(seconds),
        lostValues: compared.lost,
        doubledValues: compared.doubled,
        falseFindings: findings.reduce((sum, finding) => sum + finding.count, 0),
      };
    } finally {
      await server.stop();
    }
  },
} satisfies Benchmark;

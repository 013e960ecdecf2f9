/**
 * What an enrolled agent costs in the server's memory: 5,000 agents over TLS, each with twenty judged checks, all measured.
 *
 * The figure is (resident memory of the server's process with them − resident memory of the same process before them) / 5,000.
 * Before: the server was started anew after the enrolment, so that what the enrolment left behind hides nothing; then a few
 * hundred other agents connected, measured everything and went away again, so that code, pools and buffers that are there once
 * are in neither side of the difference. With them: every agent is connected and every check of each has been measured and
 * acknowledged; then all go on measuring on their own schedule for more than a cycle, so that garbage of the ordinary work
 * counts too. Both are medians of readings a second apart. PostgreSQL's processes are not counted.
 */
import { assignTwentyChecks, connectFleet, enrolFleet, signIn, type EnrolledFleet } from "./support/bench-fleet.ts";
import { pause, percentile, rounded, type Benchmark } from "./support/benchmark.ts";
import { memoryOf } from "./support/process-usage.ts";
import { startServerUnderTest, type ServerUnderTest } from "./support/server-under-test.ts";

const agents = 5_000;
const warmUpAgents = 250;
const sites = 50;

/** Some of an enrolled fleet. */
const part = ({ computers, devices, siteIds }: EnrolledFleet, from: number, to: number): EnrolledFleet => ({
  computers: computers.slice(from, to),
  devices: devices.slice(from, to),
  siteIds,
});

/** Median of the server's resident memory over some seconds, bytes. */
async function residentBytes(server: ServerUnderTest, seconds: number): Promise<number> {
  const readings: number[] = [];
  for (let second = 0; second < seconds; second++) {
    readings.push(memoryOf(server.processId).residentBytes);
    await pause(1_000);
  }
  return percentile(readings, 0.5);
}

/** Connects agents and waits until all their checks are measured and acknowledged. */
async function connectAndMeasure(server: ServerUnderTest, enrolled: EnrolledFleet) {
  const fleet = await connectFleet(server, enrolled);
  const few = fleet.agents.filter(({ planned }) => planned.length < 20).length;
  if (few > 0) throw new Error(`${few} agents run fewer than twenty checks.`);
  await fleet.until((agent) => agent.buffer.acknowledgedSequence > 0 && agent.isCurrent, 60_000);
  return fleet;
}

export default {
  description: "Server memory of an enrolled agent with twenty judged checks, over TLS.",
  measures: { rssKbPerAgent: { reaches: "≤ 15" } },
  async run({ quick, say }) {
    const [count, warmUp, cycleSeconds] = quick ? [500, 50, 5] : [agents, warmUpAgents, 65];
    const server = await startServerUnderTest();
    try {
      const api = await signIn(server);
      await assignTwentyChecks(api);
      say(`enrolling ${count + warmUp} devices`);
      const enrolled = await enrolFleet(api, server, count + warmUp, sites);
      await server.end();
      await server.restart();
      say("warming up");
      const first = await connectAndMeasure(server, part(enrolled, count, count + warmUp));
      await pause(quick ? 1_000 : 10_000);
      await first.stop("agent-stop");
      await pause(2_000);
      const before = await residentBytes(server, 5);
      say(`${Math.round(before / 1e6)} MB before; connecting ${count} agents`);
      const fleet = await connectAndMeasure(server, part(enrolled, 0, count));
      say(`${Math.round(memoryOf(server.processId).residentBytes / 1e6)} MB with all measured; a cycle of ordinary work`);
      await pause(cycleSeconds * 1_000);
      const after = await residentBytes(server, 10);
      if (fleet.connected < count) throw new Error(`Only ${fleet.connected} of ${count} agents stayed connected.`);
      say(`${Math.round(after / 1e6)} MB with them`);
      await fleet.stop();
      return { rssKbPerAgent: rounded((after - before) / 1_024 / count) };
    } finally {
      await server.stop();
    }
  },
} satisfies Benchmark;

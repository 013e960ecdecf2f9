/**
 * What the agent costs the computer that it watches: the built Linux executable as a service of a systemd-nspawn computer, over
 * TLS to a real server, with twenty instances of checks (all six kinds in turn), each measured every minute.
 *
 * Read from outside, for the agent's process alone: Rss and Anonymous of /proc/PID/smaps_rollup, user and system time of
 * /proc/PID/stat (children that have ended included) over five minutes, which begin when every check has been measured and a
 * minute has passed since. Memory is the largest of readings ten seconds apart. Before the agent starts, the executable that was just
 * written is dropped from the page cache, as it is not there after a computer's start either. At the end each of the twenty
 * must have evidence younger than two cycles, or the run counts for nothing.
 */
import type { Client } from "@hauswart/protocol/api/client.ts";
import { whyNoMachine } from "@hauswart/testkit/needs.ts";
import { bootMachine } from "@hauswart/testkit/nspawn.ts";
import { installAgent, processOf, watchProcess } from "./support/agent-on-machine.ts";
import { assignTwentyMixedChecks, signIn } from "./support/bench-fleet.ts";
import { pause, rounded, type Benchmark } from "./support/benchmark.ts";
import { startServerUnderTest } from "./support/server-under-test.ts";

const cycleMs = 60_000;
const megabyte = 1_048_576;

/** Instances whose newest measurement yielded values less than `withinMs` ago. */
async function measuredChecks(api: Client, deviceId: string, withinMs: number): Promise<string[]> {
  const { items } = await api("listDeviceChecks", { params: { deviceId } });
  return items
    .filter(({ state, evidenceAt }) => state !== "unknown" && evidenceAt !== null && Date.now() - Date.parse(evidenceAt) < withinMs)
    .map(({ check, instance }) => `${check} ${instance}`);
}

async function untilAllMeasured(api: Client, deviceId: string): Promise<void> {
  const deadline = Date.now() + 2 * cycleMs;
  for (;;) {
    const measured = await measuredChecks(api, deviceId, cycleMs * 2);
    if (measured.length === 20) return;
    if (Date.now() > deadline) throw new Error(`Only ${measured.length} of twenty checks yield values: ${measured.join(", ")}.`);
    await pause(1_000);
  }
}

export default {
  description: "Memory and processor time of the built agent on a real Linux computer, with twenty checks a minute.",
  measures: { rssMb: { reaches: "≤ 45" }, anonymousMb: { reaches: "≤ 10" }, cpuSecondsPer5Min: { reaches: "≤ 0.3" } },
  whyNot: whyNoMachine,
  async run({ quick, say }) {
    const watchMs = quick ? cycleMs : 5 * cycleMs;
    const server = await startServerUnderTest();
    try {
      const api = await signIn(server);
      await assignTwentyMixedChecks(api);
      await using machine = await bootMachine();
      const deviceId = await installAgent(api, server, machine);
      await untilAllMeasured(api, deviceId);
      say("all twenty checks yield values; settling");
      await pause(quick ? 5_000 : cycleMs);
      const processId = await processOf(machine, "hauswart-agent");
      const usage = await watchProcess(processId, watchMs);
      if ((await processOf(machine, "hauswart-agent")) !== processId) throw new Error("The agent was started anew while it was watched.");
      await untilAllMeasured(api, deviceId);
      return {
        rssMb: rounded(usage.residentBytes / megabyte),
        anonymousMb: rounded(usage.anonymousBytes / megabyte),
        cpuSecondsPer5Min: rounded((usage.cpuSeconds / usage.seconds) * 300),
      };
    } finally {
      await server.stop();
    }
  },
} satisfies Benchmark;

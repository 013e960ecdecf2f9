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
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Client } from "@hauswart/protocol/api/client.ts";
import { whyNoMachine } from "@hauswart/testkit/needs.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { buildAgent } from "../tools/build-agent.ts";
import { assignTwentyMixedChecks, signIn } from "./support/bench-fleet.ts";
import { pause, rounded, type Benchmark } from "./support/benchmark.ts";
import { cpuSecondsOf, memoryOf } from "./support/process-usage.ts";
import { startServerUnderTest, type ServerUnderTest } from "./support/server-under-test.ts";

const program = "/usr/local/bin/hauswart-agent";
const cycleMs = 60_000;
const readEveryMs = 10_000;
const megabyte = 1_048_576;

/** Enrols the machine's agent, installs it as its service and starts it anew with a cold page cache. @returns the device's id */
async function installAgent(api: Client, server: ServerUnderTest, machine: Machine): Promise<string> {
  const { customerId } = await api("createCustomer", { body: { name: "Customer" } });
  const { siteId } = await api("createSite", { body: { customerId, name: "Site" } });
  const { token } = await api("createEnrolmentToken", { body: { siteId, uses: 1, role: "server", validHours: 1 } });
  await machine.installFile((await buildAgent()).path, "/opt/hauswart-agent");
  await machine.writeFile("/opt/ca.pem", server.certificate);
  await machine.mustRun(["/opt/hauswart-agent", "enrol", "--server", server.url, "--ca", "/opt/ca.pem"], {
    environment: { HAUSWART_AGENT_TOKEN: token },
  });
  await machine.mustRun(["/opt/hauswart-agent", "install"]);
  await machine.mustRun(["systemctl", "stop", "hauswart-agent"]);
  await machine.mustRun(["sh", "-c", `sync; dd of=${program} oflag=nocache conv=notrunc,fdatasync count=0`]);
  await machine.mustRun(["systemctl", "start", "hauswart-agent"]);
  const { items } = await api("listDevices");
  return items[0]!.deviceId;
}

/** The agent's process as this computer sees it. Throws when it does not run. */
async function agentProcess(machine: Machine): Promise<number> {
  const machineId = await machine.readFile("/etc/machine-id");
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const isAgent = basename(readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0")[0]!) === "hauswart-agent";
      if (isAgent && readFileSync(`/proc/${name}/root/etc/machine-id`, "utf8") === machineId) return Number(name);
    } catch {
      // It ended while we looked, or is a thread of the kernel.
    }
  }
  throw new Error("The agent does not run.");
}

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
      const processId = await agentProcess(machine);
      const before = cpuSecondsOf(processId);
      const startMs = performance.now();
      const readings = [];
      while (performance.now() - startMs < watchMs) {
        readings.push(memoryOf(processId));
        await pause(Math.min(readEveryMs, Math.max(0, watchMs - (performance.now() - startMs))));
      }
      const cpuSeconds = cpuSecondsOf(processId) - before;
      const seconds = (performance.now() - startMs) / 1_000;
      if ((await agentProcess(machine)) !== processId) throw new Error("The agent was started anew while it was watched.");
      await untilAllMeasured(api, deviceId);
      return {
        rssMb: rounded(Math.max(...readings.map(({ residentBytes }) => residentBytes)) / megabyte),
        anonymousMb: rounded(Math.max(...readings.map(({ anonymousBytes }) => anonymousBytes)) / megabyte),
        cpuSecondsPer5Min: rounded((cpuSeconds / seconds) * 300),
      };
    } finally {
      await server.stop();
    }
  },
} satisfies Benchmark;

/** The built agent as a service of a systemd-nspawn computer, and what it takes there, read from outside. */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Client } from "@hauswart/protocol/api/client.ts";
import type { Machine } from "@hauswart/testkit/nspawn.ts";
import { buildAgent } from "../../tools/build-agent.ts";
import { pause } from "./benchmark.ts";
import { cpuSecondsOf, memoryOf } from "./process-usage.ts";
import type { ServerUnderTest } from "./server-under-test.ts";

const program = "/usr/local/bin/hauswart-agent";
const readEveryMs = 10_000;

/**
 * Enrols the machine's agent, installs it as its service and starts it anew with a cold page cache: the executable that was
 * just written is dropped from it, as it is not there after a computer's start either.
 * @param address where the agent finds the server; the server's own when left out
 * @returns the device's id
 */
export async function installAgent(api: Client, server: ServerUnderTest, machine: Machine, address = server.url): Promise<string> {
  const { customerId } = await api("createCustomer", { body: { name: "Customer" } });
  const { siteId } = await api("createSite", { body: { customerId, name: "Site" } });
  const { token } = await api("createEnrolmentToken", { body: { siteId, uses: 1, role: "server", validHours: 1 } });
  await machine.installFile((await buildAgent()).path, "/opt/hauswart-agent");
  await machine.writeFile("/opt/ca.pem", server.certificate);
  await machine.mustRun(["/opt/hauswart-agent", "enrol", "--server", address, "--ca", "/opt/ca.pem"], {
    environment: { HAUSWART_AGENT_TOKEN: token },
  });
  await machine.mustRun(["/opt/hauswart-agent", "install"]);
  await machine.mustRun(["systemctl", "stop", "hauswart-agent"]);
  await machine.mustRun(["sh", "-c", `sync; dd of=${program} oflag=nocache conv=notrunc,fdatasync count=0`]);
  await machine.mustRun(["systemctl", "start", "hauswart-agent"]);
  const { items } = await api("listDevices");
  return items[0]!.deviceId;
}

/** A process of the machine as this computer sees it, by the name of its program. Throws when it does not run. */
export async function processOf(machine: Machine, name: string): Promise<number> {
  const machineId = await machine.readFile("/etc/machine-id");
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const isIt = basename(readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0")[0]!) === name;
      if (isIt && readFileSync(`/proc/${entry}/root/etc/machine-id`, "utf8") === machineId) return Number(entry);
    } catch {
      // It ended while we looked, or is a thread of the kernel.
    }
  }
  throw new Error(`${name} does not run.`);
}

/** What a process took while it was watched. Memory is the largest of readings ten seconds apart. */
export interface Usage {
  readonly residentBytes: number;
  readonly anonymousBytes: number;
  /** User and system time, children that have ended included. */
  readonly cpuSeconds: number;
  readonly seconds: number;
}

/** Reads Rss and Anonymous of /proc/PID/smaps_rollup and the times of /proc/PID/stat for so long. */
export async function watchProcess(processId: number, watchMs: number): Promise<Usage> {
  const before = cpuSecondsOf(processId);
  const startMs = performance.now();
  const passedMs = () => performance.now() - startMs;
  const readings = [];
  while (passedMs() < watchMs) {
    readings.push(memoryOf(processId));
    await pause(Math.min(readEveryMs, Math.max(0, watchMs - passedMs())));
  }
  return {
    residentBytes: Math.max(...readings.map(({ residentBytes }) => residentBytes)),
    anonymousBytes: Math.max(...readings.map(({ anonymousBytes }) => anonymousBytes)),
    cpuSeconds: cpuSecondsOf(processId) - before,
    seconds: passedMs() / 1_000,
  };
}

/**
 * What the agent costs with everything that it can watch: the built Linux executable as a service of a systemd-nspawn computer,
 * every check that is on by default at its own pace, and those that need a target with one on loopback.
 *
 * Memory and processor time as in `agent`. Traffic: bytes through a relay between agent and server in the same time, TLS
 * included, as of a day. `childrenSeen`: processes that the agent started meanwhile, looked for a hundred times a second.
 * Beside it: zabbix_agent2 of the same Debian with twenty items a minute, watched for as long. What each check costs a
 * measurement is printed as a table by `collect --costs`.
 */
import protocolChecks from "@hauswart/features/registry/protocol.ts";
import type { Client } from "@hauswart/protocol/api/client.ts";
import { whyNoMachine } from "@hauswart/testkit/needs.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { buildInstallers } from "../tools/build-installers.ts";
import { installAgent, processOf, watchProcess, type Usage } from "./support/agent-on-machine.ts";
import { signIn } from "./support/bench-fleet.ts";
import { pause, rounded, type Benchmark } from "./support/benchmark.ts";
import { startRelay } from "./support/relay.ts";
import { startServerUnderTest } from "./support/server-under-test.ts";
import { askEveryMinute, startZabbixAgent } from "./support/zabbix-agent.ts";

const megabyte = 1_048_576;
const minuteMs = 60_000;
const secondsPerDay = 86_400;

/** Checks that are off by default, each with what it needs on any computer. */
const targets: readonly { check: string; instance: string; settings: Record<string, unknown> }[] = [];

/** A free port of loopback among those that zabbix_agent2 may listen on: 1024 to 32767. */
async function freePort(): Promise<number> {
  for (let port = 21_050; port < 32_000; port += 7) {
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (isFree) return port;
  }
  throw new Error("There is no free port for zabbix_agent2.");
}

/** Waits until every check has answered once, be it that there is nothing to measure. */
async function untilAllAnswered(api: Client, deviceId: string): Promise<number> {
  const deadline = Date.now() + 5 * minuteMs;
  for (;;) {
    const { items } = await api("listDeviceChecks", { params: { deviceId } });
    const silent = items.filter(({ evidenceAt }) => evidenceAt === null).map(({ check }) => check);
    if (items.length > 0 && silent.length === 0) return items.length;
    if (Date.now() > deadline) throw new Error(`These checks do not answer: ${silent.join(", ")}.`);
    await pause(2_000);
  }
}

/** Ids of processes below one that are seen until `isOver`. */
async function watchChildren(processId: number, isOver: () => boolean): Promise<Set<string>> {
  const seen = new Set<string>();
  while (!isOver()) {
    for (const thread of readdirSync(`/proc/${processId}/task`)) {
      const path = `/proc/${processId}/task/${thread}/children`;
      if (existsSync(path)) for (const child of readFileSync(path, "utf8").split(" ").filter(Boolean)) seen.add(child);
    }
    await pause(10);
  }
  return seen;
}

async function sayCosts(machine: Machine, say: (line: string) => void): Promise<void> {
  say(await machine.mustRun(["hauswart-agent", "collect", "--costs"], { timeoutMs: 5 * minuteMs }));
}

const per5Minutes = ({ cpuSeconds, seconds }: Usage) => (cpuSeconds / seconds) * 300;

async function watchZabbix(machine: Machine, watchMs: number): Promise<Usage> {
  const port = await freePort();
  await startZabbixAgent(machine, port);
  await pause(5_000);
  let isOver = false;
  const asking = askEveryMinute(port, () => isOver);
  const usage = await watchProcess(await processOf(machine, "zabbix_agent2"), watchMs);
  isOver = true;
  await asking;
  return usage;
}

async function packageMegabytes(file: string): Promise<number> {
  const [result] = await buildInstallers([file]);
  if (!result?.built) throw new Error(`${file} cannot be built: ${result?.problem ?? "nobody says why"}`);
  return rounded(result.built.bytes / megabyte);
}

export default {
  description: "Memory, processor time and traffic of the built agent with every check, beside zabbix_agent2.",
  measures: {
    rssMb: { reaches: "≤ 50" },
    anonymousMb: { reaches: "≤ 16" },
    cpuSecondsPer5Min: { reaches: "≤ 0.6" },
    childrenSeen: { reaches: "0" },
    trafficMbPerDay: { reaches: "≤ 1" },
    packageMb: { reaches: "≤ 45" },
    msiMb: { reaches: "≤ 60" },
    zabbixCpuSecondsPer5Min: { reaches: "for comparison" },
    cpuRatioToZabbix: { reaches: "for comparison" },
    rssRatioToZabbix: { reaches: "for comparison" },
  },
  whyNot: whyNoMachine,
  async run({ quick, say }) {
    const watchMs = quick ? minuteMs : 5 * minuteMs;
    const packageMb = await packageMegabytes("hauswart-agent-linux-x64.deb");
    const msiMb = await packageMegabytes("hauswart-agent-windows-x64.msi");
    const server = await startServerUnderTest();
    const relay = await startRelay(server.url);
    try {
      const api = await signIn(server);
      await api("createPolicy", {
        body: { name: "Everything", checks: [...targets], assignments: [{ scope: "provider", scopeId: "" }] },
      });
      await using machine = await bootMachine({ packages: ["zabbix-agent2"] });
      await machine.mustRun(["systemctl", "disable", "--now", "zabbix-agent2"]);
      const deviceId = await installAgent(api, server, machine, relay.address);
      const count = await untilAllAnswered(api, deviceId);
      say(`${count} of ${protocolChecks.length} kinds of checks answer; settling`);
      await pause(quick ? 5_000 : minuteMs);
      const processId = await processOf(machine, "hauswart-agent");
      let isOver = false;
      const children = watchChildren(processId, () => isOver);
      const bytesBefore = relay.bytes();
      const usage = await watchProcess(processId, watchMs);
      const bytes = relay.bytes() - bytesBefore;
      isOver = true;
      await sayCosts(machine, say);
      say("the same for zabbix_agent2");
      const zabbix = await watchZabbix(machine, watchMs);
      return {
        rssMb: rounded(usage.residentBytes / megabyte),
        anonymousMb: rounded(usage.anonymousBytes / megabyte),
        cpuSecondsPer5Min: rounded(per5Minutes(usage)),
        childrenSeen: (await children).size,
        trafficMbPerDay: rounded(((bytes / usage.seconds) * secondsPerDay) / megabyte),
        packageMb,
        msiMb,
        zabbixCpuSecondsPer5Min: rounded(per5Minutes(zabbix)),
        cpuRatioToZabbix: rounded(per5Minutes(usage) / per5Minutes(zabbix)),
        rssRatioToZabbix: rounded(usage.residentBytes / zabbix.residentBytes),
      };
    } finally {
      await relay.close();
      await server.stop();
    }
  },
} satisfies Benchmark;

/**
 * How soon a fault becomes a finding and a mail, while 2,000 agents send twenty checks a minute each.
 *
 * A probe stops a service on one computer and has it measured at once. Each probe is of a site of its own, because the first
 * finding of a site is mailed at once and what follows within a minute is gathered. The clock starts when the link hands the
 * sample to its socket. The finding counts when a query from outside sees its row, which it does after the commit alone; the
 * live stream would tell later, because it gathers for 100 ms. The mail counts when a real SMTP server on loopback has taken
 * the whole message. Both are looked for every millisecond or two from the process that also plays the agents, so its own
 * delays are in the figures and none is too small. Probes follow each other at fixed times, whether the last one is through or
 * not, so that a slow one does not hide those behind it.
 */
import type { Client } from "@hauswart/protocol/api/client.ts";
import { startMailServer, type MailServer } from "@hauswart/testkit/mail-server.ts";
import type { Database } from "@hauswart/server/database/database.ts";
import type { Fleet } from "@hauswart/simulator/fleet.ts";
import type { SimulatedAgent } from "@hauswart/simulator/simulated-agent.ts";
import { stopService } from "@hauswart/simulator/stories/story.ts";
import { assignTwentyChecks, connectFleet, enrolFleet, signIn } from "./support/bench-fleet.ts";
import { withDatabase } from "./support/bench-database.ts";
import { pause, percentile, rounded, type Benchmark, type BenchmarkOptions } from "./support/benchmark.ts";
import { hookSend, isBatch } from "./support/hook-send.ts";
import { startServerUnderTest } from "./support/server-under-test.ts";

const agents = 2_000;
const sites = 200;
const probes = 150;
const probeEveryMs = 350;
const lookEveryMs = 1;
const patienceMs = 15_000;

interface Probe {
  readonly agent: SimulatedAgent;
  /** Of the check instance that will notice. */
  readonly checkNumber: number;
  /** `performance.now()` of each step. */
  sentMs?: number;
  foundMs?: number;
  mailedMs?: number;
}

/** Probes by the index of their computer. */
type Probes = Map<number, Probe>;

const isWaiting = (probe: Probe) => probe.sentMs === undefined || probe.foundMs === undefined || probe.mailedMs === undefined;

/** Stops a service and has it measured. */
function launch(agent: SimulatedAgent, probes: Probes): void {
  const checkNumber = agent.planned.find(({ instance }) => instance.check === "services")!.instance.number;
  const nowMs = Date.now();
  stopService(agent.computer, 0, nowMs);
  probes.set(agent.computer.index, { agent, checkNumber });
  agent.measure(nowMs, new Set([checkNumber]));
}

/** Notes which probes' findings are committed. */
async function lookForFindings(database: Database, probes: Probes): Promise<void> {
  const waiting = [...probes.values()].filter(({ foundMs, sentMs }) => sentMs !== undefined && foundMs === undefined);
  if (waiting.length === 0) return;
  const rows = await database.unwalled("benchmark: findings", (tx) =>
    tx.sql<{ device_id: string }>(
      "select device_id from hauswart.finding where provider_id in (select provider_id from hauswart.provider) and device_id = any($1::uuid[])",
      [waiting.map(({ agent }) => agent.deviceId)],
    ),
  );
  const nowMs = performance.now();
  const found = new Set(rows.map(({ device_id }) => device_id));
  for (const probe of waiting) if (found.has(probe.agent.deviceId)) probe.foundMs = nowMs;
}

/** Notes which probes' mails have come since the last look. Simulated computers bear their index in their names. */
function lookForMails(server: MailServer, probes: Probes): void {
  const nowMs = performance.now();
  for (const { message } of server.mails.splice(0)) {
    const named = /\b(?:PC|SRV)-[A-Z]+-(\d+)\b/.exec(message.text ?? "");
    const probe = named ? probes.get(Number(named[1]) - 1) : undefined;
    if (!probe) throw new Error(`A mail about something else than a probe has come: ${message.subject}`);
    probe.mailedMs ??= nowMs;
  }
}

/** Launches the probes and watches until the last one is through. */
async function probeAll(fleet: Fleet, probes: Probes, count: number, database: Database, mailServer: MailServer): Promise<number[]> {
  const startMs = performance.now();
  const lags: number[] = [];
  let launched = 0;
  for (;;) {
    const beforeMs = performance.now();
    await pause(lookEveryMs);
    lags.push(performance.now() - beforeMs - lookEveryMs);
    while (launched < count && performance.now() - startMs >= launched * probeEveryMs) launch(fleet.agents[launched++]!, probes);
    lookForMails(mailServer, probes);
    await lookForFindings(database, probes);
    const waiting = [...probes.values()].filter(isWaiting);
    if (launched === count && waiting.length === 0) return lags;
    const late = waiting.filter(({ sentMs }) => sentMs !== undefined && performance.now() - sentMs > patienceMs);
    if (late.length > 0)
      throw new Error(`${late.length} of ${launched} probes led to no finding or no mail within ${patienceMs / 1_000} s.`);
  }
}

/** @param prepare sets up rules before the probes, as the owner */
export async function measureAlarms(
  { quick, say }: BenchmarkOptions,
  prepare: (api: Client) => Promise<void> = () => Promise.resolve(),
): Promise<{ findingP99Ms: number; mailP99Ms: number }> {
  const [agentCount, siteCount, probeCount] = quick ? [200, 30, 20] : [agents, sites, probes];
  const probesByComputer: Probes = new Map();
  await using mailServer = await startMailServer();
  const server = await startServerUnderTest({ environment: { HAUSWART_SMTP_URL: mailServer.url } });
  try {
    const api = await signIn(server);
    await assignTwentyChecks(api);
    await prepare(api);
    say(`enrolling ${agentCount} devices`);
    const enrolled = await enrolFleet(api, server, agentCount, siteCount);
    const fleet = await connectFleet(server, enrolled, {
      wrapSocket: (open, { index }) =>
        hookSend(open, (text, send) => {
          const probe = probesByComputer.get(index);
          if (probe && probe.sentMs === undefined && isBatch(text) && text.includes(`{"check":${probe.checkNumber},`))
            probe.sentMs = performance.now();
          send(text);
        }),
    });
    await fleet.until((agent) => agent.isCurrent, 60_000);
    await pause(quick ? 2_000 : 15_000);
    say(`${probeCount} probes`);
    const lags = await withDatabase(server, (database) => probeAll(fleet, probesByComputer, probeCount, database, mailServer));
    const findings = [...probesByComputer.values()].map(({ sentMs, foundMs }) => foundMs! - sentMs!);
    const mails = [...probesByComputer.values()].map(({ sentMs, mailedMs }) => mailedMs! - sentMs!);
    say(
      `medians: finding ${rounded(percentile(findings, 0.5))} ms, mail ${rounded(percentile(mails, 0.5))} ms; the driver itself was late by ${rounded(percentile(lags, 0.5))} ms (median), ${rounded(percentile(lags, 0.99))} ms (p99)`,
    );
    await fleet.stop();
    return { findingP99Ms: rounded(percentile(findings, 0.99)), mailP99Ms: rounded(percentile(mails, 0.99)) };
  } finally {
    await server.stop();
  }
}

export default {
  description: "From a sample on its way to the finding in the database and to the mail at a mail server.",
  measures: { findingP99Ms: { reaches: "≤ 100" }, mailP99Ms: { reaches: "≤ 300" } },
  run: (options) => measureAlarms(options),
} satisfies Benchmark;

/**
 * How many values a second the server judges, stores and acknowledges after the commit, and what that costs it and PostgreSQL.
 * Two thousand devices, one message = one measurement of six checks = at most 20 values; 1 % of the messages change a state, 1 % come twice.
 */
import type { OpenSocket } from "@hauswart/agent/link/socket.ts";
import protocolChecks from "@hauswart/features/registry/protocol.ts";
import { compileCodec } from "@hauswart/protocol/sample-codec.ts";
import type { CheckInstance } from "@hauswart/protocol/wire/messages.ts";
import { simulateComputer, type SimulatedComputer } from "@hauswart/simulator/computer.ts";
import type { SimulatedAgent } from "@hauswart/simulator/simulated-agent.ts";
import { rounded, type Benchmark } from "./support/benchmark.ts";
import { connectFleet, enrolFleet, signIn } from "./support/bench-fleet.ts";
import { minuteSimulations } from "./support/minute-checks.ts";
import { hookSend, isBatch } from "./support/hook-send.ts";
import { startServerUnderTest } from "./support/server-under-test.ts";

const devices = 2_000;
const sites = 100;
const messagesUnderWay = 3;
const edgeShare = 0.01;
const duplicateShare = 0.01;
const templates = 40;
const moments = 30;

/** A sample's JSON text around its time. */
type Template = readonly { readonly head: string; readonly tail: string }[];

/** Ready-made messages: driver and server share two cores, so the driver must cost little. */
interface Messages {
  /** [computer][moment][0 = well, 1 = a service is down] */
  readonly texts: readonly (readonly (readonly [Template, Template])[])[];
  readonly valuesPerMessage: number;
}

function template(computer: SimulatedComputer, instances: readonly CheckInstance[], atMs: number): Template {
  return instances.flatMap((instance) => {
    const check = minuteSimulations.find((candidate) => candidate.check === instance.check);
    if (!check) return [];
    const ok = JSON.stringify(check.sample(computer, atMs));
    return { head: `{"check":${instance.number},"at":`, tail: `,"selectionVersion":${instance.selectionVersion},"tookMs":3,"ok":${ok}}` };
  });
}

function countValues(computer: SimulatedComputer, instances: readonly CheckInstance[]): number {
  return instances.reduce((sum, { check: name }) => {
    const declared = protocolChecks.find(({ id }) => id === name)!;
    const check = minuteSimulations.find((candidate) => candidate.check === name)!;
    return sum + compileCodec(declared).split(check.sample(computer, 0)).values.length;
  }, 0);
}

function makeMessages(instances: readonly CheckInstance[], shape: (computer: SimulatedComputer) => void): Messages {
  const startMs = Date.now();
  const make = (index: number) => {
    const computer = simulateComputer(index);
    shape(computer);
    const broken = {
      ...computer,
      services: computer.services.map((service, at) => (at === 0 ? { ...service, isRunning: () => false } : service)),
    };
    return Array.from({ length: moments }, (_, moment) => {
      const atMs = startMs + moment * 60_000;
      return [template(computer, instances, atMs), template(broken, instances, startMs)] as const;
    });
  };
  const sample = simulateComputer(0);
  shape(sample);
  return { texts: Array.from({ length: templates }, (_, index) => make(index)), valuesPerMessage: countValues(sample, instances) };
}

/** Sends some messages twice, as a network does that lost an acknowledgement. */
const doubling = (open: OpenSocket): OpenSocket =>
  hookSend(open, (text, send) => {
    send(text);
    if (isBatch(text) && Math.random() < duplicateShare) send(text);
  });

/** Keeps a few messages of each agent under way until `untilMs`. */
async function drive(agents: readonly SimulatedAgent[], { texts }: Messages, untilMs: number): Promise<void> {
  const moment = agents.map((_, at) => at % moments);
  const isDown = agents.map((): 0 | 1 => 0);
  while (Date.now() < untilMs) {
    const now = Date.now();
    for (const [at, agent] of agents.entries()) {
      while (agent.buffer.highestSequence - agent.buffer.acknowledgedSequence < messagesUnderWay) {
        if (Math.random() < edgeShare) isDown[at] = isDown[at] === 0 ? 1 : 0;
        moment[at] = (moment[at]! + 1) % moments;
        agent.append(texts[at % templates]![moment[at]]![isDown[at]!].map(({ head, tail }) => head + now + tail));
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

export default {
  description: "Values judged, stored and acknowledged after commit, over TLS.",
  measures: { valuesPerSecond: { reaches: "≥ 200,000" }, cpuSecondsPerMillion: { reaches: "≤ 4" } },
  async run({ quick, say }) {
    const shape = (computer: SimulatedComputer) => void (computer.volumes.length = 1);
    const server = await startServerUnderTest();
    try {
      const api = await signIn(server);
      const count = quick ? 200 : devices;
      say(`enrolling ${count} devices`);
      const enrolled = await enrolFleet(api, server, count, quick ? 10 : sites, shape);
      const fleet = await connectFleet(server, enrolled, { isScheduled: false, wrapSocket: doubling });
      const messages = makeMessages(
        fleet.agents[0]!.planned.map(({ instance }) => instance),
        shape,
      );
      if (messages.valuesPerMessage > 20) throw new Error(`A message has ${messages.valuesPerMessage} values; at most 20 are meant.`);
      const stored = () => fleet.agents.reduce((sum, { buffer }) => sum + buffer.acknowledgedSequence, 0) * messages.valuesPerMessage;
      say(`${messages.valuesPerMessage} values a message; warming up`);
      await drive(fleet.agents, messages, Date.now() + (quick ? 2_000 : 10_000));
      const before = { values: stored(), cpu: server.cpuSeconds(), atMs: performance.now() };
      await drive(fleet.agents, messages, Date.now() + (quick ? 5_000 : 30_000));
      const after = { values: stored(), cpu: server.cpuSeconds(), atMs: performance.now() };
      const values = after.values - before.values;
      await fleet.stop();
      return {
        valuesPerSecond: rounded(values / ((after.atMs - before.atMs) / 1_000)),
        cpuSecondsPerMillion: rounded((after.cpu - before.cpu) / (values / 1e6)),
      };
    } finally {
      await server.stop();
    }
  },
} satisfies Benchmark;

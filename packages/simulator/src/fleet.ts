/** Many simulated agents in one process, on one clock, telling one story. */
import { realClock, type Clock } from "@hauswart/agent/clock.ts";
import type { OpenSocket } from "@hauswart/agent/link/socket.ts";
import { webSocketOpener } from "@hauswart/agent/link/web-socket.ts";
import type { Log } from "@hauswart/agent/log.ts";
import { agentLinkPath } from "@hauswart/protocol/wire/versions.ts";
import type { SimulatedComputer } from "./computer.ts";
import type { EnrolledDevice, ServerAccess } from "./enrol.ts";
import { SimulatedAgent } from "./simulated-agent.ts";
import type { SimulatedCheck } from "./simulated-check.ts";

export interface FleetOptions {
  readonly server: ServerAccess;
  readonly computers: readonly SimulatedComputer[];
  /** One per computer, in the same order. */
  readonly devices: readonly EnrolledDevice[];
  readonly checks: readonly SimulatedCheck[];
  /** Default true: every check is measured on its own schedule. */
  readonly isScheduled?: boolean;
  /** Of all agents; the computer's own when left out. Who hands in one that is moved by hand calls `turn` instead of `start`. */
  readonly clock?: Clock;
  /** 0 to 1, for the pauses between attempts to connect. */
  readonly random?: () => number;
  /** Stands between link and socket; benchmarks count and double messages here. */
  readonly wrapSocket?: (open: OpenSocket, computer: SimulatedComputer) => OpenSocket;
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** How often an agent looks whether something is due. */
const roundMs = 250;
/** The agents of a round have their turns in so many steps, so that a large fleet does not speak in chorus. */
const stepsPerRound = 25;

export class Fleet {
  readonly agents: readonly SimulatedAgent[];
  #timer: ReturnType<typeof setInterval> | undefined;
  /** How many agents were told to connect; the others wait for their turn. */
  #started = 0;

  private constructor(agents: readonly SimulatedAgent[]) {
    this.agents = agents;
  }

  static async create(options: FleetOptions): Promise<Fleet> {
    const { server, computers, devices, checks, isScheduled = true, wrapSocket = (open) => open } = options;
    const { clock = realClock, random = Math.random } = options;
    const url = server.url.replace(/^http/, "ws") + agentLinkPath;
    const byName = new Map(checks.map((check) => [check.check, check]));
    const surroundings = { clock, random, log: silent, checks: byName, isScheduled };
    const agents = await Promise.all(
      computers.map((computer, at) =>
        SimulatedAgent.create(computer, devices[at]!, {
          ...surroundings,
          openSocket: wrapSocket(
            webSocketOpener({
              url,
              ...(server.certificate ? { certificates: server.certificate } : {}),
              proxies: () => Promise.resolve([undefined]),
            }),
            computer,
          ),
        }),
      ),
    );
    return new Fleet(agents);
  }

  get connected(): number {
    return this.agents.filter((agent) => agent.isConnected).length;
  }

  /** Connects everybody, `perSecond` at a time, and begins to measure. Resolves when all were told to connect. */
  async start(perSecond = 500): Promise<void> {
    let step = 0;
    this.#timer = setInterval(() => this.#tick(Date.now(), step++ % stepsPerRound), roundMs / stepsPerRound);
    const atOnce = Math.max(1, Math.round(perSecond / 20));
    while (this.#started < this.agents.length) {
      const next = this.agents.slice(this.#started, this.#started + atOnce);
      for (const agent of next) if (agent.computer.isOnline(Date.now())) agent.connect();
      this.#started += next.length;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Lets everybody do what is due at this moment. Resolves when those who went have said their goodbye. */
  async turn(nowMs: number): Promise<void> {
    await Promise.all(this.agents.map((agent) => takeTurn(agent, nowMs)));
  }

  /** Resolves when the condition holds for every agent that is online. @throws after `limitMs`. */
  async until(condition: (agent: SimulatedAgent) => boolean, limitMs = 120_000): Promise<void> {
    const endMs = Date.now() + limitMs;
    for (;;) {
      const waiting = this.agents.filter((agent) => agent.computer.isOnline(Date.now()) && !condition(agent));
      if (waiting.length === 0) return;
      if (Date.now() > endMs)
        throw new Error(
          `${waiting.length} of ${this.agents.length} simulated agents did not get there within ${limitMs / 1_000} s: ${waiting.slice(0, 3).map(standingOf).join("; ")}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Measures nothing more; connections stay, and lost ones come back. */
  rest(): void {
    clearInterval(this.#timer);
  }

  /** Ends all connections. @param reason goodbye, or none: as if the power went. */
  async stop(reason?: "shutdown" | "agent-stop"): Promise<void> {
    this.rest();
    await Promise.all(this.agents.map((agent) => agent.disconnect(reason)));
  }

  #tick(nowMs: number, step: number): void {
    for (let at = step; at < this.#started; at += stepsPerRound) {
      void takeTurn(this.agents[at]!, nowMs);
    }
  }
}

/** Comes, goes or measures, as its computer does at this moment. */
async function takeTurn(agent: SimulatedAgent, nowMs: number): Promise<void> {
  const { computer } = agent;
  if (!computer.isOnline(nowMs)) return agent.disconnect(computer.goodbye(nowMs));
  agent.connect();
  agent.tick(nowMs);
}

/** For whoever waited for it in vain. */
const standingOf = ({ computer, isConnected, isConfigured, buffer }: SimulatedAgent): string =>
  `${computer.hostname} ${isConnected ? "connected" : "not connected"}, ${isConfigured ? "configured" : "not configured"}, ${buffer.acknowledgedSequence} of ${buffer.highestSequence} acknowledged`;

/** One simulated agent: the real link with a buffer in memory, measuring a computer that does not exist. */
import { MemoryBuffer } from "@hauswart/agent/buffer/memory-buffer.ts";
import type { Clock } from "@hauswart/agent/clock.ts";
import { readKey, verifierOf } from "@hauswart/agent/identity/key.ts";
import { AgentLink, type GoodbyeReason, type LinkIdentity } from "@hauswart/agent/link/link.ts";
import type { OpenSocket } from "@hauswart/agent/link/socket.ts";
import type { Log } from "@hauswart/agent/log.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { CheckInstance, Configure } from "@hauswart/protocol/wire/messages.ts";
import type { SimulatedComputer } from "./computer.ts";
import { describe, type EnrolledDevice } from "./enrol.ts";
import { noise } from "./random.ts";
import type { SimulatedCheck } from "./simulated-check.ts";

export interface AgentSurroundings {
  readonly clock: Clock;
  readonly log: Log;
  /** 0 to 1, for the pauses between attempts to connect. */
  readonly random: () => number;
  readonly openSocket: OpenSocket;
  readonly checks: ReadonlyMap<string, SimulatedCheck>;
  /** Whether measurements come by themselves, on each check's schedule. A benchmark asks for them itself. */
  readonly isScheduled: boolean;
}

interface Planned {
  readonly instance: CheckInstance;
  dueMs: number;
}

export class SimulatedAgent {
  readonly computer: SimulatedComputer;
  readonly deviceId: string;
  readonly buffer = new MemoryBuffer(10_000);
  planned: Planned[] = [];
  readonly #surroundings: AgentSurroundings;
  readonly #identity: LinkIdentity;
  readonly #versions: Readonly<Record<string, number>>;
  #link: AgentLink | undefined;
  #revision = "";
  readonly #runId = newId();

  private constructor(computer: SimulatedComputer, identity: LinkIdentity, surroundings: AgentSurroundings) {
    this.computer = computer;
    this.deviceId = identity.deviceId;
    this.#identity = identity;
    this.#surroundings = surroundings;
    this.#versions = Object.fromEntries([...surroundings.checks.values()].map(({ check, version }) => [check, version]));
  }

  static async create(computer: SimulatedComputer, device: EnrolledDevice, surroundings: AgentSurroundings): Promise<SimulatedAgent> {
    const [key, verifyServer] = await Promise.all([readKey(device.key), verifierOf(device.serverPublicKey)]);
    return new SimulatedAgent(computer, { deviceId: device.deviceId, sign: key.sign, verifyServer }, surroundings);
  }

  get isConnected(): boolean {
    return this.#link?.state.kind === "connected";
  }
  /** Whether the server has everything that was measured. */
  get isCurrent(): boolean {
    return this.isConnected && this.buffer.acknowledgedSequence === this.buffer.highestSequence;
  }
  get isConfigured(): boolean {
    return this.#revision !== "";
  }

  connect(): void {
    if (this.#link) return;
    const { clock, log, openSocket, random } = this.#surroundings;
    this.#link = new AgentLink({
      identity: this.#identity,
      runId: this.#runId,
      buffer: this.buffer,
      openSocket,
      clock,
      log,
      random,
      describeComputer: () => Promise.resolve(describe(this.computer, clock.now())),
      checks: this.#versions,
      configurationRevision: () => this.#revision,
      configure: (configuration) => this.#configure(configuration),
      removeItself: () => void this.disconnect(),
      measureNow: (numbers) => this.measure(clock.now(), numbers && new Set(numbers)),
    });
    this.#link.start();
  }

  /** @param reason said to the server; undefined breaks the connection without a word. */
  async disconnect(reason?: GoodbyeReason): Promise<void> {
    const link = this.#link;
    this.#link = undefined;
    await link?.stop(reason);
  }

  /** Measures what is due at this moment. */
  tick(nowMs: number): void {
    const due = this.planned.filter(({ dueMs }) => dueMs <= nowMs);
    if (due.length === 0) return;
    for (const planned of due) while (planned.dueMs <= nowMs) planned.dueMs += planned.instance.everySeconds * 1_000;
    this.#append(due, nowMs);
  }

  /** Measures at once: these check numbers, or all. */
  measure(nowMs: number, numbers?: ReadonlySet<number>): void {
    this.#append(
      this.planned.filter(({ instance }) => !numbers || numbers.has(instance.number)),
      nowMs,
    );
  }

  /** Queues samples that were made elsewhere, as JSON texts. */
  append(samples: readonly string[]): void {
    this.buffer.append(samples);
    this.#link?.wake();
  }

  #append(planned: readonly Planned[], nowMs: number): void {
    const samples = planned.flatMap(({ instance }) => sampleText(this.#surroundings.checks, this.computer, instance, nowMs) ?? []);
    if (samples.length > 0) this.append(samples);
  }

  #configure({ revision, checks }: Configure): void {
    this.#revision = revision;
    const now = this.#surroundings.clock.now();
    this.planned = checks.map((instance) => ({
      instance,
      // Spread over the cycle, so that nothing spikes; the same for the same device.
      dueMs: this.#surroundings.isScheduled
        ? now + noise(this.computer.seed, instance.number) * instance.everySeconds * 1_000
        : Number.POSITIVE_INFINITY,
    }));
    // What a fresh device has to say is said at once.
    if (this.#surroundings.isScheduled) this.measure(now);
  }
}

/** One measurement as JSON text; undefined for a check that is not simulated. */
export function sampleText(
  checks: ReadonlyMap<string, SimulatedCheck>,
  computer: SimulatedComputer,
  instance: CheckInstance,
  nowMs: number,
): string | undefined {
  const check = checks.get(instance.check);
  if (!check) return undefined;
  const ok: unknown = check.sample(computer, nowMs);
  const sample = { check: instance.number, at: Math.round(nowMs), selectionVersion: instance.selectionVersion, tookMs: 3, ok };
  return JSON.stringify(sample);
}

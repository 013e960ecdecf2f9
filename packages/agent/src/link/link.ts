/**
 * The agent's end of the link: connects, proves itself, makes the server prove itself, sends batches and keeps track of what is
 * stored. Knows no files, sockets or timers of its own, so that one process can play thousands of agents.
 *
 * ```
 * waiting ──▶ connecting ──challenge──▶ proving ──welcome──▶ connected
 *    ▲             │                       │                     │
 *    └─────────────┴──── closed, refused, silent, wrong ─────────┘
 * ```
 * `stopped` follows from any of them.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { agentProof, removalOrder, serverProof } from "@hauswart/protocol/wire/proofs.ts";
import type {
  AgentMessage,
  Computer,
  Configure,
  HelloUpdate,
  ServerMessage,
  SignedIn,
  Slept,
  UpdateReport,
} from "@hauswart/protocol/wire/messages.ts";
import {
  heartbeatMs,
  messageLimitBytes,
  oldestProtocolVersion,
  packedForm,
  presencePeriodMs,
  protocolVersion,
} from "@hauswart/protocol/wire/versions.ts";
import type { SampleBuffer } from "../buffer/sample-buffer.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { waitAfterRefusalMs, waitMs } from "./backoff.ts";
import { newConnection, parseMessage, type Connection } from "./connection.ts";
import type { OpenSocket } from "./socket.ts";

type Received<Type extends string> = Extract<ServerMessage, { type: Type }>;
/** Why an agent goes. */
export type GoodbyeReason = Extract<AgentMessage, { type: "goodbye" }>["reason"];

export interface LinkIdentity {
  readonly deviceId: Id;
  /** Signs with the agent's key. Base64. */
  sign(message: Uint8Array): Promise<string>;
  /** Checks a signature of the pinned server key. */
  verifyServer(message: Uint8Array, signature: string): Promise<boolean>;
}

export interface LinkOptions {
  readonly identity: LinkIdentity;
  /** New with each run of the process. */
  readonly runId: Id;
  readonly buffer: SampleBuffer;
  readonly openSocket: OpenSocket;
  /** Packs a message in `packedForm`; undefined when that is not worth it. Left out by programs that play many agents. */
  pack?(text: string): Uint8Array | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 to 1, for jitter. */
  random(): number;
  /** Read afresh for each connection. */
  describeComputer(): Promise<Computer>;
  /** Checks that can be run, with the version of their samples. */
  readonly checks: Readonly<Record<string, number>>;
  /** Revision of the configuration that is held. */
  configurationRevision(): string;
  configure(configuration: Configure): void;
  /** The server, proven, tells this agent to remove itself from the computer. The link stays away meanwhile. */
  removeItself(): void;
  /** The server asks to measure now; all checks when none are named. */
  measureNow(checks: readonly number[] | undefined): void;
  /** The computer's own network. Left out by programs that play many agents. */
  readonly network?: {
    addresses(): readonly string[];
    gateways(): Promise<readonly { readonly address: string; readonly card?: string }[]>;
    /** Looks for a neighbour; undefined where that cannot be told. */
    lookFor?(addresses: readonly string[]): Promise<{ answers: boolean | null; resolves: boolean | null }>;
  };
  /** What the server is to hear of the computer's sleep. Left out by programs that play many agents. */
  readonly sleep?: { readonly untold: readonly Slept[]; told(sleeps: readonly Slept[]): void };
  /** Hears whether the server asks who is signed in: at each connection, and when that changes. Left out by programs that play many agents. */
  signedInAsked?(isAsked: boolean): void;
  /** Left out by an agent that does not update itself. */
  readonly updates?: {
    /** What the hello says of it. */
    hello(): HelloUpdate;
    /** The server has proven itself and taken this agent in. @param wantsReports whether it knows of updates */
    welcomed(wantsReports: boolean): void;
    /** A release, to be believed for its signature alone. */
    offered(envelope: string): void;
  };
}

export type LinkState =
  | { kind: "waiting"; untilMs: number; reason: string }
  | { kind: "connecting"; sinceMs: number }
  | { kind: "proving"; sinceMs: number }
  | { kind: "connected"; sinceMs: number; epoch: number }
  | { kind: "stopped" };

/** Batches under way at once. */
const windowSize = 16;
/** Nothing more is handed to the socket while it holds this much. */
const unsentLimitBytes = 1024 * 1024;
/** From the first attempt to connect to the welcome. */
const handshakeLimitMs = 20_000;
/** The server is taken for gone when nothing at all was heard for this long. */
const silenceLimitMs = 2.5 * heartbeatMs;
/** A connection that lasted this long counts as one that worked. */
const provenMs = 30_000;
/** How long a stop waits for the last acknowledgements. */
const stopLimitMs = 3_000;
/** A computer that is about to sleep, and does not, is heard of again after this at the latest. */
const dozeMs = 60_000;
/** Wait when the server speaks none of our versions: it will not change soon. */
const unsupportedWaitSeconds = 300;

export class AgentLink {
  readonly #options: LinkOptions;
  #state: LinkState = { kind: "stopped" };
  #connection: Connection | undefined;
  #failures = 0;
  #cancelTimer: (() => void) | undefined;
  #lastAcknowledgedMs: number | undefined;
  #clockOffsetMs: number | undefined;
  #stopWaiters: (() => void)[] = [];
  #stopping = false;
  /** Until then nothing is sent: it would say that the computer stays awake. By the clock that only counts up. */
  #dozesUntilMs = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }
  /** When the server last said that something is stored; by this computer's clock. */
  get lastAcknowledgedMs(): number | undefined {
    return this.#lastAcknowledgedMs;
  }
  /** This computer's clock minus the server's, milliseconds; undefined before the first connection. */
  get clockOffsetMs(): number | undefined {
    return this.#clockOffsetMs;
  }

  start(): void {
    if (this.#state.kind === "stopped") this.#wait(waitMs(0, this.#options.random()), "starting");
  }

  /** Tells the link that the buffer holds something new. */
  wake(): void {
    this.#pump();
  }

  /** Tells how an update goes on; nothing is said to a server that would not understand it. */
  reportUpdate(report: Omit<UpdateReport, "type">): void {
    if (this.#state.kind === "connected" && this.#connection?.knowsUpdates) this.#send({ type: "update-report", ...report });
  }

  /** Tells who is signed in, which only a server that asks is told. @returns whether it could be said: not without a connection, nor to the computer's sleep */
  tellSignedIn(said: Omit<SignedIn, "type">): boolean {
    if (this.#state.kind !== "connected" || this.#options.clock.monotonic() < this.#dozesUntilMs) return false;
    this.#send({ type: "signed-in", ...said });
    return true;
  }

  /** The computer is about to sleep: says goodbye, at once and without waiting for anything, because there may be milliseconds left. */
  doze(): void {
    if (this.#state.kind !== "connected") return;
    this.#send({ type: "goodbye", reason: "sleep", at: this.#options.clock.now() });
    this.#dozesUntilMs = this.#options.clock.monotonic() + dozeMs;
  }

  /** The computer goes on. After a long sleep the server has ended the connection, though nothing told us. @param sleptMs 0 for none */
  rouse(sleptMs: number): void {
    const wasDozing = this.#dozesUntilMs !== 0;
    this.#dozesUntilMs = 0;
    const { kind } = this.#state;
    if (kind !== "stopped" && sleptMs >= presencePeriodMs / 2) {
      this.#failures = 0;
      return kind === "waiting" ? this.#wait(waitMs(0, this.#options.random()), "was asleep") : this.#fail("the computer was asleep");
    }
    if (kind !== "connected") return;
    if (wasDozing) this.#send({ type: "heartbeat", agentTime: this.#options.clock.now() });
    this.#pump();
  }

  /**
   * Ends the link: sends what is left, waits briefly until it is stored, says goodbye.
   * @param reason undefined ends without a word, as a crash would.
   */
  async stop(reason: GoodbyeReason | undefined): Promise<void> {
    this.#stopping = true;
    if (this.#state.kind === "connected" && reason) {
      this.#pump();
      await this.#untilStored();
      this.#send({ type: "goodbye", reason, at: this.#options.clock.now() });
    }
    this.#setTimer(undefined);
    const connection = this.#connection;
    this.#connection = undefined;
    this.#state = { kind: "stopped" };
    if (!connection) return;
    connection.closed = true;
    if (reason) connection.socket.close();
    else connection.socket.terminate();
  }

  #untilStored(): Promise<void> {
    if (!this.#connection?.underWay) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(stopLimitMs, resolve);
      this.#stopWaiters.push(() => {
        cancel();
        resolve();
      });
    });
  }

  // --- connecting ---

  #wait(delayMs: number, reason: string): void {
    const { clock } = this.#options;
    this.#state = { kind: "waiting", untilMs: clock.now() + delayMs, reason };
    this.#setTimer(clock.after(delayMs, () => this.#connect()));
  }

  #connect(): void {
    const { clock } = this.#options;
    this.#state = { kind: "connecting", sinceMs: clock.now() };
    this.#setTimer(clock.after(handshakeLimitMs, () => this.#fail("the server did not answer in time")));
    const connection = newConnection(clock.monotonic());
    this.#connection = connection;
    connection.socket = this.#options.openSocket({
      message: (text) => this.#receive(connection, text),
      alive: () => (connection.lastHeardMs = clock.monotonic()),
      closed: (reason) => this.#closed(connection, reason),
    });
  }

  /** Behind the messages that came before: the last of them may say why, and when to come back. */
  #closed(connection: Connection, reason: string): void {
    connection.queue = connection.queue.then(() => {
      if (connection.closed) return;
      connection.closed = true;
      this.#tryAgain(reason, undefined);
    });
  }

  /** Ends the present connection because of what we found, and tries again. */
  #fail(reason: string, retryAfterSeconds?: number): void {
    const connection = this.#connection;
    if (connection) {
      connection.closed = true;
      connection.socket.terminate();
    }
    this.#tryAgain(reason, retryAfterSeconds);
  }

  #tryAgain(reason: string, retryAfterSeconds: number | undefined): void {
    const { clock, log, random } = this.#options;
    const before = this.#state;
    this.#connection = undefined;
    for (const waiter of this.#stopWaiters.splice(0)) waiter();
    if (this.#stopping) return;
    if (before.kind === "connected" && clock.now() - before.sinceMs >= provenMs) this.#failures = 0;
    const delayMs =
      retryAfterSeconds === undefined ? waitMs(this.#failures, random()) : waitAfterRefusalMs(retryAfterSeconds, this.#failures, random());
    log.warn(before.kind === "connected" ? "connection lost" : "no connection", { reason, retryInSeconds: Math.round(delayMs / 100) / 10 });
    this.#failures++;
    this.#wait(delayMs, reason);
  }

  // --- receiving ---

  #receive(connection: Connection, text: string): void {
    if (connection.closed) return;
    connection.lastHeardMs = this.#options.clock.monotonic();
    if (text.length > messageLimitBytes) return this.#fail("the server sent a message that is too large");
    const message = parseMessage(text);
    if (!message) return this.#fail("the server sent a message that does not fit the protocol");
    if (this.#state.kind === "connected" && message.type === "acknowledge") return this.#acknowledged(connection, message);
    connection.queue = connection.queue
      .then(() => this.#handle(connection, message))
      .catch((error: unknown) => {
        if (!connection.closed) this.#fail(`handling a message failed: ${error instanceof Error ? error.message : String(error)}`);
      });
  }

  async #handle(connection: Connection, message: ServerMessage): Promise<void> {
    if (connection.closed) return;
    switch (message.type) {
      case "challenge":
        return this.#prove(connection, message);
      case "welcome":
        return this.#welcomed(connection, message);
      case "refused":
        await this.#removed(connection, message);
        return this.#fail(`refused: ${message.code}${message.detail ? ` (${message.detail})` : ""}`, message.retryAfterSeconds);
      case "acknowledge":
        return this.#acknowledged(connection, message);
      default:
        if (this.#state.kind !== "connected") return this.#fail(`the server sent "${message.type}" before it had proven itself`);
        if (message.type === "configure") this.#configure(message);
        else if (message.type === "update-offer") this.#options.updates?.offered(message.envelope);
        else if (message.type === "look-for") void this.#lookFor(connection, message);
        else this.#options.measureNow(message.checks);
    }
  }

  #configure(message: Received<"configure">): void {
    this.#options.configure(message);
    if (message.signedIn !== undefined) this.#options.signedInAsked?.(message.signedIn);
  }

  /** Not waited for: other messages go on meanwhile. */
  async #lookFor(connection: Connection, { request, addresses }: Received<"look-for">): Promise<void> {
    const seen = await this.#options.network?.lookFor?.(addresses);
    if (seen && !connection.closed && this.#state.kind === "connected") this.#send({ type: "seen", request, ...seen });
  }

  async #prove(connection: Connection, challenge: Received<"challenge">): Promise<void> {
    if (this.#state.kind !== "connecting") return this.#fail("the server sent a second challenge");
    const { buffer, clock, identity, runId, checks, network } = this.#options;
    const version = Math.min(protocolVersion, challenge.versions.newest);
    if (version < Math.max(oldestProtocolVersion, challenge.versions.oldest)) {
      return this.#fail("the server speaks no protocol version of this agent", unsupportedWaitSeconds);
    }
    this.#state = { kind: "proving", sinceMs: clock.now() };
    const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");
    connection.nonces = { agent: nonce, server: challenge.nonce };
    const [signature, computer, gateways] = await Promise.all([
      identity.sign(agentProof(challenge.nonce, nonce, identity.deviceId)),
      this.#options.describeComputer(),
      network?.gateways() ?? [],
    ]);
    if (connection.closed) return;
    connection.reportedDrops = buffer.droppedSamples;
    connection.reportedSleeps = [...(this.#options.sleep?.untold ?? [])];
    connection.helloSentMs = clock.monotonic();
    this.#send({
      type: "hello",
      version,
      deviceId: identity.deviceId,
      nonce,
      signature,
      runId,
      stream: buffer.stream,
      highestSequence: buffer.highestSequence,
      acknowledgedSequence: buffer.acknowledgedSequence,
      agentTime: clock.now(),
      computer,
      checks,
      configurationRevision: this.#options.configurationRevision(),
      droppedSamples: connection.reportedDrops,
      ...(this.#options.updates ? { update: this.#options.updates.hello() } : {}),
      ...(connection.reportedSleeps.length > 0 ? { slept: [...connection.reportedSleeps] } : {}),
      ...(network
        ? { network: { addresses: [...network.addresses()], gateways: [...gateways], looks: network.lookFor !== undefined } }
        : {}),
    });
  }

  async #welcomed(connection: Connection, welcome: Received<"welcome">): Promise<void> {
    const { buffer, clock, identity, log } = this.#options;
    if (this.#state.kind !== "proving" || !connection.nonces) return this.#fail("the server sent a welcome out of turn");
    const roundTripMs = clock.monotonic() - connection.helloSentMs;
    this.#clockOffsetMs = Math.round(clock.now() - (welcome.serverTime + roundTripMs / 2));
    const { agent, server } = connection.nonces;
    const proven = await identity.verifyServer(serverProof(agent, server, identity.deviceId), welcome.signature);
    if (connection.closed) return;
    if (!proven) return this.#fail("the server could not prove that it is the one this agent was enrolled with");
    this.#joinStream(welcome);
    buffer.droppedReported(connection.reportedDrops);
    this.#options.sleep?.told(connection.reportedSleeps);
    this.#state = { kind: "connected", sinceMs: clock.now(), epoch: welcome.epoch };
    this.#setTimer(clock.after(heartbeatMs, () => this.#beat(connection)));
    log.info("connected", { epoch: welcome.epoch, clockOffsetMs: this.#clockOffsetMs });
    connection.knowsUpdates = welcome.updates !== undefined;
    connection.unpacks = welcome.packed !== undefined && welcome.packed >= packedForm;
    this.#options.updates?.welcomed(connection.knowsUpdates);
    this.#options.signedInAsked?.(welcome.signedIn === true);
    this.#pump();
  }

  /** A removal is believed only with the pinned server's signature over this very connection. */
  async #removed(connection: Connection, { removal }: Received<"refused">): Promise<void> {
    if (removal === undefined || !connection.nonces) return;
    const { identity, log } = this.#options;
    const { agent, server } = connection.nonces;
    if (!(await identity.verifyServer(removalOrder(agent, server, identity.deviceId), removal)))
      return log.warn("somebody who is not the server told this agent to remove itself");
    if (connection.closed || this.#stopping) return;
    log.info("the server tells this agent to remove itself");
    this.#options.removeItself();
  }

  #joinStream(welcome: Received<"welcome">): void {
    const { buffer, log } = this.#options;
    if (!welcome.startNewStream && welcome.lastSequence <= buffer.highestSequence) return buffer.rewind(welcome.lastSequence);
    // The server knows more of our stream than we do: our disk was set back. What we hold goes on in a new stream.
    buffer.startNewStream();
    buffer.rewind(0);
    log.warn("the buffer is older than what the server has; a new stream begins", { stream: buffer.stream });
  }

  #acknowledged(connection: Connection, message: Received<"acknowledge">): void {
    const { buffer, clock, log } = this.#options;
    if (message.stream !== buffer.stream) {
      log.warn("the server acknowledged another stream", { stream: message.stream });
      return;
    }
    const before = buffer.acknowledgedSequence;
    buffer.acknowledge(message.sequence);
    connection.underWay = Math.max(0, connection.underWay - (buffer.acknowledgedSequence - before));
    this.#lastAcknowledgedMs = clock.now();
    this.#failures = 0;
    this.#pump();
    if (connection.underWay === 0) for (const waiter of this.#stopWaiters.splice(0)) waiter();
  }

  // --- sending ---

  #pump(): void {
    const connection = this.#connection;
    if (this.#state.kind !== "connected" || !connection) return;
    const { buffer, clock } = this.#options;
    if (clock.monotonic() < this.#dozesUntilMs) return;
    while (connection.underWay < windowSize && connection.socket.unsentBytes < unsentLimitBytes) {
      const batch = buffer.next();
      if (!batch) return;
      // Written out, because the samples are JSON already. Same shape as `Batch`.
      const text = `{"type":"batch","stream":"${buffer.stream}","sequence":${batch.sequence},"sentAt":${clock.now()},"samples":${batch.samplesJson}}`;
      // Of a backlog only the first: the server has more to do then than to unpack.
      const packed = connection.unpacks && connection.underWay === 0 ? this.#options.pack?.(text) : undefined;
      connection.underWay++;
      this.#sendMessage(connection, packed ?? text);
    }
  }

  #send(message: Exclude<AgentMessage, { type: "batch" }>): void {
    if (this.#connection) this.#sendMessage(this.#connection, JSON.stringify(message));
  }

  #sendMessage(connection: Connection, message: string | Uint8Array): void {
    connection.lastSentMs = this.#options.clock.monotonic();
    connection.socket.send(message);
  }

  /** Every half minute: shows that we live, and looks whether the server does. */
  #beat(connection: Connection): void {
    const { clock } = this.#options;
    if (connection.closed) return;
    const now = clock.monotonic();
    if (now - connection.lastHeardMs > silenceLimitMs) return this.#fail("the server has gone silent");
    this.#setTimer(clock.after(heartbeatMs, () => this.#beat(connection)));
    // A ping and its answer show each side that the other lives, at half the bytes of a message.
    if (now - Math.min(connection.lastSentMs, connection.lastHeardMs) >= heartbeatMs / 2) connection.socket.ping();
    this.#pump(); // a socket that was full may have room again
  }

  #setTimer(cancel: (() => void) | undefined): void {
    this.#cancelTimer?.();
    this.#cancelTimer = cancel;
  }
}

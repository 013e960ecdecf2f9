/**
 * The server's side of the agent protocol and nothing behind it: enrols, proves itself, configures, stores in memory,
 * acknowledges, and misbehaves on demand. For tests of the agent.
 */
import { generateKeyPairSync, sign, verify, createPublicKey, type KeyObject } from "node:crypto";
import { newId } from "@hauswart/protocol/new-id.ts";
import {
  AgentMessage,
  EnrolRequest,
  type Batch,
  type Hello,
  type Sample,
  type ServerMessage,
  type SignedIn,
} from "@hauswart/protocol/wire/messages.ts";
import { agentProof, enrolmentProof, enrolmentReceipt, removalOrder, serverProof } from "@hauswart/protocol/wire/proofs.ts";
import { agentLinkPath, enrolPath, packedForm } from "@hauswart/protocol/wire/versions.ts";
import type * as z from "zod/mini";
import { messageText } from "./packed-message.ts";
import { freePort } from "./ports.ts";

/** Prefix of a raw Ed25519 public key in its SPKI form (RFC 8410). */
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** Computers boot and wait between their attempts; and it can still be told what was waited for before a test's two minutes are over. */
const limitMs = 110_000;

export interface FakeDevice {
  readonly publicKey: KeyObject;
  stream: string;
  lastSequence: number;
  epoch: number;
}

/** How the server behaves; change it at any time. */
export interface FakeBehaviour {
  /** Token that enrolment takes. */
  token: string;
  acknowledge: boolean;
  /** Says nothing at all: no challenge, no answers. */
  silent: boolean;
  /** Signs with a key that is not the one it enrols with. */
  impostor: boolean;
  /** `removal`: tells the agent to remove itself, signed; `removal-of-another`: with the signature of another connection. */
  refuse: { code: string; retryAfterSeconds: number; order?: "removal" | "removal-of-another" } | undefined;
  versions: { oldest: number; newest: number };
  /** What its welcome says of packed messages; undefined for a server of before. */
  packed: number | undefined;
  /** Whether its welcome asks who is signed in; undefined for a server of before. */
  signedIn: boolean | undefined;
  checks: Extract<ServerMessage, { type: "configure" }>["checks"];
  /** Server time minus true time. */
  clockOffsetMs: number;
}

/** One connection, whatever carries it. */
export interface FakeConnection {
  send(text: string): void;
  close(): void;
}

export class FakeServerCore {
  readonly #keys = generateKeyPairSync("ed25519");
  readonly #otherKeys = generateKeyPairSync("ed25519");
  readonly publicKey = rawPublicKey(this.#keys.publicKey);
  readonly devices = new Map<string, FakeDevice>();
  readonly hellos: z.infer<typeof Hello>[] = [];
  readonly enrolments: z.infer<typeof EnrolRequest>[] = [];
  readonly goodbyes: string[] = [];
  heartbeats = 0;
  /** What agents said of who is signed in. */
  readonly signedIn: SignedIn[] = [];
  /** Everything stored, in order. */
  readonly samples: Sample[] = [];
  /** Messages that came packed. */
  packedMessages = 0;
  /** What agents did wrong. */
  readonly objections: string[] = [];
  readonly behaviour: FakeBehaviour = {
    token: "test-token-0123456789abcdef",
    acknowledge: true,
    silent: false,
    impostor: false,
    refuse: undefined,
    versions: { oldest: 1, newest: 1 },
    packed: packedForm,
    signedIn: undefined,
    checks: [],
    clockOffsetMs: 0,
  };
  readonly #connections = new Map<FakeConnection, { nonce: string; deviceId: string | undefined }>();
  readonly #waiters = new Set<() => void>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = () => now() + this.behaviour.clockOffsetMs;
  }

  /** Makes a device known without enrolment. @param publicKey raw, base64. */
  addDevice(deviceId: string, publicKey: string): void {
    const key = createPublicKey({ key: Buffer.concat([spkiPrefix, Buffer.from(publicKey, "base64")]), format: "der", type: "spki" });
    this.devices.set(deviceId, { publicKey: key, stream: "", lastSequence: 0, epoch: 0 });
  }

  /** Answers an enrolment: status and JSON. */
  enrol(body: unknown): { status: number; body: unknown } {
    const parsed = EnrolRequest.safeParse(body);
    if (!parsed.success) return { status: 400, body: { code: "INVALID_REQUEST", detail: parsed.error.issues[0]?.message } };
    const { token, publicKey, signature } = parsed.data;
    if (token !== this.behaviour.token)
      return { status: 401, body: { code: "ENROLMENT_TOKEN_INVALID", title: "The enrolment token is unknown, used up or expired." } };
    const deviceId = newId();
    this.addDevice(deviceId, publicKey);
    if (!verify(null, enrolmentProof(token, publicKey), this.devices.get(deviceId)!.publicKey, Buffer.from(signature, "base64"))) {
      return { status: 401, body: { code: "SIGNATURE_INVALID" } };
    }
    this.enrolments.push(parsed.data);
    return {
      status: 201,
      body: { deviceId, serverPublicKey: this.publicKey, signature: this.#sign(enrolmentReceipt(deviceId, publicKey)) },
    };
  }

  opened(connection: FakeConnection): void {
    const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");
    this.#connections.set(connection, { nonce, deviceId: undefined });
    if (!this.behaviour.silent)
      this.#send(connection, { type: "challenge", nonce, versions: this.behaviour.versions, serverTime: this.#now() });
  }

  closed(connection: FakeConnection): void {
    this.#connections.delete(connection);
    this.#changed();
  }

  received(connection: FakeConnection, received: string | Uint8Array): void {
    if (this.behaviour.silent) return;
    if (typeof received !== "string") {
      this.packedMessages++;
      if (this.behaviour.packed === undefined) this.objections.push("a packed message to a server that unpacks none");
    }
    const parsed = AgentMessage.safeParse(JSON.parse(messageText(received)));
    if (!parsed.success) {
      this.objections.push(`message does not fit: ${parsed.error.issues[0]?.path.join(".")} ${parsed.error.issues[0]?.message}`);
      return this.#changed();
    }
    const message = parsed.data;
    if (message.type === "hello") this.#greet(connection, message);
    else if (!this.#connections.get(connection)?.deviceId) this.objections.push(`${message.type} before the welcome`);
    else if (message.type === "batch") this.#store(connection, message);
    else if (message.type === "goodbye") this.goodbyes.push(message.reason);
    else if (message.type === "heartbeat") this.heartbeats++;
    else if (message.type === "signed-in") this.signedIn.push(message);
    this.#changed();
  }

  /** Sends something to every agent that is connected. */
  broadcast(message: ServerMessage | string): void {
    for (const connection of this.#connections.keys()) connection.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Ends all connections, as a crash of the server would. */
  dropConnections(): void {
    for (const connection of Array.from(this.#connections.keys())) connection.close();
  }

  /** Resolves as soon as `ready` holds; it is asked whenever something was received. Throws after some time, with what was. */
  async until(ready: () => boolean): Promise<void> {
    if (ready()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = () => ready() && resolve();
    const timer = setTimeout(
      () => reject(new Error(`Waited ${limitMs / 1_000} s in vain for this: ${ready.toString()}. ${this.#standing()}`)),
      limitMs,
    );
    this.#waiters.add(waiter);
    await promise.finally(() => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    });
  }

  #standing(): string {
    const { connectionCount, hellos, samples, heartbeats, goodbyes, objections } = this;
    const counts = `${connectionCount} connections, ${hellos.length} hellos, ${samples.length} samples, ${heartbeats} heartbeats`;
    return `The agents' server has ${counts}; goodbyes: ${JSON.stringify(goodbyes)}; objections: ${JSON.stringify(objections)}.`;
  }

  #changed(): void {
    for (const waiter of this.#waiters) waiter();
  }

  #greet(connection: FakeConnection, hello: z.infer<typeof Hello>): void {
    const { behaviour } = this;
    const state = this.#connections.get(connection)!;
    this.hellos.push(hello);
    const device = this.devices.get(hello.deviceId);
    const proof = agentProof(state.nonce, hello.nonce, hello.deviceId);
    if (!device || !verify(null, proof, device.publicKey, Buffer.from(hello.signature, "base64"))) {
      return this.#refuse(connection, "DEVICE_UNKNOWN", 600);
    }
    if (behaviour.refuse) {
      const { code, retryAfterSeconds, order } = behaviour.refuse;
      const nonce = order === "removal" ? state.nonce : proof.toString();
      const removal = order && this.#sign(removalOrder(hello.nonce, nonce, hello.deviceId));
      return this.#refuse(connection, code, retryAfterSeconds, removal);
    }
    const backwards = device.stream === hello.stream && hello.highestSequence < device.lastSequence;
    if (device.stream !== hello.stream) Object.assign(device, { stream: hello.stream, lastSequence: 0 });
    if (backwards) Object.assign(device, { stream: "", lastSequence: 0 });
    state.deviceId = hello.deviceId;
    const signature = this.#sign(serverProof(hello.nonce, state.nonce, hello.deviceId));
    this.#send(connection, {
      type: "welcome",
      version: 1,
      signature,
      epoch: ++device.epoch,
      lastSequence: device.lastSequence,
      startNewStream: backwards,
      serverTime: this.#now(),
      ...(behaviour.packed === undefined ? {} : { packed: behaviour.packed }),
      ...(behaviour.signedIn === undefined ? {} : { signedIn: behaviour.signedIn }),
    });
    const revision = `revision-${JSON.stringify(behaviour.checks).length}`;
    this.#send(connection, { type: "configure", revision, checks: behaviour.checks });
  }

  #store(connection: FakeConnection, batch: Batch): void {
    const device = this.devices.get(this.#connections.get(connection)!.deviceId!)!;
    if (device.stream === "") Object.assign(device, { stream: batch.stream, lastSequence: 0 });
    if (batch.stream !== device.stream) this.objections.push("batch of another stream");
    if (batch.sequence > device.lastSequence + 1) this.objections.push(`number ${batch.sequence} came after ${device.lastSequence}`);
    if (batch.sequence === device.lastSequence + 1) {
      device.lastSequence = batch.sequence;
      this.samples.push(...batch.samples);
    }
    if (this.behaviour.acknowledge) this.#send(connection, { type: "acknowledge", stream: device.stream, sequence: device.lastSequence });
  }

  #refuse(connection: FakeConnection, code: string, retryAfterSeconds: number, removal?: string): void {
    this.#send(connection, { type: "refused", code, retryAfterSeconds, ...(removal ? { removal } : {}) });
    connection.close();
  }

  #send(connection: FakeConnection, message: ServerMessage): void {
    connection.send(JSON.stringify(message));
  }

  #sign(message: Uint8Array): string {
    return sign(null, message, (this.behaviour.impostor ? this.#otherKeys : this.#keys).privateKey).toString("base64");
  }
}

function rawPublicKey(key: KeyObject): string {
  return Buffer.from(key.export({ format: "der", type: "spki" }))
    .subarray(-32)
    .toString("base64");
}

export interface FakeServer {
  readonly core: FakeServerCore;
  /** https://localhost:PORT, or http://… without TLS. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a real WebSocket server on loopback. @param options.port the same again, for a server that comes back. */
export async function startFakeServer(
  options: { tls?: { certificate: string; privateKey: string }; core?: FakeServerCore; port?: number; hostname?: string } = {},
): Promise<FakeServer> {
  const core = options.core ?? new FakeServerCore();
  const hostname = options.hostname ?? "127.0.0.1";
  const server = Bun.serve<{ connection: FakeConnection | undefined }>({
    port: options.port ?? (await freePort(hostname)),
    hostname,
    ...(options.tls ? { tls: { cert: options.tls.certificate, key: options.tls.privateKey } } : {}),
    async fetch(request, self) {
      const { pathname } = new URL(request.url);
      if (pathname.endsWith(agentLinkPath))
        return self.upgrade(request, { data: { connection: undefined } }) ? undefined : new Response(null, { status: 400 });
      if (pathname.endsWith(enrolPath) && request.method === "POST") {
        const answer = core.enrol(await request.json());
        return Response.json(answer.body, { status: answer.status });
      }
      return new Response(null, { status: 404 });
    },
    websocket: {
      open(socket) {
        const connection: FakeConnection = { send: (text) => void socket.send(text), close: () => socket.terminate() };
        socket.data.connection = connection;
        core.opened(connection);
      },
      message: (socket, message) => core.received(socket.data.connection!, message),
      close: (socket) => core.closed(socket.data.connection!),
    },
  });
  const host = hostname.includes(":") ? `[${hostname}]` : options.tls ? "localhost" : hostname;
  return {
    core,
    url: `${options.tls ? "https" : "http"}://${host}:${server.port}`,
    port: server.port!,
    stop: async () => {
      core.dropConnections();
      await server.stop(true);
    },
  };
}

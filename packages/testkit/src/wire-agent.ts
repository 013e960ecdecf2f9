/**
 * An agent without any sense: says exactly what a test tells it to, right or wrong, over a real WebSocket. For tests of the
 * server's end; the real agent would never say most of it.
 */
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { Computer, EnrolResponse, Hello, Sample, ServerMessage } from "@hauswart/protocol/wire/messages.ts";
import { agentProof, enrolmentProof } from "@hauswart/protocol/wire/proofs.ts";
import { agentLinkPath, enrolPath, protocolVersion } from "@hauswart/protocol/wire/versions.ts";
import { packedMessage } from "./packed-message.ts";
import { patienceMs } from "./until.ts";

export type Received<Type extends ServerMessage["type"]> = Extract<ServerMessage, { type: Type }>;

export function testComputer(change: Partial<Computer> = {}): Computer {
  return {
    hostname: "tank-1",
    system: "linux",
    systemName: "Debian GNU/Linux 12",
    systemVersion: "6.1",
    architecture: "x64",
    fingerprint: `fingerprint-${newId()}`,
    bootedAt: Date.now() - 3_600_000,
    agentVersion: "0.1.0",
    ...change,
  };
}

/** A key as an agent makes it. */
export function makeAgentKey(): { readonly privateKey: KeyObject; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { privateKey, publicKey: Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url").toString("base64") };
}

export interface WireAgentOptions {
  /** Address of the server, without path. */
  readonly url: string;
  readonly deviceId: Id;
  readonly privateKey: KeyObject;
  readonly computer?: Computer;
}

/** Enrols over the real endpoint. @returns the answer's status and body, and the key. */
export async function enrolOverHttp(url: string, token: string, computer: Computer, key = makeAgentKey()) {
  const signature = sign(null, enrolmentProof(token, key.publicKey), key.privateKey).toString("base64");
  const response = await fetch(url + enrolPath, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token, publicKey: key.publicKey, signature, computer }),
  });
  return { status: response.status, body: (await response.json()) as EnrolResponse & { code?: string }, key };
}

export class WireAgent {
  /** What the agent keeps over its connections. Tests change it at will. */
  runId: Id = newId();
  stream: Id = newId();
  highestSequence = 0;
  acknowledgedSequence = 0;
  droppedSamples = 0;
  clockOffsetMs = 0;
  configurationRevision = "";
  /** Batches are sent packed. */
  isPacking = false;
  computer: Computer;
  privateKey: KeyObject;
  deviceId: Id;
  /** Code with which the server closed the last connection; undefined while it is open. */
  closeCode: number | undefined;
  readonly url: string;
  private socket: WebSocket | undefined;
  private received: ServerMessage[] = [];
  private readonly waiters = new Set<() => void>();

  constructor({ url, deviceId, privateKey, computer = testComputer() }: WireAgentOptions) {
    this.url = url;
    this.deviceId = deviceId;
    this.privateKey = privateKey;
    this.computer = computer;
  }

  /** Opens a connection and reads the challenge. */
  async open(): Promise<Received<"challenge">> {
    this.received = [];
    this.closeCode = undefined;
    const socket = new WebSocket(this.url.replace(/^http/, "ws") + agentLinkPath);
    this.socket = socket;
    // Over the connection before may still come that it is outdated, and before the new one's welcome.
    socket.onmessage = ({ data }) => this.socket === socket && this.note(JSON.parse(String(data)) as ServerMessage);
    socket.onclose = ({ code }) => {
      if (this.socket === socket) this.closeCode = code;
      this.changed();
    };
    return this.next("challenge");
  }

  /** Opens a connection and says hello. @returns what the server makes of it. */
  async connect(change: Partial<Hello> = {}): Promise<Received<"welcome"> | Received<"refused">> {
    this.hello(await this.open(), change);
    return this.answer();
  }

  hello({ nonce: serverNonce }: Received<"challenge">, change: Partial<Hello> = {}): void {
    const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");
    const hello: Hello = {
      type: "hello",
      version: protocolVersion,
      deviceId: this.deviceId,
      nonce,
      signature: sign(null, agentProof(serverNonce, nonce, change.deviceId ?? this.deviceId), this.privateKey).toString("base64"),
      runId: this.runId,
      stream: this.stream,
      highestSequence: this.highestSequence,
      acknowledgedSequence: this.acknowledgedSequence,
      agentTime: Date.now() + this.clockOffsetMs,
      computer: this.computer,
      checks: { tank: 1 },
      configurationRevision: this.configurationRevision,
      droppedSamples: this.droppedSamples,
      ...change,
    };
    this.say(hello);
  }

  answer(): Promise<Received<"welcome"> | Received<"refused">> {
    return this.nextOf((message) => message.type === "welcome" || message.type === "refused") as Promise<
      Received<"welcome"> | Received<"refused">
    >;
  }

  say(message: unknown): void {
    this.socket!.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  sayBinary(bytes: Uint8Array): void {
    this.socket!.send(bytes as Uint8Array<ArrayBuffer>);
  }

  /** Sends the next batch of the stream. @returns its number. */
  batch(samples: readonly (Partial<Sample> & { check?: number })[], sequence = this.highestSequence + 1): number {
    this.highestSequence = Math.max(this.highestSequence, sequence);
    const now = Date.now() + this.clockOffsetMs;
    const batch = {
      type: "batch",
      stream: this.stream,
      sequence,
      sentAt: now,
      samples: samples.map((sample) => ({ check: 0, at: now, selectionVersion: 1, tookMs: 1, ...sample })),
    };
    if (this.isPacking) this.sayBinary(packedMessage(JSON.stringify(batch)));
    else this.say(batch);
    return sequence;
  }

  /** Waits until everything up to this number is stored. */
  async stored(sequence = this.highestSequence): Promise<void> {
    const { sequence: acknowledged } = (await this.nextOf(
      (message) => message.type === "acknowledge" && message.stream === this.stream && message.sequence >= sequence,
    )) as Received<"acknowledge">;
    this.acknowledgedSequence = Math.max(this.acknowledgedSequence, acknowledged);
  }

  /** The next message of this type; takes it and whatever came before it. */
  next<Type extends ServerMessage["type"]>(type: Type): Promise<Received<Type>> {
    return this.nextOf((message) => message.type === type) as Promise<Received<Type>>;
  }

  /** Waits until the server has closed the connection. @returns the close code. */
  async closed(): Promise<number> {
    await this.until(() => this.closeCode !== undefined);
    return this.closeCode!;
  }

  /** Ends the connection at once, as a broken cable would. */
  drop(): void {
    (this.socket as WebSocket & { terminate(): void }).terminate();
  }

  private note(message: ServerMessage): void {
    this.received.push(message);
    this.changed();
  }

  private changed(): void {
    for (const waiter of this.waiters) waiter();
  }

  private async nextOf(fits: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    await this.until(() => this.received.some(fits));
    const index = this.received.findIndex(fits);
    const message = this.received[index]!;
    this.received.splice(0, index + 1);
    return message;
  }

  private async until(holds: () => boolean): Promise<void> {
    if (holds()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = () => holds() && resolve();
    const timer = setTimeout(
      () =>
        reject(
          new Error(
            `The server did not do that within ${patienceMs / 1_000} s. It said: ${JSON.stringify(this.received)}; closed: ${this.closeCode}`,
          ),
        ),
      patienceMs,
    );
    this.waiters.add(waiter);
    await promise.finally(() => {
      clearTimeout(timer);
      this.waiters.delete(waiter);
    });
  }
}

/** Enrols a computer at a server of a test and gives its agent. */
export async function enrolledAgent(url: string, token: string, computer = testComputer()): Promise<WireAgent> {
  const { status, body, key } = await enrolOverHttp(url, token, computer);
  if (status !== 200 && status !== 201) throw new Error(`not enrolled: ${status} ${JSON.stringify(body)}`);
  return new WireAgent({ url, deviceId: body.deviceId, privateKey: key.privateKey, computer });
}

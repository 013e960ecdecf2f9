/** Speaks the wire's language word by word, as a careless or hostile agent might. Holds no buffer and does nothing by itself. */
import simulatedChecks from "@hauswart/features/registry/simulator.ts";
import { readKey } from "@hauswart/agent/identity/key.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import { agentProof } from "@hauswart/protocol/wire/proofs.ts";
import { ServerMessage, type CheckInstance, type Hello } from "@hauswart/protocol/wire/messages.ts";
import { agentLinkPath, protocolVersion } from "@hauswart/protocol/wire/versions.ts";
import type { SimulatedComputer } from "@hauswart/simulator/computer.ts";
import { describe, type EnrolledDevice } from "@hauswart/simulator/enrol.ts";
import { sampleText } from "@hauswart/simulator/simulated-agent.ts";
import { until } from "@hauswart/testkit/until.ts";
import { type House } from "./house.ts";

type Received<Type extends ServerMessage["type"]> = Extract<ServerMessage, { type: Type }>;

const checksByName = new Map(simulatedChecks.map((check) => [check.check, check]));

export interface Speaker {
  readonly computer: SimulatedComputer;
  readonly device: EnrolledDevice;
}

export class WireAgent implements Disposable {
  /** Everything that the server said. */
  readonly received: ServerMessage[] = [];
  readonly stream: string;
  readonly #socket: WebSocket;
  readonly #speaker: Speaker;
  isClosed = false;
  /** The hello that was sent last. */
  lastHello = "";

  private constructor(socket: WebSocket, speaker: Speaker, stream: string) {
    this.#socket = socket;
    this.#speaker = speaker;
    this.stream = stream;
    socket.addEventListener("message", ({ data }) => this.received.push(ServerMessage.parse(JSON.parse(String(data)))));
    socket.addEventListener("close", () => (this.isClosed = true));
    socket.addEventListener("error", () => (this.isClosed = true));
  }

  /** Opens a connection and waits for the challenge. */
  static async open(house: House, speaker: Speaker, stream: string = newId()): Promise<WireAgent> {
    const agent = new WireAgent(new WebSocket(house.server.url.replace(/^http/, "ws") + agentLinkPath), speaker, stream);
    await agent.next("challenge");
    return agent;
  }

  /** Opens a connection and introduces itself, until the server has said which checks to run. */
  static async introduced(house: House, speaker: Speaker, changes: Partial<Hello> = {}): Promise<WireAgent> {
    const agent = await WireAgent.open(house, speaker, changes.stream);
    await agent.hello(changes);
    await agent.next("welcome");
    await agent.next("configure");
    return agent;
  }

  send(message: string | object): void {
    const isRaw = typeof message === "string" || message instanceof Uint8Array;
    this.#socket.send(isRaw ? (message as string) : JSON.stringify(message));
  }

  /** Says hello as the protocol wants it, with changes. */
  async hello(changes: Partial<Hello> = {}): Promise<void> {
    this.lastHello = await helloText((await this.next("challenge")).nonce, this.#speaker, { stream: this.stream, ...changes });
    this.send(this.lastHello);
  }

  /** A batch with one sample of every check, as the protocol wants it, with changes. */
  batch(sequence: number, changes: { stream?: string; sentAt?: number; samples?: readonly object[] } = {}): object {
    return { type: "batch", stream: this.stream, sequence, sentAt: Date.now(), samples: this.samples(), ...changes };
  }

  /** One sample of every check. */
  samples(atMs = Date.now()): object[] {
    return this.instances.flatMap((instance) => {
      const text = sampleText(checksByName, this.#speaker.computer, instance, atMs);
      return text === undefined ? [] : [JSON.parse(text) as object];
    });
  }

  /** The checks that the server wants to be run. */
  get instances(): readonly CheckInstance[] {
    return this.received.findLast((message): message is Received<"configure"> => message.type === "configure")?.checks ?? [];
  }

  /** The newest message of this type, waited for when there is none yet. */
  next<Type extends ServerMessage["type"]>(type: Type): Promise<Received<Type>> {
    return until(`a message ${type}`, () => this.received.findLast((message): message is Received<Type> => message.type === type));
  }

  /** Waits until everything up to this number is acknowledged. */
  async acknowledged(sequence: number): Promise<void> {
    await until(`the acknowledgement of ${sequence}`, () =>
      this.received.some((message) => message.type === "acknowledge" && message.stream === this.stream && message.sequence >= sequence),
    );
  }

  /** Waits until the server has said no and ended the connection. @returns the code that it gave. */
  async refused(): Promise<string> {
    const { code } = await this.next("refused");
    await until("the end of the connection", () => this.isClosed);
    return code;
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** A hello, signed with the speaker's key, whatever the changes say. */
export async function helloText(
  serverNonce: string,
  { computer, device }: Speaker,
  changes: Partial<Hello> & { stream: string },
): Promise<string> {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");
  const deviceId = changes.deviceId ?? device.deviceId;
  const hello: Hello = {
    type: "hello",
    version: protocolVersion,
    deviceId,
    nonce,
    signature: await (await readKey(device.key)).sign(agentProof(serverNonce, nonce, deviceId)),
    runId: newId(),
    highestSequence: 0,
    acknowledgedSequence: 0,
    agentTime: Date.now(),
    computer: describe(computer),
    checks: Object.fromEntries(simulatedChecks.map(({ check, version }) => [check, version])),
    configurationRevision: "",
    droppedSamples: 0,
    ...changes,
  };
  return JSON.stringify(hello);
}

/** A D-Bus that answers as a real one did: recorded once at a test machine, played back wherever tests run. */
import { OsError, type SystemBus } from "@hauswart/agent/os/os.ts";

type Answer = { readonly body: unknown[] } | { readonly error: { readonly code: OsError["code"]; readonly message: string } };
export type BusRecording = Record<string, Answer>;

type SignalHandler = Parameters<SystemBus["onSignal"]>[1];

const keyOf = (path: string, interfaceName: string, member: string, values: readonly unknown[]) =>
  [path, `${interfaceName}.${member}`, JSON.stringify(values)].join(" ");

/** Hands calls on, and notes what came back. Signals are not recorded. */
export function recordingBus(bus: SystemBus, recording: BusRecording): SystemBus {
  return {
    async call(destination, path, interfaceName, member, signature, values = []) {
      const key = keyOf(path, interfaceName, member, values);
      try {
        const body = await bus.call(destination, path, interfaceName, member, signature, values);
        recording[key] = { body };
        return body;
      } catch (error) {
        if (error instanceof OsError) recording[key] = { error: { code: error.code, message: error.message } };
        throw error;
      }
    },
    onSignal: (match, handler) => bus.onSignal(match, handler),
    onClose: (handler) => bus.onClose(handler),
  };
}

/** One call a line. Numbers of 64 bits are written as text with a mark. */
export function recordingToText(recording: BusRecording): string {
  const write = (value: unknown) =>
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? { bigint: String(inner) } : inner));
  return `{\n${Object.entries(recording)
    .map(([call, answer]) => `${write(call)}:${write(answer)}`)
    .join(",\n")}\n}\n`;
}

export function recordingFromText(text: string): BusRecording {
  return JSON.parse(text, (_, value: unknown) => {
    const number = (value as { bigint?: unknown } | null)?.bigint;
    return typeof number === "string" ? BigInt(number) : value;
  }) as BusRecording;
}

/** Plays recordings back. The test may change what is answered, send signals, and close the connection. */
export class RecordedBus implements SystemBus {
  /** Every call, as `path interface.member values`. */
  readonly calls: string[] = [];
  readonly #handlers = new Map<string, Set<SignalHandler>>();
  readonly #closeHandlers: (() => void)[] = [];
  #recording: BusRecording;

  constructor(recording: BusRecording) {
    this.#recording = recording;
  }

  /** What is answered from now on. */
  play(recording: BusRecording): void {
    this.#recording = recording;
  }

  async call(
    _destination: string,
    path: string,
    interfaceName: string,
    member: string,
    _signature?: string,
    values: readonly unknown[] = [],
  ): Promise<unknown[]> {
    const key = keyOf(path, interfaceName, member, values);
    this.calls.push(key);
    const answer = this.#recording[key];
    if (!answer) throw new Error(`Nothing was recorded for: ${key}`);
    if ("error" in answer) throw new OsError(answer.error.code, answer.error.message);
    return structuredClone(answer.body);
  }

  async onSignal(match: string, handler: SignalHandler): Promise<() => void> {
    const handlers = this.#handlers.get(match) ?? new Set();
    this.#handlers.set(match, handlers.add(handler));
    return () => void handlers.delete(handler);
  }

  onClose(handler: () => void): void {
    this.#closeHandlers.push(handler);
  }

  /** Sends a signal to whoever's match rule names this member and, where the rule says, this first argument. */
  signal(path: string, interfaceName: string, member: string, body: unknown[]): void {
    for (const [match, handlers] of this.#handlers) {
      const firstArgument = /arg0='([^']*)'/.exec(match)?.[1];
      if (!match.includes(`member='${member}'`) || (firstArgument !== undefined && firstArgument !== body[0])) continue;
      for (const handler of handlers) handler({ path, interfaceName, member, body });
    }
  }

  /** The connection is lost: nothing is heard any more. */
  close(): void {
    this.#handlers.clear();
    for (const handler of this.#closeHandlers.splice(0)) handler();
  }

  get listeners(): number {
    return [...this.#handlers.values()].reduce((sum, handlers) => sum + handlers.size, 0);
  }
}

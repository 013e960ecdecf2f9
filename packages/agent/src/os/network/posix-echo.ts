/**
 * ICMP echo by the C library's sockets, on Linux and macOS. The socket never waits: it is looked at between timers, and the
 * system's own time of arrival says how long each answer took, so looking seldom costs no precision.
 */
import { dlopen, ptr, read, type Pointer } from "bun:ffi";
import type { EchoAnswer, EchoNotSent, EchoQuestion, NetworkAddress } from "./calls.ts";
import { echoReplySequence, echoRequest } from "./echo-packet.ts";
import { socketAddress, type AddressLayout } from "./socket-address.ts";

/** Numbers and layouts in which the systems differ. */
export interface PosixLayout extends AddressLayout {
  /** The C library, by its names. */
  readonly libraries: readonly string[];
  readonly errorNumber: "__errno_location" | "__error";
  /** Added to the kind of socket: closed in programs that the agent starts. */
  readonly socketFlags: number;
  /** Options to set: level, option, bytes of the value. */
  readonly options: Readonly<Record<NetworkAddress["family"], readonly (readonly [level: number, option: number, value: number])[]>>;
  readonly dontWait: number;
  /** Where the header of a message holds its pieces, and how wide the length of the control data is. */
  readonly message: { readonly bytes: number; readonly control: number; readonly controlLength: number };
  /** How a piece of control data begins, and which one is the time of arrival. */
  readonly control: { readonly headBytes: number; readonly lengthBytes: 4 | 8; readonly level: number; readonly type: number };
  /** What the second number of the time counts, in parts of a second. */
  readonly fractionsPerSecond: number;
  readonly errors: {
    readonly again: number;
    readonly noRoute: readonly number[];
    readonly notPermitted: readonly number[];
    readonly unreachable: readonly number[];
  };
}

const symbols = {
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  connect: { args: ["i32", "ptr", "u32"], returns: "i32" },
  setsockopt: { args: ["i32", "i32", "i32", "ptr", "u32"], returns: "i32" },
  send: { args: ["i32", "ptr", "u64", "i32"], returns: "i64" },
  recvmsg: { args: ["i32", "ptr", "i32"], returns: "i64" },
  close: { args: ["i32"], returns: "i32" },
  clock_gettime: { args: ["i32", "ptr"], returns: "i32" },
  if_nametoindex: { args: ["ptr"], returns: "u32" },
} as const;

type Library = ReturnType<typeof open>;

function open({ libraries, errorNumber }: PosixLayout) {
  let last: unknown;
  for (const name of libraries) {
    try {
      const calls = dlopen(name, symbols).symbols;
      const place = dlopen(name, { [errorNumber]: { args: [], returns: "ptr" } }).symbols[errorNumber] as () => Pointer;
      return { ...calls, error: () => read.i32(place(), 0) };
    } catch (error) {
      last = error;
    }
  }
  throw last instanceof Error ? last : new Error("The C library could not be opened.");
}

const kinds = { datagram: 2, raw: 3 } as const;
const protocols: Readonly<Record<NetworkAddress["family"], number>> = { ipv4: 1, ipv6: 58 };
const realTimeClock = 0;
/** Pauses between two looks, once everything is sent. */
const pausesMs = [2, 5, 10, 20, 40, 80, 100] as const;
const receiveBytes = 2_048;
const controlBytes = 256;

/** Asks by native calls. @param layout of the system that this process runs on */
export function posixEcho(layout: PosixLayout): (question: EchoQuestion) => Promise<EchoAnswer | EchoNotSent> {
  let library: Library | undefined;
  return async (question) => {
    library ??= open(layout);
    const opened = openSocket(library, layout, question.target);
    return "notSent" in opened ? opened : new Exchange(library, layout, opened.socket, question).run();
  };
}

function openSocket(library: Library, layout: PosixLayout, target: NetworkAddress): { socket: number } | EchoNotSent {
  const { families, socketFlags, options } = layout;
  const socketOf = (kind: number) => library.socket(families[target.family], kind | socketFlags, protocols[target.family]);
  // Without rights where the system allows it; else raw, as root may.
  let socket = socketOf(kinds.datagram);
  if (socket < 0) socket = socketOf(kinds.raw);
  if (socket < 0) return notSent(layout, library.error(), "socket");
  for (const [level, option, value] of options[target.family]) library.setsockopt(socket, level, option, Int32Array.of(value), 4);
  const zone = target.address.split("%")[1];
  const zoneNumber = zone === undefined ? 0 : Number(zone) || library.if_nametoindex(Buffer.from(`${zone}\0`));
  const address = socketAddress(target, layout, zoneNumber);
  if (library.connect(socket, address, address.length) === 0) return { socket };
  const problem = notSent(layout, library.error(), "connect");
  library.close(socket);
  return problem;
}

function notSent({ errors }: PosixLayout, code: number, call: string): EchoNotSent {
  const reason = errors.noRoute.includes(code) ? "no-route" : errors.notPermitted.includes(code) ? "not-permitted" : "unsupported";
  return { notSent: reason, detail: `${call}: error ${code}` };
}

/** One series of packets on one socket. */
class Exchange {
  readonly #library: Library;
  readonly #layout: PosixLayout;
  readonly #socket: number;
  readonly #question: EchoQuestion;
  readonly #identifier = Math.floor(Math.random() * 0x10000);
  readonly #mark = crypto.getRandomValues(new Uint8Array(16));
  readonly #sentAtMs: number[] = [];
  readonly #tripsMs = new Map<number, number>();
  readonly #received = new Uint8Array(receiveBytes);
  readonly #control = new Uint8Array(controlBytes);
  readonly #piece = new BigUint64Array([BigInt(ptr(this.#received)), BigInt(receiveBytes)]);
  readonly #header: Uint8Array<ArrayBuffer>;
  readonly #clock = new BigInt64Array(2);
  #isReportedUnreachable = false;

  constructor(library: Library, layout: PosixLayout, socket: number, question: EchoQuestion) {
    this.#library = library;
    this.#layout = layout;
    this.#socket = socket;
    this.#question = question;
    this.#header = new Uint8Array(layout.message.bytes);
  }

  async run(): Promise<EchoAnswer | EchoNotSent> {
    const { count, intervalMs, timeoutMs, signal } = this.#question;
    try {
      for (let sequence = 0; sequence < count && !signal.aborted; sequence++) {
        if (sequence > 0) await pause(intervalMs);
        this.#look();
        const problem = this.#send(sequence);
        if (problem) return problem;
      }
      const endMs = performance.now() + timeoutMs;
      for (let look = 0; this.#tripsMs.size < this.#sentAtMs.length && performance.now() < endMs && !signal.aborted; look++) {
        await pause(pausesMs[look] ?? pausesMs.at(-1)!);
        this.#look();
      }
      const roundTripsMs = [...this.#tripsMs].sort(([one], [other]) => one - other).map(([, trip]) => trip);
      return { sentCount: this.#sentAtMs.length, roundTripsMs, isReportedUnreachable: this.#isReportedUnreachable };
    } finally {
      this.#library.close(this.#socket);
    }
  }

  /** What a router said of an earlier packet is told by the next call, whatever that is: then it is tried once more. */
  #send(sequence: number): EchoNotSent | undefined {
    const packet = echoRequest(this.#question.target.family, this.#identifier, sequence, this.#mark);
    for (let attempt = 0; ; attempt++) {
      const atMs = this.#nowMs();
      if (Number(this.#library.send(this.#socket, packet, packet.length, this.#layout.dontWait)) === packet.length) {
        this.#sentAtMs.push(atMs);
        return undefined;
      }
      const code = this.#library.error();
      if (this.#layout.errors.unreachable.includes(code)) {
        this.#isReportedUnreachable = true;
        // Some systems do not take a packet for a neighbour that does not answer: it counts as sent and lost.
        if (attempt > 0) return void this.#sentAtMs.push(atMs);
      } else if (attempt > 0) return notSent(this.#layout, code, "send");
    }
  }

  /** Takes everything that has arrived. */
  #look(): void {
    for (let count = 0; count < 1_000; count++) {
      const length = this.#receive();
      if (length < 0) {
        const code = this.#library.error();
        if (code === this.#layout.errors.again) return;
        if (this.#layout.errors.unreachable.includes(code)) this.#isReportedUnreachable = true;
        continue;
      }
      const sequence = echoReplySequence(this.#question.target.family, this.#received.subarray(0, length), this.#mark);
      const sentAtMs = sequence === undefined ? undefined : this.#sentAtMs[sequence];
      if (sequence === undefined || sentAtMs === undefined || this.#tripsMs.has(sequence)) continue;
      this.#tripsMs.set(sequence, this.#tripMs(sentAtMs));
    }
  }

  #receive(): number {
    const { message, dontWait } = this.#layout;
    const view = new DataView(this.#header.buffer);
    this.#header.fill(0);
    view.setBigUint64(16, BigInt(ptr(this.#piece)), true);
    view.setUint32(24, 1, true);
    view.setBigUint64(message.control, BigInt(ptr(this.#control)), true);
    view.setUint32(message.controlLength, controlBytes, true);
    return Number(this.#library.recvmsg(this.#socket, this.#header, dontWait));
  }

  /** A clock that was set meanwhile must not show as a long way. */
  #tripMs(sentAtMs: number): number {
    const tripMs = (this.#arrivedAtMs() ?? this.#nowMs()) - sentAtMs;
    return Math.round(Math.min(Math.max(tripMs, 0.001), this.#question.timeoutMs) * 1_000) / 1_000;
  }

  #arrivedAtMs(): number | undefined {
    const { control, message, fractionsPerSecond } = this.#layout;
    const view = new DataView(this.#control.buffer);
    const end = Math.min(new DataView(this.#header.buffer).getUint32(message.controlLength, true), controlBytes);
    for (let at = 0; at + control.headBytes + 16 <= end;) {
      const length = view.getUint32(at, true);
      const [level, type] = [view.getInt32(at + control.lengthBytes, true), view.getInt32(at + control.lengthBytes + 4, true)];
      if (level === control.level && type === control.type) {
        const seconds = Number(view.getBigInt64(at + control.headBytes, true));
        return seconds * 1_000 + (view.getUint32(at + control.headBytes + 8, true) / fractionsPerSecond) * 1_000;
      }
      if (length < control.headBytes) return undefined;
      at += Math.ceil(length / control.lengthBytes) * control.lengthBytes;
    }
    return undefined;
  }

  #nowMs(): number {
    this.#library.clock_gettime(realTimeClock, this.#clock);
    return Number(this.#clock[0]!) * 1_000 + Number(this.#clock[1]!) / 1e6;
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

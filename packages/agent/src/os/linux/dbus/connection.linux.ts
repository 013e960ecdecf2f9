/** A connection to a D-Bus message bus over its Unix socket. */
import { OsError, type SystemBus } from "../../os.ts";
import { parseMatchRule, type MatchRule } from "./match-rule.ts";
import { decodeMessage, encodeCall, messageLength, messageTypes, type DbusCall, type DbusMessage } from "./message.ts";

const systemBusAddress = "unix:path=/run/dbus/system_bus_socket";
const callTimeoutMs = 20_000;
/** Calls that wait for their reply at once. The bus closes the door at 128 (dbus-daemon's max_replies_per_connection). */
const callsAtOnce = 64;
const busName = "org.freedesktop.DBus";
const busPath = "/org/freedesktop/DBus";

type SignalHandler = Parameters<SystemBus["onSignal"]>[1];

interface Subscription {
  readonly rule: MatchRule;
  readonly handler: SignalHandler;
  /** Who holds the sender's name; undefined while nobody does. */
  owner: string | undefined;
}

let shared: Promise<BusConnection> | undefined;

/** The system's bus, one connection for all; opened anew when it was lost. Throws OsError. */
export function systemBus(): Promise<SystemBus> {
  shared ??= openBus(process.env["DBUS_SYSTEM_BUS_ADDRESS"] ?? systemBusAddress).then(
    (bus) => {
      bus.onClose(() => (shared = undefined));
      return bus;
    },
    (error) => {
      shared = undefined;
      throw error;
    },
  );
  return shared;
}

/** @param address such as unix:path=/run/dbus/system_bus_socket; the first of several that is a path is taken. Throws OsError. */
export async function openBus(address: string): Promise<BusConnection> {
  const path = address.split(";").flatMap((one) => /^unix:(?:.*,)?path=([^,]+)/.exec(one)?.[1] ?? [])[0];
  if (!path) throw new OsError("COLLECT_UNSUPPORTED", `D-Bus address ${address} is not a Unix socket`);
  const bus = new BusConnection();
  await bus.open(decodeURIComponent(path));
  return bus;
}

export class BusConnection implements SystemBus {
  #socket: Bun.Socket | undefined;
  /** Bytes that the socket would not take yet. */
  #unsent: Uint8Array[] = [];
  #received = Buffer.alloc(0);
  #phase: "signing-in" | "open" | "closed" = "signing-in";
  #signedIn: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #serial = 0;
  readonly #calls = new Map<
    number,
    { resolve: (body: unknown[]) => void; reject: (error: Error) => void; timer: ReturnType<typeof setTimeout> }
  >();
  /** Calls that wait for a place among those. */
  readonly #callers: (() => void)[] = [];
  readonly #subscriptions = new Set<Subscription>();
  readonly #closeHandlers: (() => void)[] = [];

  /** Connects and signs in as the user that we are (EXTERNAL: the kernel tells the bus who that is). */
  async open(path: string): Promise<void> {
    const signedIn = new Promise<void>((resolve, reject) => (this.#signedIn = { resolve, reject }));
    signedIn.catch(() => {}); // also thrown below
    try {
      this.#socket = await Bun.connect({
        unix: path,
        socket: {
          data: (_, bytes) => this.#receive(bytes),
          drain: () => this.#flush(),
          close: () => this.#fail(new OsError("COLLECT_UNREADABLE", "the D-Bus connection was closed")),
          error: (_, error) => this.#fail(new OsError("COLLECT_UNREADABLE", `D-Bus: ${error.message}`)),
        },
      });
    } catch (error) {
      throw new OsError("COLLECT_UNSUPPORTED", `no D-Bus at ${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
    }
    const user = Buffer.from(String(process.getuid?.() ?? 0)).toString("hex");
    this.#send(Buffer.from(`\0AUTH EXTERNAL ${user}\r\n`));
    const timer = setTimeout(
      () => this.#fail(new OsError("COLLECT_TIMED_OUT", "D-Bus does not answer", "does-not-answer: D-Bus")),
      callTimeoutMs,
    );
    await signedIn.finally(() => clearTimeout(timer));
    await this.call(busName, busPath, busName, "Hello");
  }

  async call(
    destination: string,
    path: string,
    interfaceName: string,
    member: string,
    signature?: string,
    values?: readonly unknown[],
  ): Promise<unknown[]> {
    const call: DbusCall = { serial: ++this.#serial, destination, path, interfaceName, member, signature, values };
    const bytes = encodeCall(call);
    if (this.#calls.size >= callsAtOnce) await new Promise<void>((resolve) => this.#callers.push(resolve));
    if (this.#phase === "closed") throw new OsError("COLLECT_UNREADABLE", "the D-Bus connection is closed");
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#endCall(call.serial);
        reject(
          new OsError(
            "COLLECT_TIMED_OUT",
            `${interfaceName}.${member} took longer than ${callTimeoutMs / 1_000} s`,
            `does-not-answer: ${interfaceName}.${member}`,
          ),
        );
      }, callTimeoutMs);
      this.#calls.set(call.serial, { resolve, reject, timer });
      this.#send(bytes);
    });
  }

  /** Takes a call off the list, and lets the next one go. */
  #endCall(serial: number): void {
    this.#calls.delete(serial);
    this.#callers.shift()?.();
  }

  async onSignal(match: string, handler: SignalHandler): Promise<() => void> {
    const subscription: Subscription = { rule: parseMatchRule(match), handler, owner: undefined };
    const { sender } = subscription.rule;
    const rules = [match];
    if (sender && sender !== busName && !sender.startsWith(":")) {
      rules.push(`type='signal',sender='${busName}',interface='${busName}',member='NameOwnerChanged',arg0='${sender}'`);
    }
    this.#subscriptions.add(subscription);
    const end = () => {
      this.#subscriptions.delete(subscription);
      if (this.#phase === "closed") return;
      for (const rule of rules) this.#matchCall("RemoveMatch", rule).catch(() => {}); // the bus forgot it already
    };
    try {
      for (const rule of rules) await this.#matchCall("AddMatch", rule);
      subscription.owner = await this.#ownerOf(sender);
      // It may have closed over that question, which nobody has to answer; who listens then would wait for ever.
      if (this.#phase === "closed") throw new OsError("COLLECT_UNREADABLE", "the D-Bus connection was closed");
    } catch (error) {
      end();
      throw error;
    }
    return end;
  }

  #matchCall(member: "AddMatch" | "RemoveMatch", rule: string): Promise<unknown[]> {
    return this.call(busName, busPath, busName, member, "s", [rule]);
  }

  /** The unique name behind a sender; undefined when nobody has the name now. */
  async #ownerOf(sender: string | undefined): Promise<string | undefined> {
    if (!sender || sender === busName || sender.startsWith(":")) return sender;
    const [owner] = await this.call(busName, busPath, busName, "GetNameOwner", "s", [sender]).catch(() => []);
    return owner as string | undefined;
  }

  onClose(handler: () => void): void {
    if (this.#phase === "closed") handler();
    else this.#closeHandlers.push(handler);
  }

  close(): void {
    this.#fail(new OsError("COLLECT_UNREADABLE", "the D-Bus connection was closed"));
  }

  #send(bytes: Uint8Array): void {
    this.#unsent.push(bytes);
    this.#flush();
  }

  #flush(): void {
    for (let first = this.#unsent[0]; first && this.#socket; first = this.#unsent[0]) {
      const written = this.#socket.write(first);
      if (written < 0) return; // closed; its handler tells
      if (written < first.length) {
        this.#unsent[0] = first.subarray(written);
        return;
      }
      this.#unsent.shift();
    }
  }

  #receive(bytes: Uint8Array): void {
    this.#received = this.#received.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#received, bytes]);
    try {
      if (this.#phase === "signing-in") this.#signIn();
      while (this.#phase === "open") {
        const length = messageLength(this.#received);
        if (length === undefined || this.#received.length < length) return;
        // Copied, so that a small message does not hold on to a large block.
        const message = decodeMessage(Uint8Array.prototype.slice.call(this.#received, 0, length));
        this.#received = this.#received.subarray(length);
        this.#dispatch(message);
      }
    } catch (error) {
      this.#fail(new OsError("COLLECT_UNREADABLE", `D-Bus: ${error instanceof Error ? error.message : String(error)}`));
    }
  }

  #signIn(): void {
    const end = this.#received.indexOf("\r\n");
    if (end < 0) return;
    const line = this.#received.subarray(0, end).toString();
    this.#received = this.#received.subarray(end + 2);
    if (!line.startsWith("OK ")) throw new OsError("COLLECT_PERMISSION_DENIED", `sign-in refused (${line})`);
    this.#phase = "open";
    this.#send(Buffer.from("BEGIN\r\n"));
    this.#signedIn?.resolve();
  }

  #dispatch(message: DbusMessage): void {
    if (message.type === messageTypes.signal) return this.#dispatchSignal(message);
    const call = this.#calls.get(message.replySerial ?? 0);
    if (!call) return; // a call that timed out, or one to us: we offer nothing
    this.#endCall(message.replySerial!);
    clearTimeout(call.timer);
    if (message.type === messageTypes.reply) call.resolve(message.body);
    else call.reject(callError(message));
  }

  #dispatchSignal(message: DbusMessage): void {
    const { path = "", interfaceName = "", member = "", body } = message;
    for (const subscription of this.#subscriptions) {
      const { rule } = subscription;
      if (message.sender === busName && member === "NameOwnerChanged" && body[0] === rule.sender)
        subscription.owner = (body[2] as string) || undefined;
      if (!rule.matches(message) || (rule.sender !== undefined && message.sender !== subscription.owner)) continue;
      try {
        subscription.handler({ path, interfaceName, member, body });
      } catch (error) {
        console.error(`handler of the D-Bus signal ${interfaceName}.${member} failed:`, error);
      }
    }
  }

  #fail(error: OsError): void {
    if (this.#phase === "closed") return;
    this.#phase = "closed";
    this.#socket?.end();
    this.#signedIn?.reject(error);
    for (const call of this.#calls.values()) {
      clearTimeout(call.timer);
      call.reject(error);
    }
    this.#calls.clear();
    for (const caller of this.#callers.splice(0)) caller();
    this.#subscriptions.clear();
    for (const handler of this.#closeHandlers.splice(0)) handler();
  }
}

function callError(message: DbusMessage): OsError {
  const detail = `${message.errorName ?? "error"}: ${typeof message.body[0] === "string" ? message.body[0] : ""}`;
  const denied = /\.(AccessDenied|AuthFailed|InteractiveAuthorizationRequired)$/.test(message.errorName ?? "");
  return new OsError(denied ? "COLLECT_PERMISSION_DENIED" : "COLLECT_UNREADABLE", detail);
}

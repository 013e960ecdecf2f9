/** One connection of a link, from its first attempt to its end. */
import { ServerMessage, type Slept } from "@hauswart/protocol/wire/messages.ts";
import type { LinkSocket } from "./socket.ts";

/** One connection. */
export interface Connection {
  socket: LinkSocket;
  /** Messages are worked on one after another; those that come meanwhile wait here. */
  queue: Promise<void>;
  closed: boolean;
  nonces: { agent: string; server: string } | undefined;
  helloSentMs: number;
  reportedDrops: number;
  reportedSleeps: readonly Slept[];
  lastHeardMs: number;
  lastSentMs: number;
  underWay: number;
  /** The server's welcome said that it knows of updates. */
  knowsUpdates: boolean;
  /** It said that it unpacks what `pack` makes. */
  unpacks: boolean;
}

/** One that begins. @param now by the clock that only counts up */
export const newConnection = (now: number): Connection => ({
  socket: unopened,
  queue: Promise.resolve(),
  closed: false,
  nonces: undefined,
  helloSentMs: 0,
  reportedDrops: 0,
  reportedSleeps: [],
  lastHeardMs: now,
  lastSentMs: now,
  underWay: 0,
  knowsUpdates: false,
  unpacks: false,
});

/** Stands in while a socket is being made. */
const unopened: LinkSocket = { send() {}, ping() {}, unsentBytes: 0, close() {}, terminate() {} };

/** What a server said; undefined when it does not fit the protocol. */
export function parseMessage(text: string): ServerMessage | undefined {
  try {
    const parsed = ServerMessage.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** A link within the process: what the server itself measures takes the same way as what agents say, from the hello on. */
import type { AgentLink, LinkSocket } from "./agent-link.ts";

/** The other end of it; the shape of the agents' own sockets. */
export interface OwnSocket {
  send(text: string): void;
  ping(): void;
  readonly unsentBytes: number;
  close(): void;
  terminate(): void;
}

export interface OwnSocketEvents {
  message(text: string): void;
  alive(): void;
  /** Once, last. */
  closed(reason: string): void;
}

/** What a gateway does with the link. */
export interface OwnLinkHost {
  opened(link: AgentLink): void;
  received(link: AgentLink, text: string): void;
  ended(link: AgentLink): void;
}

/** Joins a link of the gateway with a socket for the other side. Each side hears of the other in a later turn, as over a network. */
export function openOwnLink(link: AgentLink, events: OwnSocketEvents, host: OwnLinkHost): OwnSocket {
  let isOpen = true;
  const later = (work: () => void) => void setImmediate(() => isOpen && work());
  const end = (reason: string) => {
    if (!isOpen) return;
    isOpen = false;
    setImmediate(() => {
      host.ended(link);
      events.closed(reason);
    });
  };
  const socket: LinkSocket = {
    send: (text) => later(() => events.message(text)),
    close: (_, reason) => later(() => end(reason)),
    ping: () => later(() => link.pong()),
  };
  link.socket = socket;
  later(() => host.opened(link));
  return {
    send: (text) => later(() => host.received(link, text)),
    ping: () =>
      later(() => {
        link.heard();
        events.alive();
      }),
    unsentBytes: 0,
    close: () => later(() => end("closed")),
    terminate: () => end("ended"),
  };
}

/** The link's connection over Bun's own WebSocket, through a proxy where one is to be used. */
import { trusting } from "../identity/trusted-certificates.ts";
import type { OpenSocket, SocketEvents } from "./socket.ts";

export interface WebSocketOptions {
  /** wss://…, or ws:// on loopback. */
  readonly url: string;
  /** Certificates (PEM) that are trusted besides the well-known ones. */
  readonly certificates?: string;
  /** Proxies to try, in order; undefined in the list means without one. Asked for at each attempt. */
  proxies(): Promise<readonly (string | undefined)[]>;
}

/** What Bun's WebSocket has beyond the standard. */
interface BunWebSocket extends Omit<WebSocket, "ping" | "terminate"> {
  ping(): void;
  terminate(): void;
}

/** Makes the link's way to open connections. When a proxy fails, the next one is tried at the next attempt. */
export function webSocketOpener(options: WebSocketOptions): OpenSocket {
  let attempt = 0;
  return (events) => {
    let socket: BunWebSocket | undefined;
    let ended = false;
    const end = (reason: string) => {
      if (ended) return;
      ended = true;
      events.closed(reason);
    };
    options.proxies().then(
      (proxies) => {
        if (ended) return;
        const proxy = proxies[attempt % Math.max(1, proxies.length)];
        socket = connect(options, proxy, events, (reason, worked) => {
          if (!worked) attempt++;
          end(reason);
        });
      },
      (error: unknown) => end(`the proxy cannot be found out: ${error instanceof Error ? error.message : String(error)}`),
    );
    return {
      send: (message) => socket?.send(message as string | Uint8Array<ArrayBuffer>),
      ping: () => socket?.ping(),
      get unsentBytes() {
        return socket?.bufferedAmount ?? 0;
      },
      close: () => {
        ended = true;
        socket?.close(1000);
      },
      terminate: () => {
        ended = true;
        socket?.terminate();
      },
    };
  };
}

function connect(
  options: WebSocketOptions,
  proxy: string | undefined,
  events: SocketEvents,
  ended: (reason: string, worked: boolean) => void,
): BunWebSocket {
  const settings = { ...trusting(options.certificates), ...(proxy ? { proxy } : {}) };
  const socket = new WebSocket(options.url, settings as never) as unknown as BunWebSocket;
  let worked = false;
  let problem = "";
  socket.addEventListener("message", (event: MessageEvent) => {
    worked = true;
    if (typeof event.data === "string") return events.message(event.data);
    problem = "the server sent something that is not text";
    socket.terminate();
  });
  socket.addEventListener("pong" as "message", () => events.alive());
  socket.addEventListener("error", (event) => (problem ||= explain((event as ErrorEvent).message, proxy)));
  socket.addEventListener("close", (event) => ended(problem || closeReason(event), worked));
  return socket;
}

/** Bun's words for what went wrong, without the address (it stands in the settings) and with what a person can do. */
function explain(message: string, proxy: string | undefined): string {
  const text = message.replace(/^WebSocket connection to '[^']*' failed: /, "");
  const through = proxy ? ` (through the proxy ${new URL(proxy).host})` : "";
  if (/407|authentication required/i.test(text)) return `the proxy wants a user name and password, or refused them${through}`;
  return `${text || "the connection failed"}${through}`;
}

function closeReason(event: CloseEvent): string {
  const words = [`closed by the server, code ${event.code}`, event.reason].filter(Boolean);
  return words.join(": ").slice(0, 300);
}

/** Stands between a real agent and its server, keeps books of both directions and can be a bad line. Plain HTTP on loopback. */
import { agentLinkPath } from "@hauswart/protocol/wire/versions.ts";
import { messageText } from "@hauswart/testkit/packed-message.ts";
import type { Server, ServerWebSocket } from "bun";
import { Ledger } from "./ledger.ts";

/** One agent's connection. */
interface Line {
  upstream: WebSocket | undefined;
  /** What the agent said before the way on was open. */
  early: (string | Buffer<ArrayBuffer>)[];
}

export class Relay implements AsyncDisposable {
  readonly ledger = new Ledger();
  /** What happens to batches on their way up, and to acknowledgements on their way down. */
  batches: "through" | "lost" = "through";
  acknowledgements: "through" | "lost" = "through";
  /** Batches that came from the agent. */
  batchesHeard = 0;
  readonly #server: Server<Line>;

  constructor(serverUrl: string) {
    this.#server = Bun.serve<Line>({
      hostname: "127.0.0.1",
      port: 0,
      fetch(request, server) {
        const { pathname, search } = new URL(request.url);
        if (pathname !== agentLinkPath)
          return fetch(serverUrl + pathname + search, { method: request.method, headers: request.headers, body: request.body });
        return server.upgrade(request, { data: { upstream: undefined, early: [] } })
          ? undefined
          : new Response("no upgrade", { status: 400 });
      },
      websocket: {
        open: (socket) => this.#open(socket, serverUrl.replace(/^http/, "ws") + agentLinkPath),
        message: (socket, message) => this.#up(socket.data, message),
        close: ({ data }) => data.upstream?.close(),
      },
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.port}`;
  }

  #open(socket: ServerWebSocket<Line>, url: string): void {
    const upstream = new WebSocket(url);
    socket.data.upstream = upstream;
    upstream.addEventListener("open", () => socket.data.early.splice(0).forEach((message) => upstream.send(message)));
    upstream.addEventListener("message", ({ data }) => this.#down(socket, String(data)));
    for (const end of ["close", "error"] as const) upstream.addEventListener(end, () => socket.close());
  }

  #up(line: Line, message: string | Buffer<ArrayBuffer>): void {
    const text = messageText(message);
    this.ledger.sent(text);
    const isBatch = text.startsWith('{"type":"batch"');
    if (isBatch) this.batchesHeard++;
    if (isBatch && this.batches === "lost") return;
    if (line.upstream?.readyState === WebSocket.OPEN) line.upstream.send(message);
    else line.early.push(message);
  }

  #down(socket: ServerWebSocket<Line>, text: string): void {
    // The server's word counts as given, whether or not it arrives.
    this.ledger.received(text);
    if (text.startsWith('{"type":"acknowledge"') && this.acknowledgements === "lost") return;
    socket.send(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop(true);
  }
}

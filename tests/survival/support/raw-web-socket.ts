/** A WebSocket client on a bare TCP socket, for what no decent client would do: frames that stop in the middle. RFC 6455. */
import { connect, type Socket } from "node:net";
import { agentLinkPath } from "@hauswart/protocol/wire/versions.ts";
import { until } from "@hauswart/testkit/until.ts";

const textOpcode = 0x1;

/** A masked text frame. @param announcedBytes length that the header claims; that of the text when left out. */
export function textFrame(text: string, announcedBytes?: number): Buffer {
  const payload = Buffer.from(text);
  const length = announcedBytes ?? payload.length;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x80 | textOpcode;
  header[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([header, Buffer.alloc(4), payload]);
}

export class RawWebSocket {
  readonly #socket: Socket;
  #heard = Buffer.alloc(0);
  isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (part: Buffer) => (this.#heard = Buffer.concat([this.#heard, part])));
    socket.on("error", () => undefined);
    socket.on("close", () => (this.isClosed = true));
  }

  /** Connects and shakes hands. */
  static async open(serverUrl: string): Promise<RawWebSocket> {
    const { hostname, port, host } = new URL(serverUrl);
    const raw = new RawWebSocket(connect(Number(port), hostname));
    const lines = [
      `GET ${agentLinkPath} HTTP/1.1`,
      `Host: ${host}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${Buffer.alloc(16, 1).toString("base64")}`,
    ];
    raw.write(`${lines.join("\r\n")}\r\n\r\n`);
    await raw.until("101 Switching Protocols");
    return raw;
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Waits until the server has said this. @returns all that was heard. */
  until(words: string): Promise<string> {
    return until(`the server to say ${words}`, () => this.#heard.includes(words) && this.#heard.toString("latin1"));
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.#socket.resetAndDestroy();
  }
}

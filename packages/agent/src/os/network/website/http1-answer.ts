/**
 * Reads an answer of HTTP/1 (RFC 9112) as its bytes come. The runtime's own client is made for whole pages and takes no connection from
 * outside, so neither the stages nor the address of a request could be told with it.
 */

/** The head of an answer is never this long on purpose. */
const headLimitBytes = 64 * 1024;
const lineLimitBytes = 1_024;

export interface AnswerHead {
  readonly status: number;
  readonly version: "1.0" | "1.1";
  /** By lower-case name; the first of each. */
  readonly headers: ReadonlyMap<string, string>;
}

/** The answer is none of HTTP. The message is a code. */
export class BrokenAnswer extends Error {
  override readonly name = "BrokenAnswer";
}

type Framing =
  | { kind: "none" }
  | { kind: "length"; left: number }
  | { kind: "close" }
  | { kind: "chunked"; left: number; state: ChunkState };
type ChunkState = "size" | "data" | "data-end" | "trailer";

export class Http1Answer {
  head: AnswerHead | undefined;
  isComplete = false;
  readonly #body: (part: Buffer) => void;
  #waiting: Buffer = Buffer.alloc(0);
  #framing: Framing = { kind: "none" };

  /** @param body takes the body piece by piece, unpacked from its chunks. */
  constructor(body: (part: Buffer) => void) {
    this.#body = body;
  }

  /** Takes the next bytes. Throws BrokenAnswer. */
  push(part: Buffer): void {
    this.#waiting = this.#waiting.length === 0 ? part : Buffer.concat([this.#waiting, part]);
    while (!this.head) if (!this.#readHead()) return;
    while (!this.isComplete && this.#waiting.length > 0) if (!this.#readBody(this.#framing)) return;
  }

  /** The connection has ended. Throws BrokenAnswer when it did in the middle. */
  end(): void {
    if (!this.head) throw new BrokenAnswer(this.#waiting.length === 0 ? "EMPTY_ANSWER" : "HEAD_INCOMPLETE");
    if (!this.isComplete && this.#framing.kind !== "close") throw new BrokenAnswer("BODY_INCOMPLETE");
    this.isComplete = true;
  }

  #readHead(): boolean {
    const end = this.#waiting.indexOf("\r\n\r\n");
    if (end < 0 || end > headLimitBytes) {
      if (this.#waiting.length > headLimitBytes) throw new BrokenAnswer("HEAD_TOO_LARGE");
      if (this.#waiting.length >= 5 && this.#waiting.toString("latin1", 0, 5) !== "HTTP/") throw new BrokenAnswer("NO_HTTP");
      return false;
    }
    const head = parseHead(this.#waiting.toString("latin1", 0, end));
    this.#waiting = this.#waiting.subarray(end + 4);
    // 1xx tell of what is still to come.
    if (head.status < 200) return true;
    this.head = head;
    this.#framing = framingOf(head);
    this.isComplete = this.#framing.kind === "none" || (this.#framing.kind === "length" && this.#framing.left === 0);
    return true;
  }

  /** @returns whether there may be more to do with what is there. */
  #readBody(framing: Framing): boolean {
    if (framing.kind === "close") return this.#take(this.#waiting.length) > 0;
    if (framing.kind === "length") {
      framing.left -= this.#take(Math.min(framing.left, this.#waiting.length));
      this.isComplete = framing.left === 0;
      return true;
    }
    return framing.kind === "chunked" && this.#readChunk(framing);
  }

  #readChunk(framing: Extract<Framing, { kind: "chunked" }>): boolean {
    if (framing.state === "data") {
      framing.left -= this.#take(Math.min(framing.left, this.#waiting.length));
      if (framing.left === 0) framing.state = "data-end";
      return true;
    }
    const end = this.#waiting.indexOf("\r\n");
    if (end < 0) {
      if (this.#waiting.length > lineLimitBytes) throw new BrokenAnswer("CHUNK_BROKEN");
      return false;
    }
    const line = this.#waiting.toString("latin1", 0, end);
    this.#waiting = this.#waiting.subarray(end + 2);
    if (framing.state === "data-end") {
      if (line !== "") throw new BrokenAnswer("CHUNK_BROKEN");
      framing.state = "size";
    } else if (framing.state === "trailer") this.isComplete = line === "";
    else {
      const size = /^([0-9a-fA-F]{1,12})\s*(;|$)/.exec(line)?.[1];
      if (size === undefined) throw new BrokenAnswer("CHUNK_BROKEN");
      framing.left = Number.parseInt(size, 16);
      framing.state = framing.left === 0 ? "trailer" : "data";
    }
    return true;
  }

  #take(bytes: number): number {
    if (bytes > 0) this.#body(this.#waiting.subarray(0, bytes));
    this.#waiting = this.#waiting.subarray(bytes);
    return bytes;
  }
}

function parseHead(text: string): AnswerHead {
  const [first = "", ...lines] = text.split("\r\n");
  const [, version, status] = /^HTTP\/(1\.[01]) ([1-5]\d\d)(?: |$)/.exec(first) ?? [];
  if (version === undefined || status === undefined) throw new BrokenAnswer("NO_HTTP");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { version: version as AnswerHead["version"], status: Number(status), headers };
}

function framingOf({ status, headers }: AnswerHead): Framing {
  if (status === 204 || status === 304) return { kind: "none" };
  const encoding = headers.get("transfer-encoding");
  if (encoding !== undefined) return /\bchunked$/i.test(encoding) ? { kind: "chunked", left: 0, state: "size" } : { kind: "close" };
  const length = headers.get("content-length");
  if (length === undefined) return { kind: "close" };
  if (!/^\d{1,15}$/.test(length)) throw new BrokenAnswer("LENGTH_BROKEN");
  return { kind: "length", left: Number(length) };
}

/** What is kept of a body: its first bytes, to look for texts in. */
export class Body {
  readonly #limitBytes: number;
  readonly #parts: Buffer[] = [];
  keptBytes = 0;
  isCut = false;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** @returns whether there is room for more. */
  add(part: Buffer): boolean {
    const room = this.#limitBytes - this.keptBytes;
    if (part.length > room) this.isCut = true;
    if (room > 0) this.#parts.push(Buffer.from(part.subarray(0, room)));
    this.keptBytes += Math.min(part.length, room);
    return !this.isCut;
  }

  /** Whether each text stands in it. Letters of other alphabets are read as the answer says that they are written. */
  find(texts: readonly string[], contentType: string): boolean[] {
    if (texts.length === 0) return [];
    const text = decode(Buffer.concat(this.#parts), contentType);
    return texts.map((wanted) => text.includes(wanted));
  }
}

/** Takes any name, which the types of some runtimes do not. */
const Decoder = TextDecoder as new (name: string) => { decode(bytes: Uint8Array): string };

/** A name that nobody knows is read as UTF-8. */
function decode(bytes: Buffer, contentType: string): string {
  const named = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? "utf-8";
  try {
    return new Decoder(named).decode(bytes);
  } catch {
    return bytes.toString("utf8");
  }
}

/**
 * Takes JavaScript values out of D-Bus bytes. Variants give their value, dictionaries plain objects, byte arrays `Uint8Array`,
 * other arrays and structures lists; 64-bit numbers are bigint.
 */
import { alignmentOf, DbusFormatError, depthLimit, splitSignature } from "./signature.ts";

export class DbusReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #little: boolean;
  #at: number;

  /** @param bytes a whole message, because alignment counts from its beginning. */
  constructor(bytes: Uint8Array, littleEndian: boolean, at = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = littleEndian;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  /** Reads one value per type of the signature. Throws DbusFormatError when the bytes do not follow it. */
  readAll(signature: string, depth = 0): unknown[] {
    const values: unknown[] = [];
    for (const type of splitSignature(signature)) values.push(this.read(type, depth));
    return values;
  }

  read(type: string, depth = 0): unknown {
    // Nearly everything that systemd tells is text, and the agent reads it without a compiler: the shortest way for it.
    if (type === "s") return this.#readLongText();
    if (depth > depthLimit) throw new DbusFormatError("message is nested too deeply");
    this.align(alignmentOf(type));
    switch (type[0]) {
      case "a":
        return this.#readArray(type.slice(1), depth + 1);
      case "(":
      case "{":
        return this.readAll(type.slice(1, -1), depth + 1);
      case "v":
        return this.#readVariant(depth + 1);
      case "o":
        return this.#readLongText();
      case "g":
        return this.#readText(this.#view.getUint8(this.#take(1)));
      default:
        return this.#readNumber(type);
    }
  }

  align(multiple: number): void {
    this.#take((multiple - (this.#at % multiple)) % multiple);
  }

  #readArray(elementType: string, depth: number): unknown {
    const length = this.#view.getUint32(this.#take(4), this.#little);
    this.align(alignmentOf(elementType));
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new DbusFormatError("array is longer than its message");
    if (elementType === "y") return Uint8Array.from(this.#bytes.subarray(this.#take(length), end));
    const elements: unknown[] = [];
    while (this.#at < end) elements.push(this.read(elementType, depth));
    if (this.#at !== end) throw new DbusFormatError("array does not end where it said");
    return elementType.startsWith("{") ? Object.fromEntries(elements as [string, unknown][]) : elements;
  }

  #readVariant(depth: number): unknown {
    const types = splitSignature(this.read("g") as string);
    if (types.length !== 1) throw new DbusFormatError("a variant holds exactly one value");
    return this.read(types[0]!, depth);
  }

  #readLongText(): string {
    const at = (this.#at + 3) & ~3;
    const start = at + 4;
    if (start > this.#bytes.length) throw new DbusFormatError("message ends too early");
    const end = start + this.#view.getUint32(at, this.#little);
    if (end >= this.#bytes.length) throw new DbusFormatError("message ends too early");
    this.#at = end + 1;
    return this.#bytes.toString("utf8", start, end);
  }

  #readText(length: number): string {
    const start = this.#take(length);
    this.#take(1);
    return this.#bytes.toString("utf8", start, start + length);
  }

  #readNumber(type: string): number | bigint | boolean {
    const [view, little] = [this.#view, this.#little];
    switch (type) {
      case "y":
        return view.getUint8(this.#take(1));
      case "b":
        return view.getUint32(this.#take(4), little) !== 0;
      case "n":
        return view.getInt16(this.#take(2), little);
      case "q":
        return view.getUint16(this.#take(2), little);
      case "i":
        return view.getInt32(this.#take(4), little);
      case "u":
      case "h":
        return view.getUint32(this.#take(4), little);
      case "x":
        return view.getBigInt64(this.#take(8), little);
      case "t":
        return view.getBigUint64(this.#take(8), little);
      case "d":
        return view.getFloat64(this.#take(8), little);
      default:
        throw new DbusFormatError(`unknown type "${type}"`);
    }
  }

  /** Steps over bytes. @returns where they begin. */
  #take(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.length) throw new DbusFormatError("message ends too early");
    this.#at += count;
    return start;
  }
}

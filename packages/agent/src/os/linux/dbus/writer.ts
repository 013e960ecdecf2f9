/** Puts JavaScript values into D-Bus bytes, little-endian. */
import { alignmentOf, DbusFormatError, splitSignature } from "./signature.ts";

/** A value with its type, where the signature leaves it open (`v`). */
export class Variant {
  readonly signature: string;
  readonly value: unknown;
  constructor(signature: string, value: unknown) {
    this.signature = signature;
    this.value = value;
  }
}

export class DbusWriter {
  #bytes = Buffer.alloc(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Writes one value per type of the signature. Throws DbusFormatError when a value does not fit its type. */
  writeAll(signature: string, values: readonly unknown[]): void {
    const types = splitSignature(signature);
    if (types.length !== values.length) throw new DbusFormatError(`signature "${signature}" does not have ${values.length} values`);
    types.forEach((type, index) => this.write(type, values[index]));
  }

  write(type: string, value: unknown): void {
    this.align(alignmentOf(type));
    switch (type[0]) {
      case "a":
        return this.#writeArray(type.slice(1), value);
      case "(":
        return this.writeAll(type.slice(1, -1), listOf(value));
      case "{":
        return this.writeAll(type.slice(1, -1), listOf(value));
      case "v":
        return this.#writeVariant(value);
      case "s":
      case "o":
      case "g":
        return this.#writeText(type, value);
      default:
        return this.#writeNumber(type, value);
    }
  }

  align(multiple: number): void {
    const padding = (multiple - (this.#length % multiple)) % multiple;
    this.#reserve(padding);
    this.#bytes.fill(0, this.#length, this.#length + padding);
    this.#length += padding;
  }

  #writeArray(elementType: string, value: unknown): void {
    const elements =
      value !== null && typeof value === "object" && !(Symbol.iterator in value) ? Object.entries(value) : [...listOf(value)];
    const lengthAt = this.#take(4);
    this.align(alignmentOf(elementType));
    const start = this.#length;
    for (const element of elements) this.write(elementType, element);
    this.#bytes.writeUInt32LE(this.#length - start, lengthAt);
  }

  #writeVariant(value: unknown): void {
    if (!(value instanceof Variant)) throw new DbusFormatError("a variant needs its type: new Variant(signature, value)");
    this.#writeText("g", value.signature);
    this.writeAll(value.signature, [value.value]);
  }

  #writeText(type: string, value: unknown): void {
    if (typeof value !== "string" || value.includes("\0")) throw new DbusFormatError(`"${type}" takes text without NUL`);
    const text = Buffer.from(value);
    // First, so that the bytes that are written to below are the ones that stay.
    this.#reserve(4 + text.length + 1);
    if (type === "g") this.#bytes.writeUInt8(text.length, this.#take(1));
    else this.#bytes.writeUInt32LE(text.length, this.#take(4));
    this.#bytes.set(text, this.#take(text.length));
    this.#bytes.writeUInt8(0, this.#take(1));
  }

  #writeNumber(type: string, value: unknown): void {
    this.#reserve(8);
    if (type === "b") {
      this.#bytes.writeUInt32LE(value === true ? 1 : 0, this.#take(4));
      return;
    }
    if (type === "x" || type === "t") {
      const wide = BigInt(value as bigint);
      if (type === "x") this.#bytes.writeBigInt64LE(wide, this.#take(8));
      else this.#bytes.writeBigUInt64LE(wide, this.#take(8));
      return;
    }
    if (typeof value !== "number") throw new DbusFormatError(`"${type}" takes a number`);
    switch (type) {
      case "y":
        return void this.#bytes.writeUInt8(value, this.#take(1));
      case "n":
        return void this.#bytes.writeInt16LE(value, this.#take(2));
      case "q":
        return void this.#bytes.writeUInt16LE(value, this.#take(2));
      case "i":
        return void this.#bytes.writeInt32LE(value, this.#take(4));
      case "d":
        return void this.#bytes.writeDoubleLE(value, this.#take(8));
      case "u":
        return void this.#bytes.writeUInt32LE(value, this.#take(4));
      default:
        throw new DbusFormatError(`values of type "${type}" are not sent`);
    }
  }

  /** Takes bytes at the end. @returns where they begin. */
  #take(count: number): number {
    this.#reserve(count);
    this.#length += count;
    return this.#length - count;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

function listOf(value: unknown): readonly unknown[] {
  if (value !== null && typeof value === "object" && Symbol.iterator in value) return [...(value as Iterable<unknown>)];
  throw new DbusFormatError("an array or structure takes a list");
}

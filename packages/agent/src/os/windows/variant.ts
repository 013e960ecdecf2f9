/** VARIANT and SAFEARRAY, the values that COM hands around. https://learn.microsoft.com/windows/win32/api/oaidl/ns-oaidl-variant */

/** On 64 bits. */
export const variantBytes = 24;

/** VARENUM of wtypes.h, as far as it is met. */
export const variantTypes = {
  empty: 0,
  nothing: 1,
  int16: 2,
  int32: 3,
  float32: 4,
  float64: 5,
  date: 7,
  text: 8,
  object: 9,
  flag: 11,
  unknown: 13,
  int8: 16,
  uint8: 17,
  uint16: 18,
  uint32: 19,
  int64: 20,
  uint64: 21,
  int: 22,
  uint: 23,
  array: 0x2000,
} as const;

type Simple = string | number | bigint | boolean | null;
/** A value; an object as the address that it has to be given back by. */
export type Variant = Simple | readonly Simple[] | { readonly object: bigint } | { readonly dateMs: number };

type ReadMemory = (address: bigint, length: number) => Buffer;

/** The 16 bytes of a GUID: the first three parts with the lowest byte first. */
export function idBytes(text: string): Buffer {
  const [first = "", second = "", third = "", ...rest] = text.split("-");
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(Number.parseInt(first, 16), 0);
  bytes.writeUInt16LE(Number.parseInt(second, 16), 4);
  bytes.writeUInt16LE(Number.parseInt(third, 16), 6);
  Buffer.from(rest.join(""), "hex").copy(bytes, 8);
  return bytes;
}

/** BSTR: its length in bytes stands before it. */
function textAt(address: bigint, read: ReadMemory): string {
  if (address === 0n) return "";
  return read(address, read(address - 4n, 4).readUInt32LE()).toString("utf16le");
}

const dayMs = 86_400_000;
/** Days since 30 December 1899. */
const dateOf = (days: number): number => Math.round(Date.UTC(1899, 11, 30) + days * dayMs);

const widths: Readonly<Record<number, number>> = {
  2: 2,
  3: 4,
  4: 4,
  5: 8,
  7: 8,
  8: 8,
  11: 2,
  16: 1,
  17: 1,
  18: 2,
  19: 4,
  20: 8,
  21: 8,
  22: 4,
  23: 4,
};

function simpleValue(type: number, bytes: Buffer, at: number, read: ReadMemory): Simple | { readonly dateMs: number } {
  switch (type) {
    case variantTypes.int8:
      return bytes.readInt8(at);
    case variantTypes.uint8:
      return bytes.readUInt8(at);
    case variantTypes.int16:
      return bytes.readInt16LE(at);
    case variantTypes.uint16:
      return bytes.readUInt16LE(at);
    case variantTypes.int32:
    case variantTypes.int:
      return bytes.readInt32LE(at);
    case variantTypes.uint32:
    case variantTypes.uint:
      return bytes.readUInt32LE(at);
    case variantTypes.int64:
      return bytes.readBigInt64LE(at);
    case variantTypes.uint64:
      return bytes.readBigUInt64LE(at);
    case variantTypes.float32:
      return bytes.readFloatLE(at);
    case variantTypes.float64:
      return bytes.readDoubleLE(at);
    case variantTypes.date:
      return { dateMs: dateOf(bytes.readDoubleLE(at)) };
    case variantTypes.flag:
      return bytes.readInt16LE(at) !== 0;
    case variantTypes.text:
      return textAt(bytes.readBigUInt64LE(at), read);
    default:
      return null;
  }
}

/** SAFEARRAY of one dimension: its data's address at 16, its length at 24. Others are not read. */
function arrayValue(type: number, address: bigint, read: ReadMemory): readonly Simple[] | null {
  const width = widths[type];
  if (address === 0n || width === undefined) return null;
  const head = read(address, 32);
  if (head.readUInt16LE(0) !== 1) return null;
  const length = head.readUInt32LE(24);
  const bytes = read(head.readBigUInt64LE(16), length * width);
  return Array.from({ length }, (_, index) => {
    const value = simpleValue(type, bytes, index * width, read);
    return typeof value === "object" && value !== null ? value.dateMs : value;
  });
}

/** What a VARIANT holds; null for nothing, and for kinds that are not met. @param read a copy of memory at an address */
export function variantValue(bytes: Buffer, read: ReadMemory): Variant {
  const type = bytes.readUInt16LE(0);
  if ((type & variantTypes.array) !== 0) return arrayValue(type & ~variantTypes.array, bytes.readBigUInt64LE(8), read);
  if (type === variantTypes.object || type === variantTypes.unknown) return { object: bytes.readBigUInt64LE(8) };
  return simpleValue(type, bytes, 8, read);
}

/** A whole number; 0 for what is none. */
export const numberOf = (value: Variant): number => (typeof value === "number" || typeof value === "bigint" ? Number(value) : 0);

/** A text; empty for what is none. */
export const textOf = (value: Variant): string => (typeof value === "string" ? value : "");

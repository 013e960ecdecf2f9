/**
 * A column of numbers in few bytes, exactly. Measurements are seldom arbitrary doubles: they are whole numbers or have a few
 * decimals, they move little from one to the next, and amounts of memory and disk come in blocks. So a column becomes whole
 * numbers (times a power of ten), of these the differences of the order that leaves least, less their smallest, divided by
 * what they have in common. What does not fit that is kept as the exclusive-or of neighbouring doubles. Either way the bytes
 * of equal significance stand together, which suits the compression that follows (zstd.ts).
 */
import type { ByteReader, ByteWriter } from "./bytes.ts";

const kinds = { empty: 0, constant: 1, whole: 2, bits: 3 } as const;
const mostDecimals = 6;
/** Differences up to the second order of such numbers stay exact. */
const largestWhole = 2 ** 49;

/** Writes numbers; also NaN, infinities and the negative zero come back as they were. */
export function writeColumn(to: ByteWriter, values: Float64Array): void {
  if (values.length === 0) return to.byte(kinds.empty);
  const first = values[0]!;
  if (values.every((value) => Object.is(value, first))) {
    to.byte(kinds.constant);
    return to.double(first);
  }
  const decimals = decimalsOf(values);
  if (decimals === undefined) {
    to.byte(kinds.bits);
    return writeBits(to, values);
  }
  to.byte(kinds.whole);
  to.byte(decimals);
  const scale = 10 ** decimals;
  writeWhole(to, decimals === 0 ? values : values.map((value) => Math.round(value * scale)));
}

/** Reads a column of so many numbers. */
export function readColumn(from: ByteReader, count: number): Float64Array {
  const kind = from.byte();
  if (kind === kinds.empty) return new Float64Array(0);
  if (kind === kinds.constant) return new Float64Array(count).fill(from.double());
  if (kind === kinds.bits) return readBits(from, count);
  if (kind !== kinds.whole) throw new RangeError(`unknown kind of column: ${kind}`);
  const scale = 10 ** from.byte();
  const values = readWhole(from, count);
  return scale === 1 ? values : values.map((value) => value / scale);
}

/** The fewest decimals with which all values are exact; undefined when there are none such. */
function decimalsOf(values: Float64Array): number | undefined {
  for (let decimals = 0; decimals <= mostDecimals; decimals++) {
    const scale = 10 ** decimals;
    if (values.every((value) => isExact(value, scale))) return decimals;
  }
  return undefined;
}

function isExact(value: number, scale: number): boolean {
  const whole = Math.round(value * scale);
  return whole / scale === value && Math.abs(whole) <= largestWhole && !Object.is(value, -0);
}

/** Differences of the order that leaves the smallest numbers. */
function writeWhole(to: ByteWriter, values: Float64Array): void {
  let best = { order: 0, bits: Infinity, residuals: values };
  let differences = values;
  for (let order = 0; order <= 2 && differences.length > 0; order++) {
    const residuals = aboveSmallest(differences);
    const bits = residuals.reduce((sum, value) => sum + Math.log2(value + 1), 0);
    if (bits < best.bits) best = { order, bits, residuals: differences };
    differences = differencesOf(differences);
  }
  to.byte(best.order);
  let heads = values;
  for (let order = 0; order < best.order; order++) {
    to.signed(heads[0]!);
    heads = differencesOf(heads);
  }
  const smallest = best.residuals.reduce((least, value) => Math.min(least, value), Infinity);
  const above = aboveSmallest(best.residuals);
  const common = above.reduce(greatestCommonDivisor, 0) || 1;
  to.signed(smallest);
  to.whole(common);
  writePlanes(
    to,
    above.map((value) => value / common),
  );
}

function readWhole(from: ByteReader, count: number): Float64Array {
  const order = from.byte();
  const heads = Array.from({ length: order }, () => from.signed());
  const smallest = from.signed();
  const common = from.whole();
  let values: Float64Array = readPlanes(from, count - order).map((value) => value * common + smallest);
  for (const head of heads.toReversed()) values = sumsOf(head, values);
  return values;
}

function aboveSmallest(values: Float64Array): Float64Array {
  let smallest = Infinity;
  for (const value of values) if (value < smallest) smallest = value;
  return values.map((value) => value - smallest);
}

function differencesOf(values: Float64Array): Float64Array {
  const differences = new Float64Array(Math.max(0, values.length - 1));
  for (let index = 0; index < differences.length; index++) differences[index] = values[index + 1]! - values[index]!;
  return differences;
}

function sumsOf(head: number, differences: Float64Array): Float64Array {
  const values = new Float64Array(differences.length + 1);
  values[0] = head;
  for (let index = 0; index < differences.length; index++) values[index + 1] = values[index]! + differences[index]!;
  return values;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

/** Whole numbers from 0, byte by byte of equal significance, lowest first. */
function writePlanes(to: ByteWriter, values: Float64Array): void {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  let width = 0;
  for (let rest = largest; rest >= 1; rest = Math.floor(rest / 256)) width++;
  to.byte(width);
  const rest = Float64Array.from(values);
  for (let plane = 0; plane < width; plane++) {
    const bytes = new Uint8Array(rest.length);
    for (let index = 0; index < rest.length; index++) {
      const value = rest[index]!;
      const upper = Math.floor(value / 256);
      bytes[index] = value - upper * 256;
      rest[index] = upper;
    }
    to.raw(bytes);
  }
}

function readPlanes(from: ByteReader, count: number): Float64Array {
  const width = from.byte();
  const values = new Float64Array(count);
  let factor = 1;
  for (let plane = 0; plane < width; plane++, factor *= 256) {
    const bytes = from.raw(count);
    for (let index = 0; index < count; index++) values[index]! += bytes[index]! * factor;
  }
  return values;
}

/** Doubles, each combined with the one before by exclusive-or; the eight bytes in planes. */
function writeBits(to: ByteWriter, values: Float64Array): void {
  const words = new Uint32Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
  for (let index = words.length - 1; index >= 2; index--) words[index]! ^= words[index - 2]!;
  const bytes = new Uint8Array(words.buffer);
  for (let plane = 0; plane < 8; plane++) {
    const column = new Uint8Array(values.length);
    for (let index = 0; index < values.length; index++) column[index] = bytes[index * 8 + plane]!;
    to.raw(column);
  }
}

function readBits(from: ByteReader, count: number): Float64Array {
  const values = new Float64Array(count);
  const bytes = new Uint8Array(values.buffer);
  for (let plane = 0; plane < 8; plane++) {
    const column = from.raw(count);
    for (let index = 0; index < count; index++) bytes[index * 8 + plane] = column[index]!;
  }
  const words = new Uint32Array(values.buffer);
  for (let index = 2; index < words.length; index++) words[index]! ^= words[index - 2]!;
  return values;
}

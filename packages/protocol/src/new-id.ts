/** Makes identifiers. A file of its own, so that whoever only makes them (the agent) loads no schema library. */
import type { Id } from "./ids.ts";

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Numbers of the milliseconds that ids were made for last, the newest at the end: several, as a clock may stand still while others go on. */
const counters = new Map<number, number>();
const countersKept = 4;

/**
 * Makes a UUIDv7. Ids that one process makes for the same millisecond sort in the order in which they were made, as long as few others
 * come in between (RFC 9562, section 6.2, method 1: 12 bits count up from a random start).
 * @param atMs Unix time in milliseconds that the id shall carry; now, when left out.
 */
export function newId(atMs: number = Date.now()): Id {
  const bytes = new Uint8Array(16);
  crypto.getRandomValues(bytes);
  const wholeMs = Math.floor(atMs);
  // The start leaves half of the 4,096 numbers to count; beyond them order is lost, uniqueness is not.
  const before = counters.get(wholeMs);
  const counter = before === undefined ? ((bytes[6]! & 0x07) << 8) | bytes[7]! : (before + 1) % 4_096;
  counters.delete(wholeMs);
  counters.set(wholeMs, counter);
  if (counters.size > countersKept) counters.delete(counters.keys().next().value!);
  let rest = wholeMs;
  for (let index = 5; index >= 0; index--) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | (counter >> 8);
  bytes[7] = counter & 0xff;
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => HEX[byte]).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Tells whether two messages of the same number are the same: the first 48 bits of SHA-256, which fit a number. */
import { hash } from "node:crypto";

const samplesKey = '"samples":';
const hashBytes = 6;

/**
 * Hash of a message's content. The same samples give the same hash however often and whenever they are sent: agents keep
 * their text and send it as the last field.
 * @param text the message, valid JSON with a field `samples`.
 */
export function hashOfSamples(text: string): number {
  return hash("sha256", text.slice(text.indexOf(samplesKey)), "buffer").readUIntBE(0, hashBytes);
}

/** As it is stored; empty for NaN, no message yet. */
export function hashToBytes(value: number): Buffer {
  if (Number.isNaN(value)) return Buffer.alloc(0);
  const bytes = Buffer.alloc(hashBytes);
  bytes.writeUIntBE(value, 0, hashBytes);
  return bytes;
}

export function hashFromBytes(bytes: Buffer | null): number {
  return bytes !== null && bytes.length >= hashBytes ? bytes.readUIntBE(0, hashBytes) : Number.NaN;
}

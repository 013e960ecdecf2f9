/**
 * A record of a segment file: 32 bytes of header, then the payload.
 *
 * | offset | what |
 * |---|---|
 * | 0 | length of the payload, 32 bits |
 * | 4 | CRC-32 of all that follows, 32 bits |
 * | 8 | position of the batch, 64 bits: counts up over the life of the buffer |
 * | 16 | position that was acknowledged when this record was written, 64 bits |
 * | 24 | number of samples, 32 bits; 4 bytes unused |
 *
 * All numbers little-endian.
 */
import { crc32 } from "./checksum.ts";
import type { OpenFile } from "./files.ts";

export const headerBytes = 32;
/** A length beyond this is no record. Twice what a message may have. */
const payloadLimitBytes = 1024 * 1024;

export interface RecordHeader {
  readonly position: number;
  readonly acknowledged: number;
  readonly samples: number;
  readonly payloadBytes: number;
}

export interface StoredRecord extends RecordHeader {
  readonly payload: Uint8Array;
}

export function encodeRecord(position: number, acknowledged: number, samples: number, payload: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(headerBytes + payload.length);
  bytes.writeUInt32LE(payload.length, 0);
  bytes.writeBigUInt64LE(BigInt(position), 8);
  bytes.writeBigUInt64LE(BigInt(acknowledged), 16);
  bytes.writeUInt32LE(samples, 24);
  bytes.writeUInt32LE(0, 28);
  bytes.set(payload, headerBytes);
  bytes.writeUInt32LE(crc32(bytes.subarray(8)), 4);
  return bytes;
}

/** Reads the record at an offset; undefined at the end of the file, and where a record is torn or damaged. */
export function readRecord(file: OpenFile, offset: number): StoredRecord | undefined {
  const head = Buffer.from(file.read(offset, headerBytes));
  if (head.length < headerBytes) return undefined;
  const payloadBytes = head.readUInt32LE(0);
  if (payloadBytes === 0 || payloadBytes > payloadLimitBytes) return undefined;
  const payload = file.read(offset + headerBytes, payloadBytes);
  if (payload.length < payloadBytes) return undefined;
  if (crc32(payload, crc32(head.subarray(8))) !== head.readUInt32LE(4)) return undefined;
  return {
    position: Number(head.readBigUInt64LE(8)),
    acknowledged: Number(head.readBigUInt64LE(16)),
    samples: head.readUInt32LE(24),
    payloadBytes,
    payload,
  };
}

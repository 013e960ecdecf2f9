/**
 * The log of batches: append-only files of about a mebibyte, named after the first position in them. Only the last one is
 * written; a whole file is removed when all in it is acknowledged, or given up when the log is over its limit.
 *
 * Positions rise from record to record. A record whose position is not below the next file's first one was never synced
 * (its file was given up after a failed write) and is passed over.
 */
import { encodeRecord, headerBytes, readRecord, type StoredRecord } from "./record.ts";
import type { Files, OpenFile } from "./files.ts";

const namePattern = /^\d{16}\.segment$/;
/** The last file is replaced by a fresh one when all in it is acknowledged and it has grown beyond this. */
const tidyBytes = 64 * 1024;

interface Segment {
  readonly name: string;
  readonly first: number;
  /** Bytes of whole, synced records. */
  bytes: number;
}

export interface Recovered {
  /** Highest position found on the disk. */
  readonly highest: number;
  /** Highest position known to be acknowledged. */
  readonly acknowledged: number;
}

export class SegmentLog {
  readonly #files: Files;
  readonly #segmentBytes: number;
  readonly #damaged: (what: string) => void;
  readonly #segments: Segment[] = [];
  /** The file being written, with what was written and not yet synced. */
  #active: { segment: Segment; file: OpenFile; written: number } | undefined;
  #namesChanged = false;
  #freshFileWanted = false;
  /** Where reading goes on: behind the record at `position`. */
  #reader: { segment: Segment; file: OpenFile; offset: number; position: number } | undefined;

  /** @param damaged called when something on the disk cannot be read; what can be read goes on. */
  constructor(files: Files, segmentBytes: number, damaged: (what: string) => void) {
    this.#files = files;
    this.#segmentBytes = segmentBytes;
    this.#damaged = damaged;
  }

  /** Bytes on the disk. */
  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  get fileCount(): number {
    return this.#segments.length;
  }

  /** Takes stock of the folder and cuts off what was torn at the end. Call once, first. */
  recover(): Recovered {
    const found = this.#files.list().filter((name) => namePattern.test(name));
    for (const name of found.sort()) this.#segments.push({ name, first: Number(name.slice(0, 16)), bytes: 0 });
    for (const segment of this.#segments.slice(0, -1)) {
      const file = this.#files.open(segment.name);
      segment.bytes = file.size();
      file.close();
    }
    const last = this.#segments.at(-1);
    if (!last) return { highest: 0, acknowledged: 0 };
    return this.#recoverLast(last);
  }

  #recoverLast(segment: Segment): Recovered {
    const file = this.#files.open(segment.name);
    let highest = segment.first - 1;
    let acknowledged = this.#segments[0]!.first - 1;
    for (;;) {
      const record = readRecord(file, segment.bytes);
      if (!record || record.position <= highest) break;
      highest = record.position;
      acknowledged = Math.max(acknowledged, record.acknowledged);
      segment.bytes += headerBytes + record.payloadBytes;
    }
    if (file.size() > segment.bytes) {
      file.truncate(segment.bytes); // never synced, so never sent
      file.sync();
    }
    this.#active = { segment, file, written: segment.bytes };
    return { highest, acknowledged };
  }

  /** Writes a record; it holds only after `sync`. Throws what the disk says; then call `abandon`. */
  append(position: number, acknowledged: number, samples: number, payload: Uint8Array): void {
    if (!this.#active || this.#active.segment.bytes >= this.#segmentBytes || this.#freshFileWanted) this.#openFresh(position);
    const active = this.#active!;
    const bytes = encodeRecord(position, acknowledged, samples, payload);
    active.file.write(active.written, bytes);
    active.written += bytes.length;
  }

  #openFresh(position: number): void {
    // What was written to the old file in this round must be synced before it is left.
    this.sync();
    const segment = { name: `${String(position).padStart(16, "0")}.segment`, first: position, bytes: 0 };
    const file = this.#files.open(segment.name);
    file.truncate(0);
    this.#active?.file.close();
    this.#active = { segment, file, written: 0 };
    if (this.#segments.at(-1)?.name === segment.name) this.#segments.pop();
    this.#segments.push(segment);
    this.#namesChanged = true;
    this.#freshFileWanted = false;
  }

  /** Returns when all appended records are on the disk. */
  sync(): void {
    if (!this.#active) return;
    if (this.#active.written > this.#active.segment.bytes) this.#active.file.sync();
    if (this.#namesChanged) this.#files.syncNames();
    this.#namesChanged = false;
    this.#active.segment.bytes = this.#active.written;
  }

  /** After a failed append or sync: forgets what is not synced. The next append begins a fresh file. */
  abandon(): void {
    const active = this.#active;
    if (!active) return;
    active.written = active.segment.bytes;
    try {
      active.file.truncate(active.segment.bytes);
    } catch {
      // The disk does not even cut off; the fresh file's name makes readers pass over what is behind.
    }
    active.file.close();
    this.#active = undefined;
  }

  /** The first record behind a position. */
  recordAfter(position: number): StoredRecord | undefined {
    if (this.#reader?.position !== position) this.#seek(position);
    while (this.#reader) {
      const reader = this.#reader;
      const limit = this.#segments[this.#segments.indexOf(reader.segment) + 1]?.first ?? Infinity;
      while (reader.offset < reader.segment.bytes) {
        const record = readRecord(reader.file, reader.offset);
        if (!record) {
          this.#reportDamage(reader.segment, reader.offset);
          break;
        }
        if (record.position >= limit) break;
        reader.offset += headerBytes + record.payloadBytes;
        if (record.position <= position) continue;
        reader.position = record.position;
        return record;
      }
      if (!this.#advanceReader()) return undefined;
    }
    return undefined;
  }

  #reportDamage(segment: Segment, offset: number): void {
    this.#damaged(`${segment.name} is damaged at byte ${offset}; what follows in it is lost`);
    segment.bytes = offset;
    if (this.#active?.segment !== segment) return;
    this.#active.file.close();
    this.#active = undefined;
  }

  /** Moves reading to the next file. @returns false when there is none; then the place is kept for what is still to come. */
  #advanceReader(): boolean {
    const reader = this.#reader!;
    const next = this.#segments[this.#segments.indexOf(reader.segment) + 1];
    if (!next) return false;
    reader.file.close();
    this.#reader = { segment: next, file: this.#files.open(next.name), offset: 0, position: reader.position };
    return true;
  }

  #seek(position: number): void {
    this.#closeReader();
    const segment = this.#segments.findLast((candidate) => candidate.first <= position + 1) ?? this.#segments[0];
    if (segment) this.#reader = { segment, file: this.#files.open(segment.name), offset: 0, position };
  }

  #closeReader(): void {
    this.#reader?.file.close();
    this.#reader = undefined;
  }

  /** Removes files in which everything is acknowledged. */
  removeAcknowledged(acknowledged: number, highest: number): void {
    while (this.#segments.length > 1 && this.#segments[1]!.first - 1 <= acknowledged) this.#removeFirst();
    const last = this.#segments[0];
    if (acknowledged >= highest && this.#segments.length === 1 && last!.bytes >= tidyBytes) this.#freshFileWanted = true;
  }

  /** Gives up the oldest file. @returns how many samples in it were not acknowledged; undefined when only the file being written is left. */
  dropOldest(acknowledged: number): number | undefined {
    const [oldest, next] = this.#segments;
    if (!oldest || !next) return undefined;
    const file = this.#files.open(oldest.name);
    let samples = 0;
    for (let offset = 0; offset < oldest.bytes;) {
      const record = readRecord(file, offset);
      if (!record || record.position >= next.first) break;
      if (record.position > acknowledged) samples += record.samples;
      offset += headerBytes + record.payloadBytes;
    }
    file.close();
    this.#removeFirst();
    return samples;
  }

  #removeFirst(): void {
    const segment = this.#segments.shift()!;
    if (this.#reader?.segment === segment) this.#closeReader();
    this.#files.remove(segment.name);
    // At once: were several removals open and only the last one survived, a hole would remain.
    this.#files.syncNames();
  }

  close(): void {
    this.#closeReader();
    this.#active?.file.close();
    this.#active = undefined;
  }
}

/**
 * The agent's buffer: batches lie on the disk before they are sent and until the server has stored them.
 *
 * A batch has a *position* that counts up over the life of the buffer. Its *number* in the stream is its position minus the
 * stream's base, so a new stream, or a gap left by batches that were given up, only moves the base: numbers on the wire
 * have no gap, and nothing is rewritten. The base moves only while nothing is under way, and is on the disk before a number
 * that rests on it is sent.
 *
 * Full disk: batches wait in memory, bounded, and are sent from there, so that just this computer can report its full disk.
 * Their positions are reserved in the head file first; after a crash the buffer goes on behind the reserved ones.
 *
 * So a number that the server stored is never given to something else. Whoever lost samples says so in the next hello
 * (`droppedSamples`), and the server then names the last number that it really has; closing a gap rests on that.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { Log } from "../log.ts";
import { packSamples, type Chunk } from "./chunks.ts";
import type { Files } from "./files.ts";
import { HeadFile, type HeadState } from "./head.ts";
import type { OutgoingBatch, SampleBuffer } from "./sample-buffer.ts";
import { SegmentLog } from "./segments.ts";

/** 72 hours of 20 checks a minute with 2 kB each take 173 MB. */
export const defaultBufferLimitBytes = 256 * 1024 * 1024;
const defaultSegmentBytes = 1024 * 1024;
/** What may wait in memory while the disk takes nothing. */
const memoryLimitBytes = 4 * 1024 * 1024;
/** Positions reserved at once for batches sent from memory. */
const reservedAtOnce = 1_000;

export interface DiskBufferOptions {
  readonly files: Files;
  readonly log: Log;
  readonly limitBytes?: number;
  readonly segmentBytes?: number;
  readonly memoryLimitBytes?: number;
}

/** What `status` tells about the buffer. */
export interface BufferStatus {
  /** `memory` while the disk takes nothing. */
  readonly mode: "disk" | "memory";
  readonly usedBytes: number;
  readonly limitBytes: number;
  /** Batches that the server has not stored yet. */
  readonly waitingBatches: number;
  readonly droppedSamples: number;
  /** What the disk said last, while in memory mode. */
  readonly problem: string | undefined;
}

/** A batch that the disk would not take. It has a position once it was sent. */
interface MemoryBatch extends Chunk {
  position: number | undefined;
}

export class DiskBuffer implements SampleBuffer {
  readonly #log: Log;
  readonly #limitBytes: number;
  readonly #memoryLimitBytes: number;
  readonly #segments: SegmentLog;
  readonly #headFile: HeadFile;
  #head: HeadState;
  /** Highest position given out. */
  #highest: number;
  #acknowledged: number;
  /** Position sent last on this connection. */
  #cursor = 0;
  /** Number sent last on this connection, or stored by the server when it began; undefined before the first connection. */
  #lastNumber: number | undefined;
  #memory: MemoryBatch[] = [];
  #problem: string | undefined;

  /** Opens or makes a buffer. Throws what the disk says when even that is impossible. */
  constructor(options: DiskBufferOptions) {
    this.#log = options.log;
    this.#limitBytes = options.limitBytes ?? defaultBufferLimitBytes;
    this.#memoryLimitBytes = options.memoryLimitBytes ?? memoryLimitBytes;
    const segmentBytes = Math.min(options.segmentBytes ?? defaultSegmentBytes, Math.ceil(this.#limitBytes / 4));
    this.#segments = new SegmentLog(options.files, segmentBytes, (what) => this.#damaged(what));
    const { highest, acknowledged } = this.#segments.recover();
    this.#headFile = new HeadFile(options.files);
    const head = this.#headFile.read();
    this.#acknowledged = Math.max(acknowledged, head?.acknowledged ?? 0);
    this.#highest = Math.max(highest, this.#acknowledged, head?.highest ?? 0);
    this.#head = head ?? { stream: newId(), base: this.#acknowledged, acknowledged, highest, reserved: 0, dropped: 0 };
    if (!head) {
      if (highest > 0) this.#log.error("buffer head lost, a new stream begins", { stream: this.#head.stream });
      this.#headFile.write(this.#head);
    }
    if (this.#head.reserved > this.#highest) this.#recoverReserved();
  }

  /** The agent crashed while batches were sent from memory. Which of them arrived, the server says; how many did not, nobody knows. */
  #recoverReserved(): void {
    this.#log.error("the agent ended while samples waited in memory; some may be lost");
    this.#highest = this.#head.reserved;
    this.#saveHead({ highest: this.#highest, reserved: 0, dropped: this.#head.dropped + 1 });
  }

  #damaged(what: string): void {
    this.#log.error("buffer damaged", { what });
    this.#saveHead({ dropped: this.#head.dropped + 1 });
  }

  get stream(): Id {
    return this.#head.stream;
  }
  get highestSequence(): number {
    return this.#highest - this.#head.base;
  }
  get acknowledgedSequence(): number {
    return this.#acknowledged - this.#head.base;
  }
  get droppedSamples(): number {
    return this.#head.dropped;
  }

  status(): BufferStatus {
    return {
      mode: this.#problem === undefined ? "disk" : "memory",
      usedBytes: this.#segments.bytes + this.#memoryBytes(),
      limitBytes: this.#limitBytes,
      waitingBatches: this.#highest - this.#acknowledged + this.#memory.filter((batch) => batch.position === undefined).length,
      droppedSamples: this.#head.dropped,
      problem: this.#problem,
    };
  }

  /**
   * Keeps samples. When it returns they are on the disk, or, while the disk takes nothing, in memory.
   * @param samples JSON texts, each at most `sampleLimitBytes`.
   */
  append(samples: readonly string[]): void {
    this.#memory.push(...packSamples(samples).map((chunk) => ({ ...chunk, position: undefined })));
    this.#writeOut();
  }

  /** Writes what waits in memory to the disk; all of it or, when the disk refuses, nothing. */
  #writeOut(): void {
    let position = this.#highest;
    const positions: number[] = [];
    try {
      for (const batch of this.#memory) {
        this.#makeRoom(batch.payload.length);
        positions.push(batch.position ?? ++position);
        this.#segments.append(positions.at(-1)!, this.#acknowledged, batch.samples, batch.payload);
      }
      this.#segments.sync();
    } catch (error) {
      this.#segments.abandon();
      this.#diskRefused(error);
      return;
    }
    this.#highest = position;
    this.#memory = [];
    if (this.#problem !== undefined) this.#log.info("buffer writes to the disk again");
    this.#problem = undefined;
  }

  #diskRefused(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    if (this.#problem === undefined) this.#log.error("buffer cannot write to the disk, samples wait in memory", { problem });
    this.#problem = problem;
    while (this.#memoryBytes() > this.#memoryLimitBytes) {
      const oldest = this.#memory.findIndex((batch) => batch.position === undefined);
      if (oldest < 0) return; // all were sent and wait for their acknowledgement
      this.#dropped(this.#memory.splice(oldest, 1)[0]!.samples);
    }
  }

  #memoryBytes(): number {
    return this.#memory.reduce((sum, batch) => sum + batch.payload.length, 0);
  }

  #makeRoom(bytes: number): void {
    while (this.#segments.bytes + bytes > this.#limitBytes) {
      const samples = this.#segments.dropOldest(this.#acknowledged);
      if (samples === undefined) return;
      if (samples > 0) this.#dropped(samples);
    }
  }

  #dropped(samples: number): void {
    if (this.#head.dropped === 0) this.#log.warn("buffer is full, the oldest samples are given up");
    this.#saveHead({ dropped: this.#head.dropped + samples });
  }

  /** Changes what the head file remembers. When the disk refuses, the change holds until the process ends. */
  #saveHead(change: Partial<HeadState>): void {
    this.#head = { ...this.#head, acknowledged: this.#acknowledged, ...change };
    try {
      this.#headFile.write(this.#head);
    } catch (error) {
      this.#log.error("buffer head cannot be written", { problem: error instanceof Error ? error.message : String(error) });
    }
  }

  rewind(lastSequence: number): void {
    const stored = Math.min(lastSequence + this.#head.base, this.#highest);
    this.#forget(stored);
    this.#cursor = this.#acknowledged;
    this.#lastNumber = lastSequence;
  }

  acknowledge(sequence: number): void {
    this.#forget(Math.min(sequence + this.#head.base, this.#cursor));
  }

  #forget(position: number): void {
    if (position <= this.#acknowledged) return;
    this.#acknowledged = position;
    this.#memory = this.#memory.filter((batch) => batch.position === undefined || batch.position > position);
    try {
      this.#segments.removeAcknowledged(position, this.#highest);
    } catch (error) {
      this.#log.error("a file of the buffer cannot be removed", { problem: error instanceof Error ? error.message : String(error) });
    }
  }

  next(): OutgoingBatch | undefined {
    if (this.#lastNumber === undefined) return undefined;
    const found = this.#segments.recordAfter(this.#cursor) ?? this.#nextFromMemory();
    if (!found) return undefined;
    const expected = this.#lastNumber + 1;
    if (found.position - this.#head.base !== expected) {
      if (this.acknowledgedSequence < this.#lastNumber) return undefined; // batches under way still count by the old base
      this.#acknowledged = found.position - 1;
      this.#saveHead({ base: found.position - expected });
    }
    this.#cursor = found.position;
    this.#lastNumber = expected;
    return { sequence: expected, samplesJson: Buffer.from(found.payload).toString() };
  }

  /** The next batch that the disk would not take, with a position that is reserved. */
  #nextFromMemory(): { position: number; payload: Uint8Array } | undefined {
    const batch = this.#memory.find(({ position }) => position === undefined || position > this.#cursor);
    if (!batch) return undefined;
    if (batch.position === undefined) {
      const position = this.#highest + 1;
      if (position > this.#head.reserved) this.#saveHead({ reserved: position + reservedAtOnce - 1 });
      batch.position = position;
      this.#highest = position;
    }
    return { position: batch.position, payload: batch.payload };
  }

  startNewStream(): void {
    this.#saveHead({ stream: newId(), base: this.#acknowledged });
    this.#lastNumber = undefined;
  }

  droppedReported(samples: number): void {
    if (samples > 0) this.#saveHead({ dropped: Math.max(0, this.#head.dropped - samples) });
  }

  /** What still waits in memory is lost then, and counted. */
  close(): void {
    if (this.#memory.length > 0) {
      const samples = this.#memory.reduce((sum, batch) => sum + batch.samples, 0);
      this.#saveHead({ highest: this.#highest, reserved: 0, dropped: this.#head.dropped + samples });
    }
    this.#segments.close();
    this.#headFile.close();
  }
}

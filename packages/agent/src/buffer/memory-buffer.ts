/** A buffer without a disk, for programs that play many agents at once. It lasts as long as the process. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import { packSamples } from "./chunks.ts";
import type { OutgoingBatch, SampleBuffer } from "./sample-buffer.ts";

export class MemoryBuffer implements SampleBuffer {
  stream: Id;
  highestSequence = 0;
  acknowledgedSequence = 0;
  droppedSamples = 0;
  #sent = 0;
  /** Batches behind the acknowledged number, oldest first. */
  #batches: { json: string; samples: number }[] = [];
  readonly #batchLimit: number;

  /** @param batchLimit batches kept; when there are more, the oldest that were never sent are given up. */
  constructor(batchLimit = 10_000, stream: Id = newId()) {
    this.#batchLimit = batchLimit;
    this.stream = stream;
  }

  /** @param samples JSON texts. */
  append(samples: readonly string[]): void {
    for (const chunk of packSamples(samples)) {
      if (this.#batches.length >= this.#batchLimit) this.#giveUpOne();
      this.#batches.push({ json: Buffer.from(chunk.payload).toString(), samples: chunk.samples });
      this.highestSequence++;
    }
  }

  /** Gives up the oldest batch that was not sent; its successors move up, so the numbers stay without a gap. */
  #giveUpOne(): void {
    const [given] = this.#batches.splice(this.#sent - this.acknowledgedSequence, 1);
    if (!given) return; // all are on their way; they are few
    this.droppedSamples += given.samples;
    this.highestSequence--;
  }

  rewind(lastSequence: number): void {
    if (lastSequence < this.acknowledgedSequence) {
      this.highestSequence -= this.acknowledgedSequence - lastSequence;
      this.acknowledgedSequence = lastSequence;
    }
    this.acknowledge(lastSequence);
    this.#sent = this.acknowledgedSequence;
  }

  next(): OutgoingBatch | undefined {
    const batch = this.#batches[this.#sent - this.acknowledgedSequence];
    return batch && { sequence: ++this.#sent, samplesJson: batch.json };
  }

  acknowledge(sequence: number): void {
    const count = Math.min(sequence, this.highestSequence) - this.acknowledgedSequence;
    if (count <= 0) return;
    this.#batches.splice(0, count);
    this.acknowledgedSequence += count;
    this.#sent = Math.max(this.#sent, this.acknowledgedSequence);
  }

  startNewStream(): void {
    this.stream = newId();
    this.highestSequence -= this.acknowledgedSequence;
    this.acknowledgedSequence = 0;
    this.#sent = 0;
  }

  droppedReported(samples: number): void {
    this.droppedSamples = Math.max(0, this.droppedSamples - samples);
  }
}

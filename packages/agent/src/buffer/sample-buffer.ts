/**
 * What the link needs of a buffer: batches in order, each with its number. `DiskBuffer` keeps them through outages;
 * `MemoryBuffer` serves programs that play many agents at once.
 */
import type { Id } from "@hauswart/protocol/ids.ts";

/** A batch as it is sent: the samples are JSON text already, and stay the same bytes however often they are sent. */
export interface OutgoingBatch {
  readonly sequence: number;
  /** JSON array of samples. */
  readonly samplesJson: string;
}

export interface SampleBuffer {
  /** The stream in which the numbers count. */
  readonly stream: Id;
  /** Highest number that was ever given out in this stream; 0 when none was. */
  readonly highestSequence: number;
  /** Highest number known to be stored by the server. */
  readonly acknowledgedSequence: number;
  /** Samples given up for want of space and not yet reported. */
  readonly droppedSamples: number;

  /**
   * A connection begins. What the server has stored counts as acknowledged; sending goes on behind it.
   * @param lastSequence the last number of this stream that the server has stored.
   */
  rewind(lastSequence: number): void;
  /** The next batch that was not sent on this connection; undefined when there is none, or none may be sent before an acknowledgement. */
  next(): OutgoingBatch | undefined;
  /** Everything up to this number is stored by the server. */
  acknowledge(sequence: number): void;
  /** Begins a new stream: what is not acknowledged is numbered anew from 1. Nothing is lost. Sending goes on after the next `rewind`. */
  startNewStream(): void;
  /** The server has been told of this many dropped samples. Call after `rewind`, so that both are remembered together. */
  droppedReported(samples: number): void;
}

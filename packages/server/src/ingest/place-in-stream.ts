/** Where a message belongs in its device's stream. Pure. */
import type { Batch } from "@hauswart/protocol/wire/messages.ts";
import type { DeviceMemory } from "./device-memory.ts";

/**
 * - next: the one that was expected. It may skip numbers when it is the first of a connection: the agent's buffer was full.
 * - duplicate: taken in before.
 * - diverged: its number was taken in before with other content: the agent's disk was set back.
 * - out-of-order: skips numbers in mid-connection, or belongs to another stream.
 */
export type Place =
  | { readonly kind: "next"; readonly skipped: number; readonly isNewStream: boolean }
  | { readonly kind: "duplicate" | "diverged" | "out-of-order" };

type Stream = Pick<DeviceMemory, "streamId" | "lastSequence" | "lastHash" | "awaitsNewStream" | "isFirstMessage">;

/** @param hash of the message's samples. */
export function placeInStream(stream: Stream, { stream: streamId, sequence }: Pick<Batch, "stream" | "sequence">, hash: number): Place {
  if (streamId !== stream.streamId)
    return stream.awaitsNewStream ? { kind: "next", skipped: 0, isNewStream: true } : { kind: "out-of-order" };
  if (stream.awaitsNewStream) return { kind: "out-of-order" };
  if (sequence < stream.lastSequence) return { kind: "duplicate" };
  if (sequence === stream.lastSequence)
    return Number.isNaN(stream.lastHash) || stream.lastHash === hash ? { kind: "duplicate" } : { kind: "diverged" };
  const skipped = sequence - stream.lastSequence - 1;
  if (skipped === 0) return { kind: "next", skipped: 0, isNewStream: false };
  if (!stream.isFirstMessage) return { kind: "out-of-order" };
  return { kind: "next", skipped: stream.lastSequence === 0 ? 0 : skipped, isNewStream: false };
}

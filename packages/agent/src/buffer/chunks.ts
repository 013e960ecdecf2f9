import { messageLimitBytes, samplesPerBatchLimit } from "@hauswart/protocol/wire/versions.ts";

/** What of a message is not samples: type, stream, number, time, punctuation. */
const envelopeBytes = 512;

/** The most bytes that one sample may have as JSON, so that a message holds it. */
export const sampleLimitBytes = messageLimitBytes - envelopeBytes;

/** Samples of one batch, as a JSON array. */
export interface Chunk {
  readonly payload: Uint8Array;
  readonly samples: number;
}

/**
 * Packs samples into as few batches as the limits of a message allow, in order.
 * @param samples JSON texts, each at most `sampleLimitBytes`.
 */
export function packSamples(samples: readonly string[]): Chunk[] {
  const chunks: Chunk[] = [];
  let texts: string[] = [];
  let bytes = 0;
  const close = () => {
    if (texts.length > 0) chunks.push({ payload: Buffer.from(`[${texts.join(",")}]`), samples: texts.length });
    texts = [];
    bytes = 0;
  };
  for (const sample of samples) {
    const size = Buffer.byteLength(sample) + 1;
    if (texts.length >= samplesPerBatchLimit || bytes + size > sampleLimitBytes) close();
    texts.push(sample);
    bytes += size;
  }
  close();
  return chunks;
}

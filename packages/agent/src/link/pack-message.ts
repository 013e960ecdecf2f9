import { packedForm } from "@hauswart/protocol/wire/versions.ts";

/** Shorter texts gain nothing that anybody would notice. */
const worthwhileBytes = 200;

/**
 * Packs a message in `packedForm`. Every message alone, so that a lost connection or a batch that is sent once more changes nothing.
 * By the runtime's own function: node:zlib would keep 3 MB of the agent, and libdeflate holds nothing between two messages.
 * @returns undefined when the text is short
 */
export function packMessage(text: string): Uint8Array | undefined {
  if (text.length < worthwhileBytes) return undefined;
  const deflated = Bun.deflateSync(Buffer.from(text), { library: "libdeflate" });
  const packed = new Uint8Array(deflated.length + 1);
  packed[0] = packedForm;
  packed.set(deflated, 1);
  return packed;
}

import { messageLimitBytes, packedForm } from "@hauswart/protocol/wire/versions.ts";
import { inflateRawSync } from "node:zlib";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The text of a packed message. Stops as soon as there is more of it than a message may have, whatever the packed one promises.
 * @throws RangeError, TypeError or what zlib says, for anything that is not a packed message
 */
export function unpackMessage(packed: Uint8Array): string {
  if (packed[0] !== packedForm) throw new RangeError(`There is no packed form ${packed[0] ?? "without a number"}.`);
  return utf8.decode(inflateRawSync(packed.subarray(1), { maxOutputLength: messageLimitBytes }));
}

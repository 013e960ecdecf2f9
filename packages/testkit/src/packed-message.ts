import { packedForm } from "@hauswart/protocol/wire/versions.ts";
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** The text of an agent's message, packed or not. Throws for anything else. */
export function messageText(message: string | Uint8Array): string {
  if (typeof message === "string") return message;
  if (message[0] !== packedForm) throw new Error(`An agent sent a packed message of form ${message[0]}.`);
  return inflateRawSync(message.subarray(1)).toString();
}

/** Packs text, or bytes that are none, as an agent packs a message. */
export function packedMessage(content: string | Uint8Array): Buffer<ArrayBuffer> {
  return Buffer.concat([Uint8Array.of(packedForm), deflateRawSync(content)]);
}

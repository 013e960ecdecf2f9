/** The few Web-standard names that every runtime of ours has; the protocol may use these and nothing else of its surroundings. */
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}
declare const crypto: { getRandomValues<T extends ArrayBufferView>(array: T): T };

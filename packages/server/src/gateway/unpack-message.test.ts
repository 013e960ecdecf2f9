import { describe, expect, test } from "bun:test";
import { messageLimitBytes, packedForm } from "@hauswart/protocol/wire/versions.ts";
import { packedMessage as packed } from "@hauswart/testkit/packed-message.ts";
import { deflateSync, gzipSync } from "node:zlib";
import { unpackMessage } from "./unpack-message.ts";

describe("a packed message", () => {
  test("is its text again", () => {
    for (const text of ["{}", '{"name":"Grüße \u2028 \ud83d\ude00"}', "\ufeff{}", "x".repeat(messageLimitBytes)])
      expect(unpackMessage(packed(text))).toBe(text);
  });

  const bytes = packed('{"type":"batch","samples":[]}');
  test.each([
    ["nothing at all", new Uint8Array()],
    ["a form without content", Uint8Array.of(packedForm)],
    ["a form that nobody knows", Buffer.concat([Uint8Array.of(packedForm + 1), packed("{}").subarray(1)])],
    ["no packed content", Buffer.from([packedForm, ...Buffer.from('{"type":"batch"}')])],
    ["half of one", bytes.subarray(0, bytes.length / 2)],
    ["one without its last byte", bytes.subarray(0, -1)],
    ["one with a header of zlib", Buffer.concat([Uint8Array.of(packedForm), deflateSync("{}")])],
    ["one with a header of gzip", Buffer.concat([Uint8Array.of(packedForm), gzipSync("{}")])],
    ["text that is not UTF-8", packed(Uint8Array.of(0x22, 0xff, 0x22))],
    ["half a surrogate in UTF-8", packed(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))],
    ["a byte more than a message may have", packed("x".repeat(messageLimitBytes + 1))],
    ["100 MB in 100 kB", packed(new Uint8Array(100 * 1024 * 1024))],
  ])("is not: %s", (_name, hostile) => {
    expect(() => unpackMessage(hostile)).toThrow();
  });
});

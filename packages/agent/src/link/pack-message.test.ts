import { expect, test } from "bun:test";
import { packedForm } from "@hauswart/protocol/wire/versions.ts";
import { inflateRawSync } from "node:zlib";
import { packMessage } from "./pack-message.ts";

test("a message is packed to less, by itself, and comes back the same to the byte", () => {
  const text = JSON.stringify({
    type: "batch",
    samples: Array.from({ length: 20 }, (_, at) => ({ at, name: "Drüben \u2028 \ud83d\ude00" })),
  });
  for (const _ of [1, 2]) {
    const packed = packMessage(text)!;
    expect(packed[0]).toBe(packedForm);
    expect(packed.length).toBeLessThan(text.length / 4);
    expect(inflateRawSync(packed.subarray(1)).toString()).toBe(text);
  }
});

test("a short message stays as it is", () => {
  expect(packMessage('{"type":"goodbye"}')).toBeUndefined();
});

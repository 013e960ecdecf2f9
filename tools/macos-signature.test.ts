import { describe, expect, test } from "bun:test";
import { isSignatureFitting, signAdHoc } from "./macos-signature.ts";

/** A program of the least parts: __TEXT with the header and what is run, __LINKEDIT with a signature of something else at its end. */
function program(textPages: number): Buffer {
  const [page, linkEditBytes, staleBytes] = [4096, 300, 64];
  const textBytes = textPages * page;
  const bytes = Buffer.alloc(textBytes + linkEditBytes + staleBytes, 0x5a);
  bytes.fill(0, 0, 256);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(0x01000007, 4);
  bytes.writeUInt32LE(3, 16); // commands
  bytes.writeUInt32LE(72 + 72 + 16, 20);
  const segment = (at: number, name: string, offset: number, size: number) => {
    bytes.writeUInt32LE(0x19, at);
    bytes.writeUInt32LE(72, at + 4);
    bytes.write(name, at + 8, "latin1");
    bytes.writeBigUInt64LE(BigInt(size), at + 32);
    bytes.writeBigUInt64LE(BigInt(offset), at + 40);
    bytes.writeBigUInt64LE(BigInt(size), at + 48);
  };
  segment(32, "__TEXT", 0, textBytes);
  segment(104, "__LINKEDIT", textBytes, linkEditBytes + staleBytes);
  bytes.writeUInt32LE(0x1d, 176);
  bytes.writeUInt32LE(16, 180);
  bytes.writeUInt32LE(textBytes + linkEditBytes, 184);
  bytes.writeUInt32LE(staleBytes, 188);
  bytes.writeUInt32BE(0, textBytes + linkEditBytes + 8); // no entries
  return bytes;
}

describe.each([1, 3, 40])("a program for macOS of %i pages", (pages) => {
  const signed = signAdHoc(program(pages), "hauswart-agent");

  test("has a signature that fits, and had none", () => {
    expect([isSignatureFitting(program(pages)), isSignatureFitting(signed)]).toEqual([false, true]);
  });

  test("any change of it is seen", () => {
    const signatureAt = signed.readUInt32LE(184);
    for (const at of [200, pages * 4096 - 1, pages * 4096 + 1, signatureAt - 1, signed.length - 40]) {
      const changed = Buffer.from(signed);
      changed[at]! ^= 1;
      expect([at, isSignatureFitting(changed)]).toEqual([at, false]);
    }
    expect(isSignatureFitting(Buffer.concat([signed, Buffer.alloc(1)]))).toBe(false);
  });

  test("its last segment ends where the file ends, and covers whole pages in memory", () => {
    expect(Number(signed.readBigUInt64LE(104 + 40) + signed.readBigUInt64LE(104 + 48))).toBe(signed.length);
    expect(Number(signed.readBigUInt64LE(104 + 32)) % 4096).toBe(0);
    expect(Number(signed.readBigUInt64LE(104 + 32))).toBeGreaterThanOrEqual(Number(signed.readBigUInt64LE(104 + 48)));
  });

  test("signed once more it is the same", () => {
    expect(signAdHoc(signed, "hauswart-agent").equals(signed)).toBe(true);
  });
});

test("what is no program for macOS is refused", () => {
  expect(() => signAdHoc(Buffer.alloc(64), "x")).toThrow("no 64-bit program");
  expect(() => isSignatureFitting(Buffer.from("MZ"))).toThrow("no 64-bit program");
});

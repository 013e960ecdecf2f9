import { describe, expect, test } from "bun:test";
import { leastMacProgram } from "./testing/mac-program.ts";
import { isSignatureFitting, signAdHoc } from "./macos-signature.ts";

describe.each([1, 3, 40])("a program for macOS of %i pages", (pages) => {
  const signed = signAdHoc(leastMacProgram(pages), "hauswart-agent");

  test("has a signature that fits, and had none", () => {
    expect([isSignatureFitting(leastMacProgram(pages)), isSignatureFitting(signed)]).toEqual([false, true]);
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

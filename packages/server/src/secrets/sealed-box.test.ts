import { describe, expect, test } from "bun:test";
import { SealedValueError, sealedBox, temporarySealedBox } from "./sealed-box.ts";

const key = new Uint8Array(32).fill(7);
const place = { table: "account_totp", row: "provider/account" };
const plain = Buffer.from("a secret");

describe("a sealed value", () => {
  test("opens with the same key at the same place, and looks different each time", () => {
    const [one, other] = [sealedBox(key).seal(plain, place), sealedBox(key).seal(plain, place)];
    expect(one.equals(other)).toBe(false);
    expect(one.includes(plain)).toBe(false);
    expect([one, other].map((sealed) => sealedBox(key).open(sealed, place).toString())).toEqual(["a secret", "a secret"]);
    expect(sealedBox(key).open(sealedBox(key).seal(Buffer.alloc(0), place), place)).toHaveLength(0);
  });

  test("does not open with another key, in another row or table", () => {
    const sealed = sealedBox(key).seal(plain, place);
    expect(() => temporarySealedBox().open(sealed, place)).toThrow(/another master key/);
    for (const elsewhere of [
      { ...place, row: "provider/other" },
      { ...place, table: "oidc_issuer" },
      { table: "account", row: "totp/provider/account" },
    ])
      expect(() => sealedBox(key).open(sealed, elsewhere)).toThrow(SealedValueError);
  });

  test("does not open with any of its bits turned, or cut short", () => {
    const sealed = sealedBox(key).seal(plain, place);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const turned = Buffer.from(sealed);
      turned[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => sealedBox(key).open(turned, place)).toThrow(SealedValueError);
    }
    for (let length = 0; length < sealed.length; length++)
      expect(() => sealedBox(key).open(sealed.subarray(0, length), place)).toThrow(SealedValueError);
  });
});

test("a key has 32 bytes, and its fingerprint tells keys apart", () => {
  expect(() => sealedBox(new Uint8Array(16))).toThrow("32 bytes");
  expect(sealedBox(key).fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(temporarySealedBox().fingerprint).not.toBe(temporarySealedBox().fingerprint);
});

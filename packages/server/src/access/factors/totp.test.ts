import { describe, expect, test } from "bun:test";
import { describeTotp, newTotpSecret, stepOfCode } from "./totp.ts";

/** Secret and codes of RFC 6238, appendix B (SHA-1), the last six of the eight digits. */
const secret = Buffer.from("12345678901234567890", "ascii");
const vectors: readonly [atSeconds: number, code: string][] = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
];

describe("codes", () => {
  test.each(vectors)("at second %i are those of RFC 6238", (seconds, code) => {
    expect(stepOfCode(secret, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
    expect(stepOfCode(secret, `${code.slice(0, 3)} ${code.slice(3)}`, seconds * 1_000)).toBe(Math.floor(seconds / 30));
  });

  test("of the step before and after are taken as what they are, others are not", () => {
    const at = (seconds: number) => stepOfCode(secret, "005924", seconds * 1_000);
    const start = 1_234_567_890;
    expect([at(start - 31), at(start - 30), at(start), at(start + 30), at(start + 59), at(start + 60)]).toEqual([
      undefined,
      41_152_263,
      41_152_263,
      41_152_263,
      41_152_263,
      undefined,
    ]);
  });

  test("of another secret, or no code at all, are none", () => {
    expect(stepOfCode(newTotpSecret(), "287082", 59_000)).toBeUndefined();
    for (const text of ["", "28708", "2870822", "abcdef", "２８７０８２"]) expect(stepOfCode(secret, text, 59_000)).toBeUndefined();
  });
});

test("secrets have 160 bits and are never the same", () => {
  expect(newTotpSecret()).toHaveLength(20);
  expect(Buffer.from(newTotpSecret()).equals(Buffer.from(newTotpSecret()))).toBe(false);
});

test("the address carries what an app needs", () => {
  const { secret: base32, uri } = describeTotp(secret, { issuer: "Haus: Süd", email: "owner@hauswart.test" });
  expect(base32).toBe("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  const address = new URL(uri);
  expect([address.protocol, address.host, decodeURIComponent(address.pathname)]).toEqual([
    "otpauth:",
    "totp",
    "/Haus  Süd:owner@hauswart.test",
  ]);
  expect(Object.fromEntries(address.searchParams)).toEqual({
    issuer: "Haus  Süd",
    secret: base32,
    algorithm: "SHA1",
    digits: "6",
    period: "30",
  });
});

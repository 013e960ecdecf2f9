import { describe, expect, test } from "bun:test";
import { factHash } from "./fact-hash.ts";

describe("hash of a fact", () => {
  test("is a whole number of at most 53 bits, and stays what it was: it is stored", () => {
    const fact = { name: "Spooler", start: "automatic", restarts: [1, 2.5, -0, null], isOn: true, volume: { path: "C:\\" } };
    expect(factHash(fact)).toBe(3_344_186_100_965_380);
    expect(Number.isSafeInteger(factHash(fact))).toBe(true);
  });

  test("is the same for the same JSON text", () => {
    const fact = { name: "ÄÖ😀", list: [{ a: 1 }, { a: -1e300 }], none: null, left: undefined };
    expect(factHash(fact)).toBe(factHash(JSON.parse(JSON.stringify(fact)) as typeof fact));
  });

  const alike: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
    ["the place of a border between texts", { a: "xy", b: "z" }, { a: "x", b: "yz" }],
    ["the same value under another key", { a: "x" }, { b: "x" }],
    ["a number and its text", { a: 1 }, { a: "1" }],
    ["nothing and zero", { a: null }, { a: 0 }],
    ["nothing and no field", { a: null }, {}],
    ["false and zero", { a: false }, { a: 0 }],
    ["a list and its items in another place", { a: [["x"], "y"] }, { a: [["x", "y"]] }],
    ["an empty list and an empty row", { a: [] }, { a: {} }],
    ["floats that differ in their last bit", { a: 0.1 + 0.2 }, { a: 0.3 }],
    ["large numbers", { a: 2 ** 31 }, { a: -(2 ** 31) }],
  ];
  test.each(alike)("tells apart %s", (_, left, right) => {
    expect(factHash(left)).not.toBe(factHash(right));
  });

  test("does not meet itself in a hundred thousand facts that differ a little", () => {
    const seen = new Set<number>();
    for (let index = 0; index < 100_000; index++)
      seen.add(factHash({ services: [{ name: `unit-${index % 317}`, since: index }], kernel: "6.1" }));
    expect(seen.size).toBe(100_000);
  });
});

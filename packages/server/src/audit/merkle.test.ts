import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { canonicalJson, storable } from "./canonical.ts";
import { merkleRoot } from "./merkle.ts";

const hash = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leaf = (text: string) => hash(Uint8Array.of(0), Buffer.from(text));
const node = (left: Uint8Array, right: Uint8Array) => hash(Uint8Array.of(1), left, right);
const root = (...texts: string[]) => merkleRoot(texts.map((text) => Buffer.from(text))).toString("hex");

test("the root is built as RFC 9162 says: the left half is the largest power of two", () => {
  expect(root()).toBe(hash().toString("hex"));
  expect(root("a")).toBe(leaf("a").toString("hex"));
  expect(root("a", "b", "c")).toBe(node(node(leaf("a"), leaf("b")), leaf("c")).toString("hex"));
  expect(root("a", "b", "c", "d", "e")).toBe(node(node(node(leaf("a"), leaf("b")), node(leaf("c"), leaf("d"))), leaf("e")).toString("hex"));
});

// Test vectors of RFC 9162's reference tree, from the Certificate Transparency project: leaves "", 00, 10, 2021, 3031 …
test("the root is that of the published test vectors", () => {
  const leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map((hex) =>
    Buffer.from(hex, "hex"),
  );
  expect(merkleRoot(leaves.slice(0, 1)).toString("hex")).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  expect(merkleRoot(leaves).toString("hex")).toBe("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
});

test("canonical JSON sorts names and writes numbers in one way", () => {
  expect(canonicalJson({ b: 1.0, a: [1e21, 0.000001, -0], ä: null })).toBe('{"a":[1e+21,0.000001,0],"b":1,"ä":null}');
});

test("what is stored can come back unchanged", () => {
  const value = storable({ a: undefined, "b\0": "x\0\udc00", c: [Number.NaN], d: new Date(0), e: Object.create(null) as object });
  expect(value).toEqual({ b: "x\ufffd", c: [null], d: "1970-01-01T00:00:00.000Z", e: {} });
});

import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findOversized, sizeExceptions } from "./sizes.ts";

let root = "";
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "hauswart-sizes-"))));
afterEach(() => rmSync(root, { recursive: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const lines = (count: number): string => "void 0;\n".repeat(count);

test("a file of 500 lines passes, one of 501 does not, whatever its kind", () => {
  plant("packages/a/src/fits.ts", lines(500));
  plant("packages/a/src/long.ts", lines(501));
  plant("packages/a/src/long.css", lines(501));
  expect(findOversized(root, {})).toEqual([
    "packages/a/src/long.css: 501 lines; 500 at most",
    "packages/a/src/long.ts: 501 lines; 500 at most",
  ]);
});

test.each([
  ["declaration", "function a() {\n", "}\n"],
  ["arrow function", "export const a = async () => {\n", "};\n"],
  ["method", "class A { a() {\n", "} }\n"],
])("a %s of 100 lines passes, one of 101 does not", (_, head, tail) => {
  plant("packages/a/src/a.ts", head + lines(98) + tail);
  expect(findOversized(root, {})).toEqual([]);
  plant("packages/a/src/a.ts", head + lines(99) + tail);
  expect(findOversized(root, {})).toEqual(["packages/a/src/a.ts:1: a function of 101 lines; 100 at most"]);
});

test("a describe may be a long list of tests, a single test may not be long", () => {
  plant("packages/a/src/a.test.ts", `describe("a", () => {\n${lines(150)}});\n`);
  expect(findOversized(root, {})).toEqual([]);
  plant("packages/a/src/a.test.ts", `describe("a", () => {\ntest("b", () => {\n${lines(150)}});\n});\n`);
  expect(findOversized(root, {})).toHaveLength(1);
});

test("an exception holds while it is needed and is refused afterwards", () => {
  plant("packages/a/src/long.ts", lines(501));
  const exceptions = { "packages/a/src/long.ts": "A table that belongs together." };
  expect(findOversized(root, exceptions)).toEqual([]);
  plant("packages/a/src/long.ts", lines(10));
  expect(findOversized(root, exceptions)).toEqual(["packages/a/src/long.ts: needs no exception any more; take it out of tools/sizes.ts"]);
});

test("what is fetched or made is not measured", () => {
  plant("node_modules/a/index.js", lines(900));
  plant("packages/console/dist/main.js", lines(900));
  plant("packages/a/src/table.gen.ts", lines(900));
  plant("packages/a/migrations/1.sql", lines(900));
  expect(findOversized(root, {})).toEqual([]);
});

test("each exception says why", () => {
  for (const [path, why] of Object.entries(sizeExceptions)) expect(why, path).toMatch(/^.{20,}\.$/);
});

import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findForbiddenWords } from "./words.ts";

let root = "";
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "hauswart-words-"))));
afterEach(() => rmSync(root, { recursive: true }));

// Put together here, so that this file holds none of them.
const join2 = (...parts: string[]): string => parts.join("");

test.each([
  join2("see /wo", "rk/checkout/a.ts"),
  join2("cache in /ro", "ot/.cache"),
  join2("https://regis", "try.npmjs.org/zod"),
  join2("// TO", "DO later"),
  join2("FIX", "ME"),
  join2("test.on", 'ly("one", run)'),
  join2("test.sk", 'ip("one", run)'),
  join2("as told in iss", "ue #12"),
  join2("fixed (", "#34)"),
  join2("// @ts-ig", "nore"),
])("refuses: %s", (line) => {
  writeFileSync(join(root, "a.md"), `fine\n${line}\n`);
  const [found, ...more] = findForbiddenWords(root);
  expect(found).toStartWith("a.md:2 has ");
  expect(more).toEqual([]);
});

test.each([
  "HOME=/root",
  "/proc/12/root/etc",
  "a network/framework/thing",
  "the todo list of the user",
  "test.skipIf(missing)",
  "#fff000 and (#abc)",
  "// @ts-expect-error the type is too narrow",
])("lets pass: %s", (line) => {
  writeFileSync(join(root, "a.ts"), line);
  expect(findForbiddenWords(root)).toEqual([]);
});

test("a lock file that names a registry is refused", () => {
  writeFileSync(
    join(root, "package-lock.json"),
    '{"a": {"resolved": "packages/agent"}, "b": {"resolved": "https://mirror.example/b.tgz"}}',
  );
  expect(findForbiddenWords(root)).toEqual([
    "package-lock.json names the registry https://mirror.example; install with omit-lockfile-registry-resolved",
  ]);
});

import { expect, test } from "bun:test";
import { missingParts, readLockFile } from "./lock-file.ts";

test("package-lock.json names the parts for all systems, so that npm ci takes it everywhere (bun tools/lock-file.ts completes it)", () => {
  expect(missingParts(readLockFile())).toEqual([]);
});

test("a part that nobody names is noticed", () => {
  const owner = {
    version: "1.0.0",
    dev: true,
    optionalDependencies: { "@parts/linux-x64": "1.0.0", "@parts/win32-x64": "1.0.0", "any-version": "^1.0.0" },
  };
  expect(missingParts({ packages: { "node_modules/owner": owner, "node_modules/@parts/linux-x64": { version: "1.0.0" } } })).toEqual([
    { name: "@parts/win32-x64", version: "1.0.0", dev: true },
  ]);
});

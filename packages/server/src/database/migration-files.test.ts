import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Migration } from "./migration-files.ts";
import { MigrationError, pendingMigrations, readMigrations } from "./migration-files.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "hauswart-migrations-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function plant(directory: string, file: string, sql = "select 1;"): string {
  mkdirSync(join(folder, directory), { recursive: true });
  writeFileSync(join(folder, directory, file), sql);
  return join(folder, directory);
}

const file = (name: string, hash = `hash of ${name}`): Migration => ({ name, hash, sql: "" });

test("files of several folders come in the order of the times in their names", () => {
  const platform = plant("platform", "20260301T0900_one.sql");
  plant("platform", "20260303T0900_three.sql");
  plant("platform", "notes.md");
  const feature = plant("feature", "20260302T0900_two-b.sql");
  expect(readMigrations([platform, feature]).map(({ name }) => name)).toEqual([
    "20260301T0900_one",
    "20260302T0900_two-b",
    "20260303T0900_three",
  ]);
});

test("the hash is the SHA-256 of the file", () => {
  const directory = plant("platform", "20260301T0900_one.sql", "create table t ();\n");
  expect(readMigrations([directory])[0]?.hash).toBe("07274e3f2322c2f66f5f000edc19caa9311203312e5459991698c1081383d51c");
});

test.each(["one.sql", "20260301_one.sql", "20260301T0900-one.sql", "20260301T0900_One.sql", "20260301T0900_.sql"])(
  "the name %s is refused",
  (name) => {
    expect(() => readMigrations([plant("platform", name)])).toThrow(MigrationError);
  },
);

test("two files of the same name are refused", () => {
  expect(() => readMigrations([plant("one", "20260301T0900_same.sql"), plant("two", "20260301T0900_same.sql")])).toThrow(
    "There are two migrations named 20260301T0900_same.",
  );
});

test("pending is what has not been applied", () => {
  const files = [file("1_a"), file("2_b"), file("3_c")];
  expect(pendingMigrations(files, [file("1_a")]).map(({ name }) => name)).toEqual(["2_b", "3_c"]);
  expect(pendingMigrations(files, files)).toEqual([]);
  expect(pendingMigrations(files, [])).toEqual(files);
});

test.each([
  [
    "was changed after it was applied",
    [file("1_a", "new hash")],
    [file("1_a")],
    "The migration 1_a was changed after it had been applied.",
  ],
  ["is gone", [file("1_a")], [file("1_a"), file("2_b")], "it knows the migration 2_b, this version does not"],
  ["comes late", [file("1_a"), file("2_b"), file("3_c")], [file("1_a"), file("3_c")], "The migration 2_b is older than 3_c"],
])("a migration that %s is refused", (_, files, applied, message) => {
  expect(() => pendingMigrations(files, applied)).toThrow(message);
});

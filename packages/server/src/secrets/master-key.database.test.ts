import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSealedBox, masterKeyPath } from "./master-key.ts";

const place = { table: "t", row: "r" };
let database: TestDatabase;
let dataDirectory: string;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), "hauswart-key-"));
  await database.unwalled("clean slate of a test", (tx) => tx.sql("delete from hauswart.installation where name like 'master-key%'"));
});
afterEach(() => rmSync(dataDirectory, { recursive: true }));

const open = () => loadSealedBox({ dataDirectory, masterKeyFile: undefined }, database);
const path = () => masterKeyPath({ dataDirectory, masterKeyFile: undefined });

describe("the master key", () => {
  test("is made at the first start, for its owner alone, and found by later ones", async () => {
    const sealed = (await open()).seal(Buffer.from("kept"), place);
    expect([statSync(path()).mode & 0o777, statSync(join(dataDirectory, "secrets")).mode & 0o777]).toEqual([0o600, 0o700]);
    expect((await open()).open(sealed, place).toString()).toBe("kept");
    expect(readdirSync(join(dataDirectory, "secrets"))).toEqual(["master.key"]);
  });

  test("is one for all who start at once", async () => {
    const boxes = await Promise.all(Array.from({ length: 5 }, open));
    expect(new Set(boxes.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  test("lies where it is said to", async () => {
    const masterKeyFile = join(dataDirectory, "elsewhere", "key");
    await loadSealedBox({ dataDirectory, masterKeyFile }, database);
    expect(readFileSync(masterKeyFile, "utf8")).toMatch(/^hauswart-master-key-1:[A-Za-z0-9+/]{43}=\n$/);
  });

  test("is not replaced when it is missing, and no other is taken for it", async () => {
    await open();
    rmSync(path());
    await expect(open()).rejects.toThrow(/is missing\. Put it back/);
    expect(readdirSync(join(dataDirectory, "secrets"))).toEqual([]);
    writeFileSync(path(), `hauswart-master-key-1:${Buffer.alloc(32, 1).toString("base64")}\n`, { mode: 0o600 });
    await expect(open()).rejects.toThrow(/is not the one of this database/);
  });

  test("is refused when everybody can read it, or when it is none", async () => {
    await open();
    chmodSync(path(), 0o644);
    await expect(open()).rejects.toThrow(/chmod 600/);
    writeFileSync(path(), "something else");
    chmodSync(path(), 0o600);
    await expect(open()).rejects.toThrow(/is not a master key/);
  });
});

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "@hauswart/protocol/ids.ts";
import { checkBackup } from "./archive-reader.ts";
import { ArchiveWriter } from "./archive-writer.ts";
import { partName, type Manifest } from "./manifest.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hauswart-backup-"));
  path = join(folder, "a.backup");
});
afterEach(() => rmSync(folder, { recursive: true }));

const backupId = newId();
const account: Omit<Manifest, "members"> = {
  backupId,
  postgresVersion: "18.4",
  postgresVersionNumber: 180_004,
  migrations: [{ name: "20261121T0900_foundation", hash: "0".repeat(64) }],
  tables: [{ name: "device", columns: ["device_id"], rows: 2, partitions: [], parts: 2 }],
  devices: 0,
};
const contents = new Map([
  ["secrets/master.key", Buffer.from("the key of keys")],
  [partName("device", 1), Buffer.alloc(300_000, "rows ")],
  [partName("device", 2), Buffer.alloc(0)],
  ["streams.json", Buffer.from("[]")],
]);
const passphrase = "a long enough passphrase";

async function make(secret?: string): Promise<void> {
  const archive = await ArchiveWriter.create({ path, backupId, madeAt: new Date().toISOString(), passphrase: secret });
  for (const [name, bytes] of contents) await archive.add(name, bytes);
  const bytes = await archive.finish(account);
  expect(bytes).toBe(statSync(path).size);
}

const read = async (secret?: string) => {
  const found = new Map<string, Buffer>();
  for await (const { name, bytes } of (await checkBackup(path, secret)).members()) found.set(name, bytes);
  return found;
};

// Each opening of an encrypted one costs the time that makes guessing its passphrase dear, so fewer of its bytes are tried.
describe.each([
  ["in the clear", undefined, 997],
  ["encrypted", passphrase, 22_501],
])("a backup %s", (_, secret, step) => {
  test("holds what was put in, and its file is for its owner alone", async () => {
    await make(secret);
    expect(await read(secret)).toEqual(contents);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path).includes("the key of keys")).toBe(secret === undefined);
  });

  test("is refused when it is cut short anywhere", async () => {
    await make(secret);
    const { size } = statSync(path);
    // The last 1,024 bytes and the rest of the last block are the tar's empty end.
    for (const length of [0, 100, 512, 700, 5_000, 150_000, size - 2_048, size - 1_537]) {
      const whole = readFileSync(path);
      const file = openSync(path, "r+");
      ftruncateSync(file, length);
      closeSync(file);
      expect(await checkBackup(path, secret).then(() => `${length} of ${size} was taken`, String)).toMatch(/BackupError/);
      writeFileSync(path, whole);
    }
  });

  test("is refused when a byte of any part is another", async () => {
    await make(secret);
    const whole = readFileSync(path);
    // What tar fills its blocks up with means nothing; a change there may go unnoticed as long as nothing else is read.
    const plain = await read(secret);
    let refused = 0;
    for (let at = 0; at < whole.length; at += step) {
      const altered = Buffer.from(whole);
      altered[at]! ^= 0x20;
      writeFileSync(path, altered);
      const outcome = await read(secret).catch((error: Error) => error);
      if (outcome instanceof Error) refused++;
      else expect(outcome).toEqual(plain);
    }
    expect(refused).toBeGreaterThan((whole.length / step) * 0.9);
  }, 120_000);
});

describe("an encrypted backup", () => {
  test("opens with its passphrase alone", async () => {
    await make(passphrase);
    expect(checkBackup(path, undefined)).rejects.toThrow(/is encrypted/);
    expect(checkBackup(path, "another long passphrase")).rejects.toThrow(/passphrase is not the one/);
  });

  test("wants a passphrase that is worth its name", async () => {
    expect(make("short")).rejects.toThrow(/at least 12 characters/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("an unfinished backup does not look like one, and an abandoned one leaves nothing", async () => {
  const archive = await ArchiveWriter.create({ path, backupId, madeAt: new Date().toISOString(), passphrase: undefined });
  await archive.add("streams.json", Buffer.from("[]"));
  expect(readdirSync(folder)).toEqual(["a.backup.unfinished"]);
  expect(checkBackup(`${path}.unfinished`, undefined)).rejects.toThrow(/not whole|cannot be read|not a backup/);
  await archive.abandon();
  expect(readdirSync(folder)).toEqual([]);
});

test("a disk that takes no more ends the backup with the disk's own words", async () => {
  const archive = ArchiveWriter.create({ path: "/dev/full/x.backup", backupId, madeAt: new Date().toISOString(), passphrase: undefined });
  expect(archive.then((made) => made.finish(account))).rejects.toThrow(/ENOTDIR|ENOENT/);
});

test("other files are no backups", async () => {
  writeFileSync(path, "something else");
  expect(checkBackup(path, undefined)).rejects.toThrow(/cannot be read|not a backup/);
  expect(checkBackup(join(folder, "missing"), undefined)).rejects.toThrow(/There is no file/);
});

/**
 * The master key: a file outside the database, `secrets/master.key` in the data folder unless HAUSWART_MASTER_KEY_FILE names
 * another. Made at the very first start. Whoever has a copy of the database alone cannot open what was sealed with it.
 *
 * The installation remembers the key's fingerprint. A start with another key, or without the one that sealed what is there,
 * is refused: a new key would make every sealed secret unreadable without anybody noticing.
 */
import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Database } from "../database/database.ts";
import type { Settings } from "../settings.ts";
import { SettingsError } from "../settings.ts";
import { makeSecretFile, syncDirectory } from "./secret-file.ts";
import { masterKeyBytes, sealedBox, type SealedBox } from "./sealed-box.ts";

/** First word of the file, so that a found file says what it is. */
const mark = "hauswart-master-key-1:";
/** Name of its row in `installation`; the value is the fingerprint, ASCII. */
export const fingerprintRow = "master-key-fingerprint";

/** Absolute path of the master key's file. */
export function masterKeyPath({ masterKeyFile, dataDirectory }: Pick<Settings, "masterKeyFile" | "dataDirectory">): string {
  return masterKeyFile ?? join(dataDirectory, "secrets", "master.key");
}

/**
 * Opens the box of secrets; makes its key at the very first start.
 * @throws SettingsError with one sentence for the person who starts the server
 */
export async function loadSealedBox(settings: Pick<Settings, "masterKeyFile" | "dataDirectory">, database: Database): Promise<SealedBox> {
  const path = masterKeyPath(settings);
  const known = await knownFingerprint(database);
  if (known !== undefined) finishRotation(path, known);
  const found = readKey(path);
  if (found === undefined && known !== undefined)
    throw new SettingsError([
      `The master key ${path} is missing. Put it back from the backup; the database holds secrets that only it opens.`,
    ]);
  const box = sealedBox(found ?? makeKey(path));
  const remembered = await database.unwalled("remember the master key's fingerprint", async (tx) => {
    await tx.sql("insert into hauswart.installation (name, value) values ($1, $2) on conflict do nothing", [
      fingerprintRow,
      Buffer.from(box.fingerprint, "ascii"),
    ]);
    const [row] = await tx.sql<{ value: Uint8Array }>("select value from hauswart.installation where name = $1", [fingerprintRow]);
    return Buffer.from(row!.value).toString("ascii");
  });
  if (remembered !== box.fingerprint)
    throw new SettingsError([`The master key ${path} is not the one of this database. Put back the key that belongs to it.`]);
  return box;
}

/** The fingerprint of the key that belongs to this database; undefined while no server has run on it. */
export function knownFingerprint(database: Database): Promise<string | undefined> {
  return database.unwalled("look which master key belongs here", async (tx) => {
    const [row] = await tx.sql<{ value: Uint8Array }>("select value from hauswart.installation where name = $1", [fingerprintRow]);
    return row && Buffer.from(row.value).toString("ascii");
  });
}

/** A new key waits beside the old one until the database has been sealed anew with it. */
const nextPath = (path: string): string => `${path}.next`;

/** Puts a key that a rotation has made in the place of the old one, when the database was sealed with it and the process died before this. */
export function finishRotation(path: string, fingerprint: string): void {
  const next = readKey(nextPath(path));
  if (next === undefined || sealedBox(next).fingerprint !== fingerprint) return;
  renameSync(nextPath(path), path);
  syncDirectory(dirname(path));
}

/** Makes the key for a rotation, beside the one in use. */
export function makeNextKey(path: string): Buffer {
  rmSync(nextPath(path), { force: true });
  return makeKey(nextPath(path));
}

/** The key in the file; undefined when there is no file. */
export function readKey(path: string): Buffer | undefined {
  let text: string;
  try {
    if ((statSync(path).mode & 0o007) !== 0)
      throw new SettingsError([`The master key ${path} can be read by every user of this computer. Run: chmod 600 ${path}`]);
    text = readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    if (error instanceof SettingsError) throw error;
    throw new SettingsError([`The master key ${path} cannot be read: ${(error as Error).message}.`]);
  }
  const key = text.startsWith(mark) ? Buffer.from(text.slice(mark.length), "base64") : Buffer.alloc(0);
  if (key.length !== masterKeyBytes) throw new SettingsError([`The file ${path} is not a master key of Hauswart.`]);
  return key;
}

/** Writes a new key; of several that start at once, one makes it and all use it. */
function makeKey(path: string): Buffer {
  try {
    makeSecretFile(path, `${mark}${randomBytes(masterKeyBytes).toString("base64")}\n`);
  } catch (error) {
    throw new SettingsError([`The master key ${path} cannot be written: ${(error as Error).message}.`]);
  }
  return readKey(path)!;
}

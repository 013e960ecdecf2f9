/** Reads a backup's file member by member, in the order in which it was written. Whatever does not fit is a BackupError. */
import { createReadStream, existsSync } from "node:fs";
import { extract } from "tar-stream";
import { BackupError } from "./backup-error.ts";
import { Header, formatVersion, headerName, manifestHashName, manifestName, Manifest } from "./manifest.ts";
import { openEncryption, type PartCipher } from "./passphrase.ts";
import { sha256 } from "./archive-writer.ts";

/** Parts are 4 MiB before compression; the account of a large backup and the streams of all devices may be longer. */
const longestMemberBytes = 512 * 1024 * 1024;

interface Member {
  readonly name: string;
  /** As it lies in the file. */
  readonly stored: Buffer;
}

/** A backup that was checked: every part is there and is what was written. */
export interface CheckedBackup {
  readonly header: Header;
  readonly manifest: Manifest;
  /** The members again, decrypted; header, manifest and its hash are left out. Each is checked a second time. */
  members(): AsyncGenerator<{ readonly name: string; readonly bytes: Buffer }>;
}

/**
 * Reads the whole file and checks every hash.
 * @param passphrase for an encrypted backup
 * @throws BackupError when it is cut off, altered, of a newer format, or the passphrase is missing or wrong
 */
export async function checkBackup(path: string, passphrase: string | undefined): Promise<CheckedBackup> {
  if (!existsSync(path)) throw new BackupError(`There is no file ${path}.`);
  let header: Header | undefined;
  let cipher: PartCipher | undefined;
  let manifest: Manifest | undefined;
  let manifestHash: string | undefined;
  let isWhole = false;
  const found: Manifest["members"] = [];
  for await (const { name, stored } of readMembers(path)) {
    if (isWhole) throw new BackupError(`The file ${path} goes on after its end; it was altered.`);
    if (header === undefined) {
      if (name !== headerName) throw notOurs(path);
      header = parseHeader(path, stored);
      cipher = await cipherOf(header, passphrase);
    }
    if (name === manifestName) {
      manifest = parseManifest(path, cipher?.open(name, stored) ?? stored);
      manifestHash = sha256(stored);
    } else if (name === manifestHashName) isWhole = manifest !== undefined && stored.toString("utf8") === manifestHash;
    else found.push({ name, bytes: stored.length, sha256: sha256(stored) });
  }
  if (header === undefined) throw notOurs(path);
  if (manifest === undefined || !isWhole) throw new BackupError(`The backup ${path} is not whole: its end is missing.`);
  compare(path, manifest, found, header);
  return { header, manifest, members: () => openMembers(path, manifest, cipher) };
}

async function* openMembers(
  path: string,
  manifest: Manifest,
  cipher: PartCipher | undefined,
): AsyncGenerator<{ name: string; bytes: Buffer }> {
  const hashes = new Map(manifest.members.map((member) => [member.name, member.sha256]));
  for await (const { name, stored } of readMembers(path)) {
    if (name === headerName || name === manifestName || name === manifestHashName) continue;
    if (hashes.get(name) !== sha256(stored)) throw new BackupError(`The backup ${path} was changed while it was read (${name}).`);
    yield { name, bytes: cipher?.open(name, stored) ?? stored };
  }
}

async function* readMembers(path: string): AsyncGenerator<Member> {
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  const entries = extract();
  file.on("error", (error) => entries.destroy(error));
  file.pipe(entries);
  try {
    for await (const entry of entries) {
      const { name, size, type } = entry.header;
      if (type !== "file" || size > longestMemberBytes) throw notOurs(path);
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      const stored = Buffer.concat(chunks);
      if (stored.length !== size) throw new BackupError(`The backup ${path} is not whole: it ends within ${name}.`);
      yield { name, stored };
    }
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(`The backup ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    file.destroy();
  }
}

function notOurs(path: string): BackupError {
  return new BackupError(`The file ${path} is not a backup of Hauswart.`);
}

function parseHeader(path: string, bytes: Buffer): Header {
  const parsed = Header.safeParse(parseJson(bytes));
  if (!parsed.success) throw notOurs(path);
  if (parsed.data.version > formatVersion)
    throw new BackupError(
      `The backup ${path} was made by a newer version of Hauswart (${parsed.data.hauswartVersion}). Restore it with that one.`,
    );
  return parsed.data;
}

function parseManifest(path: string, bytes: Buffer): Manifest {
  const parsed = Manifest.safeParse(parseJson(bytes));
  if (!parsed.success) throw new BackupError(`The backup ${path} was altered: its account of itself cannot be read.`);
  return parsed.data;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

async function cipherOf({ backupId, encryption }: Header, passphrase: string | undefined): Promise<PartCipher | undefined> {
  if (encryption === undefined) return undefined;
  if (passphrase === undefined) throw new BackupError("The backup is encrypted: name the file with its passphrase (--passphrase-file).");
  return openEncryption(backupId, passphrase, encryption);
}

/** Every member that was written is there once, in its place and unaltered, and there is no other. */
function compare(path: string, manifest: Manifest, found: Manifest["members"], { backupId }: Header): void {
  if (manifest.backupId !== backupId) throw new BackupError(`The backup ${path} was put together from two.`);
  const wanted = manifest.members;
  for (const [index, member] of wanted.entries()) {
    const there = found[index];
    if (there?.name !== member.name) throw new BackupError(`The backup ${path} was altered: the part ${member.name} is missing.`);
    if (there.sha256 !== member.sha256 || there.bytes !== member.bytes)
      throw new BackupError(`The backup ${path} was altered or damaged: the part ${member.name} is not what was written.`);
  }
  if (found.length !== wanted.length) throw new BackupError(`The backup ${path} was altered: there are parts that it did not have.`);
}

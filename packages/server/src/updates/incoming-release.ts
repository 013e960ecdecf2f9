/**
 * Releases on their way onto the shelf: `.incoming/VERSION` in the folder of releases, until each file is there and is what was
 * signed. Names come from the signed manifest, whose reader lets none through that leads elsewhere.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ReleaseFile, ReleaseManifest } from "@hauswart/protocol/release/manifest.ts";
import { envelopeFile } from "./release-shelf.ts";

/** Begins with a dot: the shelf does not look into it. */
const incomingFolder = ".incoming";
/** What nobody went on with for so long is thrown away. */
const forgottenAfterMs = 24 * 3_600_000;

/** A file of a release and how much of it is there. */
export interface IncomingFile {
  readonly name: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly receivedBytes: number;
}

/** What was sent does not go on where the file ends, or is more than was signed. */
export class PartError extends Error {
  override readonly name = "PartError";
}

const folderOf = (directory: string, version: string) => join(directory, incomingFolder, version);

/** Begins a release, or goes on with the one that was begun with the same manifest. */
export async function beginRelease(directory: string, envelope: string, manifest: ReleaseManifest, nowMs: number): Promise<void> {
  await throwAwayForgotten(directory, nowMs);
  const folder = folderOf(directory, manifest.version);
  const before = await readFile(join(folder, envelopeFile), "utf8").catch(() => undefined);
  if (before !== envelope) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, envelopeFile), envelope);
}

/** The envelope of a release that was begun; undefined when there is none. @param version parsed: no path */
export async function incomingEnvelope(directory: string, version: string): Promise<string | undefined> {
  return readFile(join(folderOf(directory, version), envelopeFile), "utf8").catch(() => undefined);
}

/** Files of the release, each once: those of several systems may be the same. */
export async function incomingFiles(directory: string, manifest: ReleaseManifest): Promise<IncomingFile[]> {
  const files = new Map(manifest.files.map((file) => [file.name, file]));
  const folder = folderOf(directory, manifest.version);
  return Promise.all(
    [...files.values()].map(async ({ name, sha256, sizeBytes }) => ({
      name,
      sha256,
      sizeBytes,
      receivedBytes: await stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    })),
  );
}

/** Adds a part where the file ends. A part that is there already is taken for a repetition. Errors: PartError. */
export async function addPart(directory: string, version: string, file: ReleaseFile, offset: number, part: Uint8Array): Promise<void> {
  const path = join(folderOf(directory, version), file.name);
  if (offset + part.length > file.sizeBytes) throw new PartError(`${file.name} has ${file.sizeBytes} bytes, and this part reaches beyond.`);
  const handle = await open(path, "a+");
  try {
    const { size } = await handle.stat();
    if (offset + part.length <= size) return;
    if (offset !== size) throw new PartError(`${size} bytes of ${file.name} are there; the next part begins there.`);
    await handle.appendFile(part);
  } finally {
    await handle.close();
  }
  if (offset + part.length === file.sizeBytes && !(await isWhole(path, file))) {
    await rm(path, { force: true });
    throw new PartError(`${file.name} is not the file that was released; it was thrown away.`);
  }
}

async function isWhole(path: string, { sha256 }: ReleaseFile): Promise<boolean> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex") === sha256;
}

/** Puts a release that is whole onto the shelf, at one stroke. */
export async function shelveRelease(directory: string, version: string): Promise<void> {
  await rename(folderOf(directory, version), join(directory, version));
}

async function throwAwayForgotten(directory: string, nowMs: number): Promise<void> {
  const incoming = join(directory, incomingFolder);
  const names = await readdir(incoming).catch(() => []);
  for (const name of names) {
    const { mtimeMs } = await stat(join(incoming, name));
    if (nowMs - mtimeMs > forgottenAfterMs) await rm(join(incoming, name), { recursive: true, force: true });
  }
}

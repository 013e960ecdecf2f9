/**
 * The application as one file: a line of JSON that names its modules, and the modules one after the other. Unpacked beside it, so that what
 * is seldom used stays on the disk: as one module it would take 4 MB more of the running agent (docs/decisions/0017-agent-updates.md).
 */
import type { UpdateFiles } from "./update-files.ts";

interface PackedModule {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** The module that is loaded first. */
export const entryName = "main.js";
const headerLimitBytes = 128 * 1024;
const moduleName = /^[A-Za-z0-9][\w.-]{0,120}$/;

const sha256 = (bytes: Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

/** Puts modules into one file. */
export function pack(modules: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Uint8Array {
  const header = modules.map(({ name, bytes }): PackedModule => ({ name, sizeBytes: bytes.length, sha256: sha256(bytes) }));
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...modules.map(({ bytes }) => bytes)]);
}

/**
 * Sees to it that the modules of a checked pack lie in a folder as they are in it. Nothing is written where they do.
 * @param folder within the folder of updates
 * @throws Error when it is no pack, or the disk takes nothing
 */
export function unpack(files: UpdateFiles, packName: string, folder: string): void {
  const beginning = Buffer.from(files.readPart(packName, 0, headerLimitBytes));
  const headerBytes = beginning.indexOf(10) + 1;
  if (headerBytes === 0) throw new Error(`${packName} is no application.`);
  let offset = headerBytes;
  const modules = parseHeader(beginning.subarray(0, headerBytes).toString());
  for (const { name, sizeBytes, sha256: hash } of modules) {
    const path = `${folder}/${name}`;
    if (files.size(path) !== sizeBytes || files.hash(path) !== hash) {
      files.remove(path);
      files.append(path, files.readPart(packName, offset, sizeBytes));
      if (files.hash(path) !== hash) throw new Error(`${packName} does not hold what it says.`);
    }
    offset += sizeBytes;
  }
  if (!modules.some(({ name }) => name === entryName)) throw new Error(`${packName} has no beginning.`);
}

function parseHeader(text: string): PackedModule[] {
  const modules: unknown = JSON.parse(text);
  if (!Array.isArray(modules)) throw new Error("It is no application.");
  return modules.map((module: Record<string, unknown>) => {
    const { name, sizeBytes, sha256: hash } = module;
    if (typeof name !== "string" || !moduleName.test(name) || !Number.isInteger(sizeBytes) || typeof hash !== "string")
      throw new Error("It is no application.");
    return { name, sizeBytes: sizeBytes as number, sha256: hash };
  });
}

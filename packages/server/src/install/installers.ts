/**
 * What this server has to hand out for other computers: the installers that `npm run build:installers` made, and the plain programs of
 * `npm run build:agent`. Looked at afresh each time, because they are made while the server runs.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** Where the files are handed out. */
export const downloadPath = "/download/";
export const linuxScriptName = "install-linux.sh";

export interface InstallerFolders {
  /** With installers.json. */
  readonly installers: string;
  readonly programs: string;
}

const dist = fileURLToPath(new URL("../../../../dist", import.meta.url));
export const builtFolders: InstallerFolders = { installers: join(dist, "installers"), programs: join(dist, "agent") };

/** A file that other computers can fetch. */
export interface InstallerFile {
  readonly file: string;
  /** Under which this server hands it out. */
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Only names that the builds give; so no path leads out of a folder. */
const fileName = /^hauswart-agent-[a-z0-9]+(-[a-z0-9]+)+(\.exe|\.deb|\.msi|\.tar\.xz)?$/;
const isInstaller = /\.(deb|msi|tar\.xz)$/;

/** Where a file lies that may be handed out; undefined when there is none of this name. */
export function pathOfInstaller(name: string, folders = builtFolders): string | undefined {
  if (!fileName.test(name)) return undefined;
  const path = join(isInstaller.test(name) ? folders.installers : folders.programs, name);
  return existsSync(path) ? path : undefined;
}

/** The first of these files that is there. A list names the better one first. */
export async function firstInstaller(names: readonly string[], folders = builtFolders): Promise<InstallerFile | undefined> {
  for (const name of names) {
    const path = pathOfInstaller(name, folders);
    if (path !== undefined)
      return { file: name, path: `${downloadPath}${name}`, bytes: statSync(path).size, sha256: await hashOf(name, path, folders) };
  }
  return undefined;
}

const BuiltList = z.array(z.object({ file: z.string(), bytes: z.number(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }));

/** As the build noted it; a program that is in no list is read once for as long as it stays the same. */
async function hashOf(name: string, path: string, folders: InstallerFolders): Promise<string> {
  const { mtimeMs, size } = statSync(path);
  const key = `${path} ${mtimeMs} ${size}`;
  const known = hashes.get(key) ?? notedHash(name, size, folders) ?? (await readHash(path));
  hashes.set(key, known);
  return known;
}

const hashes = new Map<string, string>();

function notedHash(name: string, bytes: number, { installers }: InstallerFolders): string | undefined {
  const path = join(installers, "installers.json");
  if (!existsSync(path)) return undefined;
  const list = BuiltList.safeParse(JSON.parse(readFileSync(path, "utf8")));
  return list.data?.find((one) => one.file === name && one.bytes === bytes)?.sha256;
}

async function readHash(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest("hex");
}

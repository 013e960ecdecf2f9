/**
 * The releases that this server can offer: folders with `release.json` and the files that it names, as `npm run build:release` makes them.
 * What is not signed by a release key, or is not what was signed, is not offered, and the reason is kept for people.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { KeySet } from "@hauswart/protocol/release/key-chain.ts";
import { ManifestError, readManifest, type ReleaseFile, type ReleaseManifest } from "@hauswart/protocol/release/manifest.ts";
import { compareVersions } from "@hauswart/protocol/release/version-order.ts";
import { isSignedBy } from "../gateway/verify-signature.ts";
import { oneAtATime } from "../jobs/one-at-a-time.ts";
import type { Services } from "../services.ts";

export const envelopeFile = "release.json";

export interface ShelvedRelease {
  readonly manifest: ReleaseManifest;
  /** As it is sent to agents. */
  readonly envelope: string;
}

/** Why a folder is not offered. */
export interface ShelfProblem {
  readonly folder: string;
  readonly problem: string;
}

export interface ReleaseShelf {
  /** Newest first. */
  readonly releases: readonly ShelvedRelease[];
  readonly problems: readonly ShelfProblem[];
  /** Names of all folders, offered or not. */
  readonly folders: readonly string[];
  /** Path of a file of a release, by its hash. */
  pathOf(sha256: string): string | undefined;
  /** Looks at the folder again. Folders that have not changed are not read again. */
  refresh(): Promise<void>;
}

interface Seen {
  /** Times and sizes of all files; another one means that something was changed. */
  readonly mark: string;
  readonly release?: ShelvedRelease;
  readonly paths: ReadonlyMap<string, string>;
  readonly problem?: string;
}

/** The release that agents are offered: the newest of the stable channel that has not expired. */
export const offeredOf = (releases: readonly ShelvedRelease[], nowMs: number): ShelvedRelease | undefined =>
  releases.find(({ manifest }) => manifest.channel === "stable" && manifest.expiresAtMs > nowMs);

const shelves = new WeakMap<object, ReleaseShelf>();

/** The shelf of this server. */
export function releaseShelf({ settings }: Pick<Services, "settings">): ReleaseShelf {
  let shelf = shelves.get(settings);
  if (!shelf) shelves.set(settings, (shelf = openShelf(settings.releases.directory, settings.releases.keysFile)));
  return shelf;
}

/** @param keysFile JSON with the public keys under `keys`, and under `number` which set of keys they are (1 when left out) */
export function openShelf(directory: string, keysFile: string): ReleaseShelf {
  let seen = new Map<string, Seen>();
  const newestFirst = () =>
    [...seen.values()]
      .flatMap(({ release }) => release ?? [])
      .sort((one, other) => compareVersions(other.manifest.version, one.manifest.version));
  const lookAgain = async () => {
    const keys = await trustedKeys(keysFile);
    const next = new Map<string, Seen>();
    for (const folder of await foldersOf(directory)) {
      const path = join(directory, folder);
      const files = await unlessGone(markOf(path));
      if (files === undefined) continue;
      const mark = `${JSON.stringify(keys)} ${files}`;
      const before = seen.get(folder);
      next.set(folder, before?.mark === mark ? before : await look(path, mark, keys));
    }
    seen = next;
  };
  const inTurn = oneAtATime();
  return {
    get releases() {
      return newestFirst();
    },
    get folders() {
      return [...seen.keys()];
    },
    get problems() {
      return [...seen].flatMap(([folder, { problem }]) => (problem === undefined ? [] : [{ folder, problem }]));
    },
    pathOf: (sha256) => [...seen.values()].flatMap(({ paths }) => paths.get(sha256) ?? [])[0],
    // One after the other: what began earlier and ended later would hold, and would not have seen what came in between.
    refresh: () => inTurn(lookAgain),
  };
}

const verify = (key: string, message: Uint8Array, signature: string) => isSignedBy(Buffer.from(key, "base64"), message, signature);

/** The manifest in an envelope that a release key of this server has signed. Errors: ManifestError. */
export async function manifestOf(envelope: string, keysFile: string): Promise<ReleaseManifest> {
  return readManifest(envelope, await trustedKeys(keysFile), verify);
}

async function trustedKeys(keysFile: string): Promise<KeySet> {
  const { number, keys } = JSON.parse(await readFile(keysFile, "utf8")) as { number?: unknown; keys?: unknown };
  return {
    number: typeof number === "number" ? number : 1,
    keys: Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [],
  };
}

async function foldersOf(directory: string): Promise<string[]> {
  return ((await unlessGone(readdir(directory, { withFileTypes: true }))) ?? [])
    .filter((each) => each.isDirectory() && !each.name.startsWith("."))
    .map(({ name }) => name);
}

/** Undefined for what is not there, or is just being taken away. */
async function unlessGone<Found>(looking: Promise<Found>): Promise<Found | undefined> {
  try {
    return await looking;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function markOf(path: string): Promise<string> {
  const names = (await readdir(path)).sort();
  const marks = await Promise.all(
    names.map(async (name) => {
      const found = await unlessGone(stat(join(path, name)));
      return `${name} ${found?.size} ${found?.mtimeMs}`;
    }),
  );
  return marks.join("\n");
}

async function look(path: string, mark: string, keys: KeySet): Promise<Seen> {
  try {
    const envelope = await readFile(join(path, envelopeFile), "utf8");
    const manifest = await readManifest(envelope, keys, verify);
    const paths = new Map<string, string>();
    for (const file of manifest.files) paths.set(file.sha256, await checked(path, file));
    return { mark, release: { manifest, envelope }, paths };
  } catch (error) {
    const problem =
      error instanceof ManifestError ? `${error.code}: ${error.message}` : error instanceof Error ? error.message : String(error);
    return { mark, paths: new Map(), problem };
  }
}

async function checked(folder: string, { name, sha256 }: ReleaseFile): Promise<string> {
  const path = join(folder, name);
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  if (hash.digest("hex") !== sha256) throw new Error(`${name} is not the file that was released.`);
  return path;
}

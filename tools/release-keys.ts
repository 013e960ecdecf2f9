/** The public release keys of this project: packaging/release-keys.json. The private ones lie where their owner keeps them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./sources.ts";

const path = join(projectRoot, "packaging/release-keys.json");

interface KeyFile {
  readonly about: string;
  readonly keys: readonly string[];
}

const read = (): KeyFile => JSON.parse(readFileSync(path, "utf8")) as KeyFile;

/** Raw Ed25519 public keys, base64. */
export function releaseKeysOfProject(): readonly string[] {
  return existsSync(path) ? read().keys : [];
}

/** From the next build on agents believe this key too. */
export function addReleaseKey(publicKey: string): void {
  const file = read();
  if (!file.keys.includes(publicKey)) writeFileSync(path, `${JSON.stringify({ ...file, keys: [...file.keys, publicKey] }, null, 2)}\n`);
}

/** The public release keys of this project: packaging/release-keys.json. The private ones lie where their owner keeps them. */
import type { KeyObject } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeySet, KeyStatement } from "@hauswart/protocol/release/key-chain.ts";
import { publicKeyOf, signKeyStatement } from "./sign-release.ts";
import { projectRoot } from "./sources.ts";

const path = join(projectRoot, "packaging/release-keys.json");

/** The keys that agents built from here believe, and what leads to them from those of earlier builds. */
export interface ProjectKeys extends KeySet {
  readonly statements: readonly KeyStatement[];
}

export function releaseKeysOfProject(): ProjectKeys {
  const file = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Partial<ProjectKeys>) : {};
  return { number: file.number ?? 1, keys: file.keys ?? [], statements: file.statements ?? [] };
}

/** Writes down what is believed from the next build on. */
export function keepReleaseKeys(keys: ProjectKeys): void {
  const { about } = JSON.parse(readFileSync(path, "utf8")) as { about: string };
  writeFileSync(path, `${JSON.stringify({ about, ...keys }, null, 2)}\n`);
}

/** A first or second key: it is believed besides. Throws with a sentence when a third would be. */
export function addKey(before: ProjectKeys, publicKey: string): ProjectKeys {
  if (before.keys.length >= 2 || before.number > 1)
    throw new Error("Two keys are believed already. Say which of them stays, and signs for the new one: --key FILE.");
  return { ...before, keys: [...before.keys, publicKey] };
}

/**
 * The next set: the key that signs, and a new one that follows it; the others are believed no longer.
 * @throws Error with a sentence when the signing key is not believed now
 */
export function followWith(before: ProjectKeys, publicKey: string, signing: KeyObject): ProjectKeys {
  const staying = publicKeyOf(signing);
  if (!before.keys.includes(staying))
    throw new Error("That key is not believed now: its public half is not in packaging/release-keys.json.");
  const next = { number: before.number + 1, keys: [staying, publicKey] };
  return { ...next, statements: [...before.statements, signKeyStatement(next, signing)] };
}

/**
 * Makes a release key: `npm run release-key -- --out FILE`. The private half goes into FILE and nowhere else, encrypted where
 * HAUSWART_RELEASE_PASSPHRASE is set; the public half goes into packaging/release-keys.json, which every agent built from now on carries.
 * Make two: the one that is used, and the one that follows it, kept somewhere else.
 *
 * `--key FILE` names the private key that stays, once the other is lost, stolen or worn out: it signs that from now on it and the new one
 * are believed and no others. HAUSWART_RELEASE_PASSPHRASE opens it as well.
 */
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { addKey, followWith, keepReleaseKeys, releaseKeysOfProject } from "./release-keys.ts";
import { publicKeyOf, readReleaseKey } from "./sign-release.ts";
import { projectRoot } from "./sources.ts";

/** @returns what was done, for the person who asked. Throws with a sentence where it cannot be done. */
function makeReleaseKey(path: string, stayingPath: string | undefined, passphrase: string | undefined): string {
  if (!relative(projectRoot, path).startsWith(".."))
    throw new Error("Keep the key outside of the checkout: whoever has it can have any program run on all computers with an agent.");
  if (existsSync(path)) throw new Error(`${path} exists; a release key is never overwritten.`);
  const before = releaseKeysOfProject();
  const { privateKey } = generateKeyPairSync("ed25519");
  const publicKey = publicKeyOf(privateKey);
  const staying = stayingPath === undefined ? undefined : readReleaseKey(readFileSync(stayingPath, "utf8"), passphrase);
  const after = staying ? followWith(before, publicKey, staying) : addKey(before, publicKey);
  const pem = privateKey.export({ type: "pkcs8", format: "pem", ...(passphrase ? { cipher: "aes-256-cbc", passphrase } : {}) });
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, pem, { mode: 0o600, flag: "wx" });
  keepReleaseKeys(after);
  const believed = staying
    ? `${publicKeyOf(staying)} and ${publicKey} are believed by agents that get a release made from now on, and no others.`
    : `${publicKey} stands in packaging/release-keys.json; agents built from now on believe it.`;
  return `${path} is the private key${passphrase ? ", encrypted" : ""}; keep it on no server.\n${believed}`;
}

try {
  const { values } = parseArgs({ options: { out: { type: "string" }, key: { type: "string" } } });
  const out = values.out === undefined ? join(homedir(), ".config/hauswart/release.key") : resolve(values.out);
  console.log(makeReleaseKey(out, values.key, process.env["HAUSWART_RELEASE_PASSPHRASE"]));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

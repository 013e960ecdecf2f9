/**
 * Makes a release key: `npm run release-key -- --out FILE`. The private half goes into FILE and nowhere else, encrypted where
 * HAUSWART_RELEASE_PASSPHRASE is set; the public half goes into packaging/release-keys.json, which every agent built from now on carries.
 * Make two: the one that is used, and the one that follows it, kept somewhere else.
 */
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { addReleaseKey } from "./release-keys.ts";
import { publicKeyOf } from "./sign-release.ts";
import { projectRoot } from "./sources.ts";

/** @returns what was done, for the person who asked. Throws with a sentence where it cannot be done. */
function makeReleaseKey(path: string, passphrase: string | undefined): string {
  if (!relative(projectRoot, path).startsWith(".."))
    throw new Error("Keep the key outside of the checkout: whoever has it can have any program run on all computers with an agent.");
  if (existsSync(path)) throw new Error(`${path} exists; a release key is never overwritten.`);
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem", ...(passphrase ? { cipher: "aes-256-cbc", passphrase } : {}) });
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, pem, { mode: 0o600, flag: "wx" });
  const publicKey = publicKeyOf(privateKey);
  addReleaseKey(publicKey);
  return `${path} is the private key${passphrase ? ", encrypted" : ""}; keep it on no server.\n${publicKey} stands in packaging/release-keys.json; agents built from now on believe it.`;
}

const at = process.argv.indexOf("--out");
const out = at < 0 ? join(homedir(), ".config/hauswart/release.key") : resolve(process.argv[at + 1] ?? "");
try {
  console.log(makeReleaseKey(out, process.env["HAUSWART_RELEASE_PASSPHRASE"]));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

/** Makes and signs the manifest of a release. */
import { createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import { keyStatementProof, keyStatementText, type KeySet, type KeyStatement } from "@hauswart/protocol/release/key-chain.ts";
import { manifestFormat, releaseProof, type ReleaseManifest } from "@hauswart/protocol/release/manifest.ts";

/** Raw public half of an Ed25519 key, base64. */
export function publicKeyOf(key: KeyObject): string {
  return Buffer.from(createPublicKey(key).export({ format: "jwk" }).x!, "base64url").toString("base64");
}

/**
 * Reads a private release key.
 * @param passphrase where the file is encrypted
 * @throws Error with a sentence for a person
 */
export function readReleaseKey(pem: string, passphrase?: string): KeyObject {
  const key = createPrivateKey({ key: pem, ...(passphrase ? { passphrase } : {}) });
  if (key.asymmetricKeyType !== "ed25519") throw new Error("A release key is an Ed25519 key; make one with: npm run release-key");
  return key;
}

export interface Envelope {
  readonly format?: number;
  /** Which release keys have followed which. */
  readonly statements?: readonly KeyStatement[];
}

const signatureOf = (key: KeyObject, message: Uint8Array) => ({
  key: publicKeyOf(key),
  signature: sign(null, message, key).toString("base64"),
});

/** The envelope: manifest text, the signatures of these keys over it, and what leads from older keys to these. */
export function signManifest(
  manifest: ReleaseManifest,
  keys: readonly KeyObject[],
  { format = manifestFormat, statements = [] }: Envelope = {},
): string {
  const text = JSON.stringify({ product: "hauswart-agent", ...manifest });
  const signatures = keys.map((key) => signatureOf(key, releaseProof(text)));
  return JSON.stringify({ format, manifest: text, signatures, ...(statements.length > 0 ? { keys: statements } : {}) });
}

/** The statement that a set of keys follows the one before. @param key of the set before */
export function signKeyStatement(set: KeySet, key: KeyObject): KeyStatement {
  const statement = keyStatementText(set);
  return { statement, signatures: [signatureOf(key, keyStatementProof(statement))] };
}

/** Makes and signs the manifest of a release. */
import { createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
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

/** The envelope: manifest text and the signatures of these keys over it. */
export function signManifest(manifest: ReleaseManifest, keys: readonly KeyObject[], format = manifestFormat): string {
  const text = JSON.stringify({ product: "hauswart-agent", ...manifest });
  const signatures = keys.map((key) => ({ key: publicKeyOf(key), signature: sign(null, releaseProof(text), key).toString("base64") }));
  return JSON.stringify({ format, manifest: text, signatures });
}

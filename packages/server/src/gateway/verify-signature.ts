/** Ed25519 (RFC 8032) by node:crypto: 51 µs a signature here, WebCrypto 90 µs. */
import { createPublicKey, verify } from "node:crypto";

/** DER of a SubjectPublicKeyInfo of Ed25519, up to the key itself (RFC 8410, section 4). */
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");
const keyBytes = 32;
const signatureBytes = 64;

/**
 * @param publicKey raw, 32 bytes.
 * @param signature base64.
 * @returns false as well for what is no key or no signature at all.
 */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: string): boolean {
  const bytes = Buffer.from(signature, "base64");
  if (publicKey.length !== keyBytes || bytes.length !== signatureBytes) return false;
  try {
    const key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: "der", type: "spki" });
    return verify(null, message, key, bytes);
  } catch {
    // 32 bytes that are no point of the curve.
    return false;
  }
}

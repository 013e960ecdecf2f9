/** Ed25519 (RFC 8032) by WebCrypto. Public keys and signatures travel as base64 of their raw bytes. */

export interface AgentKey {
  /** Raw public key, base64. */
  readonly publicKey: string;
  /** Signature, base64. */
  sign(message: Uint8Array): Promise<string>;
}

/** A new key, and its text for the key file (PKCS#8, PEM). */
export async function makeKey(): Promise<{ key: AgentKey; pem: string }> {
  const pair: CryptoKeyPair | CryptoKey = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("the runtime made no pair of keys");
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  const body = pkcs8.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  const pem = `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`;
  return { key: await readKey(pem), pem };
}

/**
 * Reads a key file's text.
 * @throws when it is not an Ed25519 private key.
 */
export async function readKey(pem: string): Promise<AgentKey> {
  const pkcs8 = Buffer.from(pem.replace(/-----[A-Z ]+-----/g, "").replace(/\s/g, ""), "base64");
  const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", privateKey);
  if (!x) throw new Error("the key file holds no Ed25519 key");
  return {
    publicKey: Buffer.from(x, "base64url").toString("base64"),
    sign: async (message) =>
      Buffer.from(await crypto.subtle.sign("Ed25519", privateKey, message as Uint8Array<ArrayBuffer>)).toString("base64"),
  };
}

/** Makes a check for signatures of one public key (raw, base64). */
export async function verifierOf(publicKey: string): Promise<(message: Uint8Array, signature: string) => Promise<boolean>> {
  const key = await crypto.subtle.importKey("raw", Buffer.from(publicKey, "base64"), "Ed25519", false, ["verify"]);
  return (message, signature) => crypto.subtle.verify("Ed25519", key, Buffer.from(signature, "base64"), message as Uint8Array<ArrayBuffer>);
}

/** File name of a key, after the beginning of its public half. */
export function keyFileName(publicKey: string): string {
  return `identity-${Buffer.from(publicKey, "base64").toString("hex").slice(0, 16)}.key`;
}

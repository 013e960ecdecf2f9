/**
 * The fingerprint of a computer: a hash of what its system and its board say they are. The same key with another fingerprint
 * is a copy. Empty parts count too, so a part that becomes readable later changes it; only parts that root always reads are used.
 */
export async function fingerprintOf(parts: readonly string[]): Promise<string> {
  const text = ["hauswart/1/fingerprint", ...parts.map((part) => part.trim().toLowerCase())].join("\n");
  return Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toString("hex");
}

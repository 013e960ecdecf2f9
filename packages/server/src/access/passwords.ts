/** Passwords: argon2id with the parameters that OWASP recommends (19 MiB, two passes, one lane). */
import { randomBytes } from "node:crypto";

const parameters = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;

/** Hashes a password, in PHC string format. */
export function hashPassword(password: string): Promise<string> {
  return Bun.password.hash(normal(password), parameters);
}

let hashOfNothing: Promise<string> | undefined;

/**
 * Whether the password fits. Without a hash (no such account) it does the same work and says no, so that the time of the
 * answer does not tell which accounts exist.
 */
export async function passwordFits(password: string, hash: string | undefined): Promise<boolean> {
  hashOfNothing ??= hashPassword(randomBytes(32).toString("base64url"));
  const fits = await Bun.password.verify(normal(password), hash ?? (await hashOfNothing));
  return fits && hash !== undefined;
}

/** A password to be read off a terminal and typed: 80 random bits in groups of four, without letters that look alike. */
export function newPassword(): string {
  const letters = "abcdefghijkmnpqrstuvwxyz23456789";
  const text = Array.from(randomBytes(16), (byte) => letters[byte % 32]).join("");
  return text.match(/.{4}/g)!.join("-");
}

/** The same letters typed on different keyboards are the same password (RFC 8265 asks for NFC). */
const normal = (password: string) => password.normalize("NFC");

import { HauswartError } from "@hauswart/protocol/errors.ts";

/**
 * Refuses what is guessed first. Length is the schema's matter; demands for special characters only make people write
 * passwords down (NIST SP 800-63B, section 3.1.1). Errors: INVALID_REQUEST. @param field name of the body's field
 */
export function requireGoodPassword(password: string, email: string, field: string): void {
  const plain = password.normalize("NFC").trim().toLowerCase();
  const isAddress = plain === email.trim().toLowerCase();
  const isMonotonous = new Set(plain).size < 4;
  if (!isAddress && !isMonotonous) return;
  const message = isAddress ? "The password is the e-mail address." : "The password has fewer than four different characters.";
  throw new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: `body.${field}`, message }] });
}

/** One-time codes by time (RFC 6238), as every authenticator app makes them: SHA-1, six digits, thirty seconds. Pure. */
import { Secret, TOTP } from "otpauth";

/** RFC 4226, section 4, recommends 160 bits. */
const secretBytes = 20;
const period = 30;
/** Clocks of telephones and servers differ, and typing takes time: one step before and after is taken too (RFC 6238, section 5.2). */
const drift = 1;

/** A new secret. */
export function newTotpSecret(): Uint8Array {
  return new Uint8Array(new Secret({ size: secretBytes }).bytes);
}

export interface TotpLabel {
  /** Name of this installation, shown in the app. */
  readonly issuer: string;
  readonly email: string;
}

/** What goes into the app: the secret in Base32, and the address that a QR code carries. */
export function describeTotp(secret: Uint8Array, { issuer, email }: TotpLabel): { secret: string; uri: string } {
  // A colon parts issuer and account in the label, so neither may have one.
  const totp = totpOf(secret, { issuer: issuer.replaceAll(":", " "), label: email.replaceAll(":", " ") });
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/**
 * The step whose code this is; undefined when it is none around now. A caller takes a step only if it is newer than the last
 * one that was taken, so that a code that was looked over somebody's shoulder is worth nothing.
 * @param nowMs Unix time in milliseconds
 */
export function stepOfCode(secret: Uint8Array, code: string, nowMs: number): number | undefined {
  const delta = totpOf(secret).validate({ token: code.replaceAll(" ", ""), timestamp: nowMs, window: drift });
  return delta === null ? undefined : TOTP.counter({ period, timestamp: nowMs }) + delta;
}

function totpOf(secret: Uint8Array, names: { issuer?: string; label?: string } = {}): TOTP {
  return new TOTP({ ...names, algorithm: "SHA1", digits: 6, period, secret: new Secret({ buffer: new Uint8Array(secret).buffer }) });
}

/**
 * Secrets that the database keeps but must not be able to tell: what is sealed here can be opened with the master key alone,
 * which lies outside the database (master-key.ts). AES-256-GCM with a fresh nonce each time.
 *
 *     const stored = ctx.services.secrets.seal(secret, { table: "account_totp", row: `${providerId}/${accountId}` });
 *     const secret = ctx.services.secrets.open(stored, { table: "account_totp", row: `${providerId}/${accountId}` });
 *
 * Envelope: 1 byte version (1), 4 bytes of the key's fingerprint, 12 bytes nonce, ciphertext, 16 bytes tag. The place is bound
 * to the content, so nobody who can write to the database can move a sealed value to another row.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** Where a sealed value stands. `row` names the row within the table and never changes. */
export interface SealedPlace {
  readonly table: string;
  readonly row: string;
}

export interface SealedBox {
  /** First 16 hex digits of SHA-256 over the key: which key this is, telling nothing about it. */
  readonly fingerprint: string;
  seal(plain: Uint8Array, place: SealedPlace): Buffer;
  /** Throws SealedValueError when it was sealed with another key, at another place, or was altered. */
  open(sealed: Uint8Array, place: SealedPlace): Buffer;
}

/** A sealed value cannot be opened. The message never tells content. */
export class SealedValueError extends Error {
  override readonly name = "SealedValueError";
}

/** Length of the master key in bytes. */
export const masterKeyBytes = 32;
const version = 1;
const fingerprintBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + fingerprintBytes;

/** @param key 32 bytes */
export function sealedBox(key: Uint8Array): SealedBox {
  if (key.length !== masterKeyBytes) throw new Error(`a master key has ${masterKeyBytes} bytes, this one ${key.length}`);
  const digest = createHash("sha256").update("hauswart/1/master-key\n").update(key).digest();
  const head = Buffer.concat([Buffer.from([version]), digest.subarray(0, fingerprintBytes)]);
  return {
    fingerprint: digest.subarray(0, 8).toString("hex"),
    seal(plain, place) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(associated(head, place));
      return Buffer.concat([head, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, place) {
      const bytes = Buffer.from(sealed);
      if (bytes.length < headBytes + nonceBytes + tagBytes || bytes[0] !== version)
        throw new SealedValueError(`The sealed value in ${place.table} has no form that this version knows.`);
      if (!bytes.subarray(0, headBytes).equals(head))
        throw new SealedValueError(`The sealed value in ${place.table} was sealed with another master key than the one in use.`);
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(headBytes, headBytes + nonceBytes))
        .setAAD(associated(head, place))
        .setAuthTag(bytes.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(headBytes + nonceBytes, -tagBytes)), decipher.final()]);
      } catch (error) {
        throw new SealedValueError(`The sealed value in ${place.table} was altered or moved.`, { cause: error });
      }
    },
  };
}

/** A box whose key is kept nowhere. For tests. */
export function temporarySealedBox(): SealedBox {
  return sealedBox(randomBytes(masterKeyBytes));
}

const associated = (head: Buffer, { table, row }: SealedPlace) => Buffer.concat([head, Buffer.from(JSON.stringify([table, row]))]);

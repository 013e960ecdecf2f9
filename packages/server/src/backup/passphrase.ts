/**
 * Encryption of a backup: each part by itself with AES-256-GCM, under a key that scrypt makes of the passphrase. The name of the
 * part and the id of the backup are bound to it, so parts cannot be swapped, within a backup or between two.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { z } from "zod";
import { BackupError } from "./backup-error.ts";

/** Cost of guessing a passphrase: 128 MiB and a fifth of a second each. Bounds for what a file may ask of whoever opens it. */
const cost = { N: 2 ** 17, r: 8, p: 1 };
const mostMemoryBytes = 256 * 1024 * 1024;
const nonceBytes = 12;
const tagBytes = 16;
const leastPassphraseLength = 12;

/** How a backup is encrypted, as its header says it. */
export const Encryption = z.object({
  method: z.literal("scrypt/aes-256-gcm"),
  salt: z.base64(),
  N: z.literal(cost.N),
  r: z.literal(cost.r),
  p: z.literal(cost.p),
  /** A sealed word that tells a wrong passphrase from a damaged file. */
  check: z.base64(),
});
export type Encryption = z.infer<typeof Encryption>;

/** Seals and opens the parts of one backup. */
export interface PartCipher {
  seal(name: string, plain: Uint8Array): Buffer;
  /** Throws BackupError when the part was altered. */
  open(name: string, sealed: Uint8Array): Buffer;
}

const checkName = "passphrase";
const checkWord = Buffer.from("hauswart");

/** A fresh key for a new backup. Throws BackupError for a passphrase that is too short. */
export async function newEncryption(backupId: string, passphrase: string): Promise<{ cipher: PartCipher; encryption: Encryption }> {
  if (passphrase.length < leastPassphraseLength)
    throw new BackupError(`The passphrase is too short: it needs at least ${leastPassphraseLength} characters.`);
  const salt = randomBytes(16);
  const cipher = partCipher(backupId, await keyOf(passphrase, salt));
  const check = cipher.seal(checkName, checkWord).toString("base64");
  return { cipher, encryption: { method: "scrypt/aes-256-gcm", salt: salt.toString("base64"), ...cost, check } };
}

/** The key of an existing backup. Throws BackupError when the passphrase is another. */
export async function openEncryption(backupId: string, passphrase: string, { salt, check }: Encryption): Promise<PartCipher> {
  const cipher = partCipher(backupId, await keyOf(passphrase, Buffer.from(salt, "base64")));
  try {
    cipher.open(checkName, Buffer.from(check, "base64"));
  } catch {
    throw new BackupError("The passphrase is not the one that this backup was made with.");
  }
  return cipher;
}

function keyOf(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(passphrase.normalize("NFC"), salt, 32, { ...cost, maxmem: mostMemoryBytes }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );
}

function partCipher(backupId: string, key: Buffer): PartCipher {
  const bound = (name: string) => Buffer.from(JSON.stringify([backupId, name]));
  return {
    seal(name, plain) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(bound(name));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(name, sealed) {
      if (sealed.length < nonceBytes + tagBytes) throw new BackupError(`The part ${name} of the backup is cut short.`);
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, nonceBytes))
        .setAAD(bound(name))
        .setAuthTag(sealed.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
      } catch (cause) {
        throw new BackupError(`The part ${name} of the backup was altered.`, { cause });
      }
    },
  };
}

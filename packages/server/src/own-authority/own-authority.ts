/**
 * The server's own certificate authority (HAUSWART_TLS_OWN): four files among the secrets of the data folder, made once and taken along by
 * backups. The certificate is renewed long before it ends; its key stays, so that what was told of it stays true.
 */
import { createHash, createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { dirname } from "node:path";
import { SettingsError, type Settings } from "../settings.ts";
import { makeSecretFile, readSecretFile, replaceSecretFile } from "../secrets/secret-file.ts";
import { issueCertificate, makeAuthority, makeKey } from "./make-certificates.ts";
import { ownFiles } from "./own-files.ts";

const dayMs = 86_400_000;
/** Sooner than anybody is told that a certificate ends (operation/self-judge.ts). */
export const renewBeforeMs = 60 * dayMs;
/** An uncompressed point of P-256 (SEC 1): one byte of form, twice 32 of coordinates. It ends the SubjectPublicKeyInfo. */
const pointBytes = 65;

/** What others need in order to trust this server and no other. */
export interface OwnAuthority {
  /** PEM. */
  readonly certificate: string;
  /** SHA-256 of the certificate in hexadecimal with colons, as browsers show it. */
  readonly fingerprint: string;
  /** The server's own public key, which every renewed certificate holds: SubjectPublicKeyInfo (RFC 5280), DER. */
  readonly serverKey: Buffer;
}

/**
 * Sees to it that there are authority and certificate, and that the certificate is good for these settings and for long enough.
 * Undefined where the certificate is not the server's own.
 * @throws SettingsError with one sentence for the person who starts the server
 */
export async function ensureOwnCertificate(settings: Settings, nowMs: number): Promise<OwnAuthority | undefined> {
  if (settings.tls.kind !== "certificate" || !settings.tls.isOwn) return undefined;
  const files = ownFiles(settings.dataDirectory);
  try {
    // A new authority in the place of a lost one would shut out every agent without a word.
    if (existsSync(files.authority) && !existsSync(files.authorityKey))
      throw new SettingsError([
        `The key of the server's own authority, ${files.authorityKey}, is missing. Put it back from the backup; or delete ${files.authority}, and enrol every agent anew.`,
      ]);
    const authorityKey = await keep(files.authorityKey, makeKey);
    const authority = await keep(files.authority, () => makeAuthority(authorityKey, nowMs));
    const key = await keep(files.key, makeKey);
    const names = namesOf(settings);
    if (!isGood(readSecretFile(files.certificate), { authority, key, names, nowMs }))
      replaceSecretFile(
        files.certificate,
        await issueCertificate({ authority: { certificate: authority, key: authorityKey }, key, names, nowMs }),
      );
    return {
      certificate: authority,
      fingerprint: new X509Certificate(authority).fingerprint256,
      serverKey: createPublicKey(key).export({ type: "spki", format: "der" }),
    };
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    throw new SettingsError([`The server's own certificate in ${dirname(files.key)} cannot be made: ${(error as Error).message}.`]);
  }
}

/** The name in HAUSWART_URL, and this computer for itself. */
function namesOf({ url }: Settings): [string, ...string[]] {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  return [...new Set([host, "localhost", "127.0.0.1", "::1"])] as [string, ...string[]];
}

interface Demands {
  readonly authority: string;
  readonly key: string;
  readonly names: readonly string[];
  readonly nowMs: number;
}

/** Whether a certificate is of this authority and key, for these names, and ends late enough. */
function isGood(pem: string | undefined, { authority, key, names, nowMs }: Demands): boolean {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem ?? "");
  } catch {
    return false;
  }
  return (
    certificate.verify(new X509Certificate(authority).publicKey) &&
    certificate.checkPrivateKey(createPrivateKey(key)) &&
    names.every((name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined) &&
    Date.parse(certificate.validFrom) <= nowMs &&
    Date.parse(certificate.validTo) - nowMs > renewBeforeMs
  );
}

/** What the file holds; made first when there is none. */
async function keep(path: string, make: () => string | Promise<string>): Promise<string> {
  const there = readSecretFile(path);
  if (there !== undefined) return there;
  makeSecretFile(path, await make());
  return readSecretFile(path)!;
}

/** What curl's --pinnedpubkey takes. */
export function curlPin({ serverKey }: OwnAuthority): string {
  return `sha256//${createHash("sha256").update(serverKey).digest("base64")}`;
}

/** The key alone, without its algorithm, as .NET's X509Certificate.GetPublicKey gives it: SHA-256 in hexadecimal, capitals. */
export function dotnetPin({ serverKey }: OwnAuthority): string {
  return createHash("sha256").update(serverKey.subarray(-pointBytes)).digest("hex").toUpperCase();
}

/**
 * Makes the certificates of an authority that the server keeps for itself. The only file that knows @peculiar/x509, which is loaded when
 * something is to be made: seldom. Keys are ECDSA P-256, which every browser and system takes.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";
import { isIP } from "node:net";

const dayMs = 86_400_000;
/** Agents and browsers are told of the authority once, so it outlives the server's hardware. */
const authorityDays = 20 * 365;
/** Apple's systems refuse a server's certificate of more than 825 days (support.apple.com/103769); shorter is usual, and nobody has to renew it. */
export const certificateDays = 180;
/** Begins earlier than it was made, for computers whose clock is behind. */
const earlierMs = dayMs;

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A private key, PKCS#8 in PEM. */
export function makeKey(): string {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/**
 * The authority's certificate, PEM. Its name ends in letters of its own: systems find an issuer by its name, and a computer may trust the
 * authorities of two servers.
 */
export async function makeAuthority(key: string, nowMs: number): Promise<string> {
  const x509 = await import("@peculiar/x509");
  const keys = await pairOf(createPrivateKey(key));
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=Hauswart authority ${randomBytes(4).toString("hex")}`,
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(nowMs - earlierMs),
    notAfter: new Date(nowMs + authorityDays * dayMs),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return made.toString("pem");
}

export interface CertificateOrder {
  /** Certificate and private key of the authority, PEM. */
  readonly authority: { readonly certificate: string; readonly key: string };
  /** The server's own private key, PEM. */
  readonly key: string;
  /** Host names and IP addresses that it is for, the one that people know first. */
  readonly names: readonly [string, ...string[]];
  /** When it is made, Unix milliseconds. */
  readonly nowMs: number;
}

/** A server's certificate (RFC 5280) by the authority, PEM. */
export async function issueCertificate({ authority, key, names, nowMs }: CertificateOrder): Promise<string> {
  const x509 = await import("@peculiar/x509");
  const issuer = new x509.X509Certificate(authority.certificate);
  const { publicKey } = await pairOf(createPrivateKey(key));
  const signer = await pairOf(createPrivateKey(authority.key));
  const made = await x509.X509CertificateGenerator.create({
    // RFC 5280 gives a common name 64 characters at most; who reads it is a person, the names that count are the alternative ones.
    subject: [{ CN: [names[0].slice(0, 64)] }],
    issuer: issuer.subject,
    publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: algorithm,
    notBefore: new Date(nowMs - earlierMs),
    notAfter: new Date(nowMs + certificateDays * dayMs),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const), value })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey),
    ],
  });
  return made.toString("pem");
}

/** As WebCrypto wants them. */
async function pairOf(key: KeyObject): Promise<CryptoKeyPair> {
  const privateBytes = key.export({ type: "pkcs8", format: "der" });
  const publicBytes = createPublicKey(key).export({ type: "spki", format: "der" });
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey("pkcs8", privateBytes, algorithm, true, ["sign"]),
    crypto.subtle.importKey("spki", publicBytes, algorithm, true, ["verify"]),
  ]);
  return { privateKey, publicKey };
}

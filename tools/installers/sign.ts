/** Authenticode signatures by osslsigncode, where a certificate is configured. */
import { readFileSync } from "node:fs";
import { requireProgram, mustRun } from "./programs.ts";

/** Settings of the signature, from the environment; docs/install-agent.md tells of them. */
export interface Signing {
  /** Certificate with its chain, PEM; or a PKCS#12 file with certificate and key. */
  readonly certificate: string;
  /** Private key, PEM. Undefined: the certificate is a PKCS#12 file. */
  readonly key: string | undefined;
  /** File with the passphrase of the key or the PKCS#12 file. */
  readonly passphraseFile: string | undefined;
  /** Address of a timestamp server (RFC 3161): the signature then outlives the certificate. */
  readonly timestampUrl: string | undefined;
}

/** @returns undefined when no certificate is configured. @throws when a part is given without the certificate */
export function signingSettings(environment: Readonly<Record<string, string | undefined>>): Signing | undefined {
  const read = (name: string) => environment[`INSTALLER_SIGNING_${name}`] || undefined;
  const certificate = read("CERTIFICATE");
  const rest = { key: read("KEY"), passphraseFile: read("PASSPHRASE_FILE"), timestampUrl: read("TIMESTAMP_URL") };
  if (certificate) return { certificate, ...rest };
  if (Object.values(rest).some(Boolean))
    throw new Error("INSTALLER_SIGNING_CERTIFICATE is missing; other settings of the signature are there.");
  return undefined;
}

/** Tells signings apart: another setting, or another certificate at the same path. The key belongs to its certificate and is left out. */
export function signingStamp(signing: Signing | undefined): string {
  if (!signing) return "unsigned";
  const certificate = new Bun.CryptoHasher("sha256").update(readFileSync(signing.certificate)).digest("hex");
  return `${certificate} ${JSON.stringify(signing)}`;
}

/**
 * Signs a program or a package and checks the signature.
 * @returns the target
 * @throws MissingProgramError without osslsigncode
 */
export async function sign(source: string, target: string, signing: Signing): Promise<string> {
  requireProgram("osslsigncode", "osslsigncode");
  const { certificate, key, passphraseFile, timestampUrl } = signing;
  const identity = key ? ["-certs", certificate, "-key", key] : ["-pkcs12", certificate];
  const words = [...identity, ...(passphraseFile ? ["-readpass", passphraseFile] : []), ...(timestampUrl ? ["-ts", timestampUrl] : [])];
  await mustRun(["osslsigncode", "sign", ...words, "-h", "sha256", "-n", "Hauswart Agent", "-in", source, "-out", target]);
  return target;
}

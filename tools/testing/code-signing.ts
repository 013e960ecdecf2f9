/** What the tests of signatures sign with. */
import { join } from "node:path";
import { whyNoProgram } from "@hauswart/testkit/needs.ts";
import { mustRun } from "../installers/programs.ts";
import type { Signing } from "../installers/sign.ts";

/** Name that its certificate bears. */
export const signerName = "Hauswart test";

/** Why nothing can be signed and verified here; undefined when it can. @param more programs that are needed besides */
export function whyNoSigning(...more: readonly string[]): string | undefined {
  return whyNoProgram("osslsigncode", "openssl", ...more);
}

/** Makes a key and a certificate that signs code, by its own authority, in a folder. */
export async function makeSigning(folder: string): Promise<Signing> {
  const [certificate, key] = [join(folder, "cert"), join(folder, "key")];
  const subject = ["-subj", `/CN=${signerName}`, "-addext", "extendedKeyUsage=codeSigning"];
  const made = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate];
  await mustRun(["openssl", "req", ...made, ...subject]);
  return { certificate, key, passphraseFile: undefined, timestampUrl: undefined };
}

/** What osslsigncode says of a signature. Throws where it does not hold. */
export const verifySignature = (path: string, { certificate }: Signing): Promise<string> =>
  mustRun(["osslsigncode", "verify", "-CAfile", certificate, "-in", path]);

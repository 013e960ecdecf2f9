/** A self-signed certificate for servers on loopback, made when asked for; nothing secret is stored in the project. */
import { generate } from "selfsigned";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface TestCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Long enough that no server says of it that it ends soon. */
const validMs = 90 * 86_400_000;

/** Valid for localhost, 127.0.0.1 and ::1. @param addresses IP addresses that it is valid for as well */
export async function testCertificate(addresses: readonly string[] = []): Promise<TestCertificate> {
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + validMs),
    extensions: [
      { name: "basicConstraints", cA: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
          ...addresses.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { certificate: made.cert, privateKey: made.private };
}

/** Writes the pair as PEM files into a folder. @returns their paths. */
export async function writeTestCertificate(
  folder: string,
  addresses: readonly string[] = [],
): Promise<{ certificatePath: string; keyPath: string }> {
  const { certificate, privateKey } = await testCertificate(addresses);
  const certificatePath = join(folder, "certificate.pem");
  const keyPath = join(folder, "key.pem");
  writeFileSync(certificatePath, certificate);
  writeFileSync(keyPath, privateKey, { mode: 0o600 });
  return { certificatePath, keyPath };
}

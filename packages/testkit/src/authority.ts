/** A certificate authority of a test's own, and certificates that it issues: good ones, expired ones, ones for others. */
import { generate } from "selfsigned";
import type { TestCertificate } from "./certificate.ts";

const dayMs = 86_400_000;

export interface TestAuthority {
  /** PEM, to be trusted. */
  readonly certificate: string;
  /** @param names DNS names and addresses. @param validDays from now on; negative: it ended so long ago */
  issue(names: readonly string[], validDays?: number): Promise<TestCertificate>;
}

const shared = { keyType: "ec", algorithm: "sha256" } as const;
const isAddress = (name: string) => /^[\d.]+$|:/.test(name);

/** Makes one. */
export async function testAuthority(): Promise<TestAuthority> {
  const authority = await generate([{ name: "commonName", value: "Hauswart test authority" }], {
    ...shared,
    notAfterDate: new Date(Date.now() + 900 * dayMs),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return {
    certificate: authority.cert,
    async issue(names, validDays = 90) {
      const made = await generate([{ name: "commonName", value: names[0]! }], {
        ...shared,
        ca: { key: authority.private, cert: authority.cert },
        notBeforeDate: new Date(Date.now() - 400 * dayMs),
        notAfterDate: new Date(Date.now() + validDays * dayMs),
        extensions: [
          { name: "basicConstraints", cA: false },
          { name: "subjectAltName", altNames: names.map((name) => (isAddress(name) ? { type: 7, ip: name } : { type: 2, value: name })) },
        ],
      });
      return { certificate: made.cert, privateKey: made.private };
    },
  };
}

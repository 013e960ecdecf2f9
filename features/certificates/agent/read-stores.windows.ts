import type { WindowsRegistry } from "@hauswart/agent/os/windows/calls.ts";
import type { Found, ReadStores } from "./found-certificate.ts";
import { parseCertificate } from "./x509.ts";

/** Stores of the computer's services, by the name that people know. */
const stores = [
  { name: "LocalMachine\\My", key: "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\MY\\Certificates" },
  { name: "LocalMachine\\WebHosting", key: "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\WebHosting\\Certificates" },
] as const;
/** CERT_ARCHIVED_PROP_ID and CERT_CERT_PROP_ID (wincrypt.h). */
const archived = 19;
const encoded = 32;
/** Certificates of one store. */
const storeLimit = 200;
/** Windows renews those by itself every day, for as long as somebody signs in (Entra ID, sign-in between computers). */
const renewedDaily = /^MS-Organization-P2P-Access/i;

export const readStores: ReadStores = async (os) => {
  const { registry } = await os.windows();
  const found = await Promise.all(stores.map((store) => readStore(registry, store)));
  return found.flat();
};

async function readStore(registry: WindowsRegistry, { name, key }: (typeof stores)[number]): Promise<Found[]> {
  const found: Found[] = [];
  for (const thumbprint of ((await registry.keys(key)) ?? []).slice(0, storeLimit)) {
    const blob = await registry.value(`${key}\\${thumbprint}`, "Blob");
    const properties = blob instanceof Uint8Array ? propertiesOf(blob) : new Map<number, Uint8Array>();
    if (properties.has(archived)) continue;
    const bytes = properties.get(encoded);
    const certificate = bytes && (await parseCertificate(bytes));
    if (certificate && renewedDaily.test(certificate.issuer)) continue;
    const problem = certificate ? "" : "The registry holds no certificate that can be read.";
    found.push({ place: `${name}\\${certificate?.name ? `${certificate.name} ` : ""}${thumbprint.slice(0, 8)}`, certificate, problem });
  }
  return found;
}

/** A stored certificate is a list of properties: number, a reserved number, length, bytes; all numbers of 32 bits. */
export function propertiesOf(blob: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const found = new Map<number, Uint8Array>();
  for (let at = 0; at + 12 <= blob.length;) {
    const length = view.getUint32(at + 8, true);
    const end = at + 12 + length;
    if (end > blob.length) break;
    found.set(view.getUint32(at, true), blob.subarray(at + 12, end));
    at = end;
  }
  return found;
}

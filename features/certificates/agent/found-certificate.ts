/** Certificates with the place where they lie. What each system has to supply: `ReadStores`. */
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { listIfThere } from "@hauswart/agent/readers/if-there.ts";
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { SampleOf, SelectionOf } from "@hauswart/protocol/check.ts";
import type { certificates } from "../protocol.ts";
import { certificatesOf, type Certificate } from "./x509.ts";

export type Row = SampleOf<typeof certificates>["certificates"][number];
export type Selection = SelectionOf<typeof certificates>;

/** A certificate, or why it cannot be read. */
export interface Found {
  readonly place: string;
  readonly certificate: Certificate | undefined;
  readonly problem: string;
}

/** The system's own stores and the usual folders. Throws OsError. */
export type ReadStores = (os: Os) => Promise<readonly Found[]>;

const endings = /\.(pem|crt|cer|cert|der)$/i;
/** Larger ones are bundles of authorities. */
const fileLimitBytes = 128 * 1024;
/** Files that are read of one folder. */
const filesPerFolder = 100;

/**
 * The certificate of a file: the first, since a service's own stands before those that lead to its authority.
 * @param isNamed the settings name the file: then it is told when it holds none, and authorities count as well
 */
export async function readCertificateFile(os: Os, path: string, isNamed: boolean): Promise<Found | undefined> {
  try {
    const [certificate] = await certificatesOf(await os.readStart(path, fileLimitBytes), 1);
    if (certificate && (isNamed || !certificate.isAuthority)) return { place: path, certificate, problem: "" };
    return isNamed ? { place: path, certificate: undefined, problem: "The file holds no certificate." } : undefined;
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
    return { place: path, certificate: undefined, problem: clip(`${error.code}: ${error.message}`, textLimit) };
  }
}

/** The certificates in a folder; none where there is no such folder. */
export async function readFolder(os: Os, folder: string, isNamed: boolean): Promise<Found[]> {
  const names = (await listIfThere(os, folder)) ?? [];
  const found: Found[] = [];
  for (const name of names
    .filter((one) => endings.test(one))
    .toSorted()
    .slice(0, filesPerFolder)) {
    const path = `${folder}/${name}`;
    if ((await os.fileInfo(path))?.kind !== "file") continue;
    const certificate = await readCertificateFile(os, path, isNamed);
    // A key or a list of parameters that ends like a certificate is none.
    if (certificate?.certificate || (certificate && certificate.problem !== "The file holds no certificate.")) found.push(certificate);
  }
  return found;
}

/** What the settings name: files, and the files in folders. */
export async function readNamed(os: Os, paths: readonly string[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const path of paths) {
    const info = await os.fileInfo(path);
    if (!info) found.push({ place: path, certificate: undefined, problem: "There is nothing of that name." });
    else if (info.kind === "folder") found.push(...(await readFolder(os, path, true)));
    else found.push((await readCertificateFile(os, path, true))!);
  }
  return found;
}

/** Rows by place: each certificate once, and of renewals of one certificate only the newest. */
export function toRows(found: readonly Found[], { exclude }: Selection): Row[] {
  const newest = new Map<string, number>();
  for (const { certificate } of found)
    if (certificate) newest.set(certificate.identity, Math.max(newest.get(certificate.identity) ?? 0, certificate.validUntil));
  const seen = new Set<string>();
  const rows = new Map<string, Row>();
  for (const { place, certificate, problem } of found.toSorted((one, other) => (one.place < other.place ? -1 : 1))) {
    if (fitsAny(exclude, place)) continue;
    if (certificate && (seen.has(certificate.fingerprint) || certificate.validUntil < newest.get(certificate.identity)!)) continue;
    if (certificate) seen.add(certificate.fingerprint);
    const name = clip(place, subjectLimit);
    rows.set(name, {
      place: name,
      name: clip(certificate?.name ?? "", textLimit),
      issuer: clip(certificate?.issuer ?? "", textLimit),
      validFrom: certificate?.validFrom ?? null,
      validUntil: certificate?.validUntil ?? null,
      fingerprint: certificate?.fingerprint ?? "",
      problem,
    });
  }
  return [...rows.values()].sort((one, other) => (one.place < other.place ? -1 : 1));
}

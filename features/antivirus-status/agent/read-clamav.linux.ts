/** ClamAV on Linux: its units, and its signature files. */
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { databaseFolder, headerBytes, parseDatabaseHeader, versionIn, type DatabaseHeader } from "./clamav.ts";
import { makeProduct, type Product } from "./product.ts";
import { isRunning, isStarting, type Units } from "./units.linux.ts";

const configurations = ["/etc/clamav/freshclam.conf", "/etc/freshclam.conf", "/etc/clamav/clamd.conf", "/etc/clamd.d/scan.conf"];
const usualFolder = "/var/lib/clamav";
/** Signed and unsigned containers; and single files without a header, whose own time counts when there is no container. */
const container = /\.(?:cvd|cld|cud)$/;
const plain = /\.(?:hdb|hsb|mdb|msb|ndb|ldb|ldu|ndu|hdu|hsu|mdu|msu|db|cdb|cbc|ign2|yar|yara)$/;
const fileLimit = 50;

export const clamavUnits = ["clamav-*", "clamd*", "clamonacc*", "freshclam*"];
const daemon = /^(?:clamav-daemon|clamd(?:@[^.]*)?)\.(?:service|socket)$/;
const onAccess = /^(?:clamav-clamonacc|clamonacc)\.service$/;
const updater = /^(?:clamav-freshclam(?:-once)?|freshclam)\.(?:service|timer)$/;

/** @returns undefined when ClamAV is not installed */
export async function readClamav(os: Os, units: Units): Promise<Product | undefined> {
  const daemons = units.fitting(daemon);
  const updaters = units.fitting(updater);
  if (daemons.length === 0 && updaters.length === 0) return undefined;
  const runs = daemons.some(isRunning);
  const isWanted = daemons.some(({ isEnabled }) => isEnabled);
  const starts = !runs && daemons.some(isStarting);
  const signatures = await readSignatures(os);
  return makeProduct({
    product: "ClamAV",
    source: "service",
    state: runs ? "active" : starts ? "unknown" : isWanted ? "off" : "on-demand",
    engine: runs ? "running" : starts || daemons.length === 0 ? "unknown" : "not-running",
    realTime: units.fitting(onAccess).some(isRunning) ? "on" : "off",
    updates: updaters.some(isRunning) ? "running" : "not-running",
    productVersion: daemons.length > 0 ? await readVersion(os) : "",
    ...signatures,
    problem: starts ? "The service is starting." : signatures.problem,
  });
}

type Signatures = Pick<Product, "signatures" | "signatureVersion" | "signatureAt" | "problem">;

async function readSignatures(os: Os): Promise<Signatures> {
  const folder = await signatureFolder(os);
  try {
    const names = (await os.listDirectory(folder)).sort();
    const headers = await Promise.all(
      names
        .filter((name) => container.test(name))
        .slice(0, fileLimit)
        .map((name) => readHeader(os, folder, name)),
    );
    const found = headers.filter((header) => header !== undefined);
    const newest = found.sort((one, other) => other.builtAt - one.builtAt)[0];
    if (newest)
      return { signatures: "not-told", signatureVersion: `${newest.name} ${newest.version}`, signatureAt: newest.builtAt, problem: "" };
    return await newestPlainFile(os, folder, names);
  } catch (error) {
    if (error instanceof OsError) return { ...noSignatures, problem: `${error.code}: ${error.message}` };
    throw error;
  }
}

const noSignatures = { signatures: "not-told", signatureVersion: "", signatureAt: null } as const;

async function newestPlainFile(os: Os, folder: string, names: readonly string[]): Promise<Signatures> {
  const files = names.filter((name) => plain.test(name)).slice(0, fileLimit);
  const times = await Promise.all(files.map(async (name) => (await os.fileInfo(`${folder}/${name}`))?.modifiedAtMs ?? 0));
  const newestAt = Math.max(0, ...times);
  if (newestAt > 0) return { ...noSignatures, signatureAt: newestAt, problem: "" };
  return { ...noSignatures, signatures: "outdated", problem: `There are no signatures in ${folder}.` };
}

async function readHeader(os: Os, folder: string, name: string): Promise<(DatabaseHeader & { name: string }) | undefined> {
  const header = parseDatabaseHeader(await os.readStart(`${folder}/${name}`, headerBytes));
  return header && { ...header, name: name.replace(container, "") };
}

async function signatureFolder(os: Os): Promise<string> {
  for (const path of configurations) {
    const folder = databaseFolder(await os.readFile(path).catch(nothing));
    if (folder !== undefined) return folder;
  }
  return usualFolder;
}

/** A configuration that is not there, or not for us, says nothing. */
function nothing(error: unknown): string {
  if (error instanceof OsError) return "";
  throw error;
}

async function readVersion(os: Os): Promise<string> {
  try {
    return versionIn((await os.run("clamd", ["--version"], { timeoutMs: 5_000 })).stdout);
  } catch (error) {
    return nothing(error);
  }
}

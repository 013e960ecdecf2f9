/** ClamAV's signature files: the header of 512 bytes in which each says when it was built (CVD format). */

export interface DatabaseHeader {
  /** Unix time in milliseconds. */
  readonly builtAt: number;
  readonly version: number;
  readonly signatureCount: number;
}

export const headerBytes = 512;
const magic = "ClamAV-VDB";
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Understands `ClamAV-VDB:16 Sep 2021 08-32 -0400:62:6647427:90:checksum:signature:builder:1631795562`. The last field is the time in
 * seconds since 1970 and is not there in old files; then the first counts.
 * @returns undefined for what is no such header
 */
export function parseDatabaseHeader(bytes: Uint8Array): DatabaseHeader | undefined {
  const fields = Buffer.from(bytes)
    .toString("latin1")
    .replace(/[\s\0]+$/, "")
    .split(":");
  if (fields[0] !== magic) return undefined;
  const version = wholeNumber(fields[2]);
  const signatureCount = wholeNumber(fields[3]);
  const builtAt = (wholeNumber(fields[8]?.trim()) ?? Number.NaN) * 1_000 || buildTime(fields[1] ?? "");
  if (version === undefined || signatureCount === undefined || builtAt === undefined) return undefined;
  return { builtAt, version, signatureCount };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/** `16 Sep 2021 08-32 -0400`. */
function buildTime(text: string): number | undefined {
  const [, day, monthName = "", year, hour, minute, sign, zoneHours, zoneMinutes] =
    /^(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2})-(\d{2}) ([+-])(\d{2})(\d{2})$/.exec(text) ?? [];
  const month = months.indexOf(monthName);
  if (day === undefined || month < 0) return undefined;
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === "-" ? -1 : 1);
  return Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute) - zone);
}

/** The folder that a configuration of freshclam or clamd names; undefined when it leaves that open. */
export function databaseFolder(configuration: string): string | undefined {
  return /^\s*DatabaseDirectory\s+(\/\S*)\s*$/m.exec(configuration)?.[1];
}

/** `ClamAV 1.4.3/27456/Sun Nov 22 08:01:12 2026` as `clamd --version` says; empty for anything else. */
export function versionIn(text: string): string {
  return /^ClamAV (\d[^/\s]*)/.exec(text)?.[1] ?? "";
}

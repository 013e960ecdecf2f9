/**
 * What programs have told Windows Security Center (WMI, ROOT\SecurityCenter2). They register themselves and are believed: whoever is
 * uninstalled badly stays registered as he was last, and an update may leave a second registration behind. So each is looked for by the
 * programs that it named.
 */
import { OsError, type Os } from "../os/os.ts";
import type { WindowsCalls, WindowsRegistry, WmiValue } from "../os/windows/calls.ts";

export interface CenterProduct {
  readonly name: string;
  /** A GUID in braces, in upper case. */
  readonly instanceId: string;
  /** undefined where registrations of one name contradict each other and nothing tells which holds. */
  readonly says: CenterWord | undefined;
  /** Whether a program that it named is on this computer; not-told: it named none that could be looked for. */
  readonly program: "there" | "gone" | "not-told";
  /** The programs that it named. */
  readonly paths: readonly string[];
}

/** What a product says of itself. */
interface CenterWord {
  readonly state: "active" | "off" | "snoozed" | "expired" | "unknown";
  readonly signatures: "current" | "outdated";
}

type Row = Readonly<Record<string, WmiValue>>;
interface Registration extends CenterProduct {
  readonly says: CenterWord;
  /** The bits of productState that this stands in. */
  readonly saying: number;
  readonly reportedAt: number;
}

/** Bits of productState, which Windows' own status API is made from (documented by use only: products of many makers show the same). */
const [stateBits, signatureBits] = [0xf000, 0x00f0];
const states = new Map<number, CenterWord["state"]>([
  [0x0000, "off"],
  [0x1000, "active"],
  [0x2000, "snoozed"],
  [0x3000, "expired"],
]);

const wordOf = (productState: number): CenterWord => ({
  state: states.get(productState & stateBits) ?? "unknown",
  signatures: (productState & signatureBits) === 0 ? "current" : "outdated",
});

const current = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion";
const currentNt = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
/** Where the system keeps what these stand for. */
const folders: Readonly<Record<string, readonly [string, string]>> = {
  programfiles: [current, "ProgramFilesDir"],
  programw6432: [current, "ProgramFilesDir"],
  "programfiles(x86)": [current, "ProgramFilesDir (x86)"],
  commonprogramfiles: [current, "CommonFilesDir"],
  "commonprogramfiles(x86)": [current, "CommonFilesDir (x86)"],
  systemroot: [currentNt, "SystemRoot"],
  windir: [currentNt, "SystemRoot"],
  programdata: [`${currentNt}\\ProfileList`, "ProgramData"],
};

/** Puts in what variables at the beginning stand for; undefined for one that is not known. */
async function expanded(registry: WindowsRegistry, text: string): Promise<string | undefined> {
  const [, variable, rest] = /^"?%([^%]+)%(.*)$/.exec(text) ?? [];
  if (variable === undefined || rest === undefined) return text;
  const isDrive = variable.toLowerCase() === "systemdrive";
  const [key, name] = folders[isDrive ? "systemroot" : variable.toLowerCase()] ?? [];
  const folder = key === undefined || name === undefined ? undefined : await registry.value(key, name);
  if (typeof folder !== "string") return undefined;
  return isDrive ? folder.slice(0, 2) + rest : expanded(registry, folder + rest);
}

/** A path on a drive of this computer; undefined for an address, or a share: other computers are not asked. */
async function localPath(registry: WindowsRegistry, said: WmiValue | undefined): Promise<string | undefined> {
  const text = typeof said === "string" ? await expanded(registry, said.trim()) : undefined;
  return /^"?([a-z]:\\[^"%]+)"?$/i.exec(text ?? "")?.[1];
}

async function whetherThere(os: Os, paths: readonly string[]): Promise<CenterProduct["program"]> {
  let answer: CenterProduct["program"] = paths.length > 0 ? "gone" : "not-told";
  for (const path of paths) {
    try {
      if (await os.fileInfo(path)) return "there";
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      // What keeps its folder closed even to the system is there.
      if (error.code === "COLLECT_PERMISSION_DENIED") return "there";
      answer = "not-told";
    }
  }
  return answer;
}

async function registrationOf(os: Os, registry: WindowsRegistry, row: Row): Promise<Registration | undefined> {
  const { displayName, instanceGuid, productState, pathToSignedProductExe, pathToSignedReportingExe, timestamp } = row;
  const state = Number(productState);
  if (typeof displayName !== "string" || displayName.trim() === "" || productState === null || !Number.isInteger(state)) return undefined;
  const told = await Promise.all([pathToSignedProductExe, pathToSignedReportingExe].map((path) => localPath(registry, path)));
  const paths = [...new Set(told.filter((path) => path !== undefined))];
  const reportedAt = Date.parse(String(timestamp));
  return {
    name: displayName.trim(),
    instanceId: String(instanceGuid).toUpperCase(),
    says: wordOf(state),
    saying: state & (stateBits | signatureBits),
    program: await whetherThere(os, paths),
    paths,
    reportedAt: Number.isNaN(reportedAt) ? 0 : reportedAt,
  };
}

const presences = ["there", "not-told", "gone"] as const;

/** Of several of one name: who is there, of those who told something last. */
function theOneThatHolds(registrations: readonly Registration[]): CenterProduct {
  const program = presences.find((one) => registrations.some((registration) => registration.program === one));
  const there = registrations.filter((registration) => registration.program === program);
  const reportedAt = Math.max(...there.map((registration) => registration.reportedAt));
  const last = there.filter((registration) => registration.reportedAt === reportedAt);
  const { reportedAt: _, saying, ...holds } = last[0]!;
  return last.some((registration) => registration.saying !== saying) ? { ...holds, says: undefined } : holds;
}

/** The products of a class, each name once. Throws OsError: COLLECT_UNSUPPORTED where there is no Security Center, on servers. */
export async function securityCenter(
  os: Os,
  { wmi, registry }: WindowsCalls,
  product: "AntiVirusProduct" | "FirewallProduct",
): Promise<readonly CenterProduct[]> {
  const columns = "displayName, instanceGuid, productState, pathToSignedProductExe, pathToSignedReportingExe, timestamp";
  const rows = await wmi("ROOT\\SecurityCenter2", `SELECT ${columns} FROM ${product}`);
  const registrations = (await Promise.all(rows.map((row) => registrationOf(os, registry, row)))).filter((one) => one !== undefined);
  return [...Map.groupBy(registrations, ({ name }) => name).values()].map(theOneThatHolds);
}

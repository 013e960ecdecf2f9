/**
 * Well-known products on Windows: how Security Center calls them, which service does the work, and where they write down how old
 * their signatures are. Services and registry values as the makers' manuals and administrators' scripts name them.
 */
import type { WindowsCalls, WindowsRegistry } from "@hauswart/agent/os/windows/calls.ts";
import type { Product } from "./product.ts";
import { fromDay, fromUnixSeconds } from "./windows-times.ts";

export type Details = Partial<Pick<Product, "signatureAt" | "signatureVersion" | "productVersion" | "engineVersion">>;

export interface KnownProduct {
  readonly product: string;
  /** Fits the name in Security Center. */
  readonly name: RegExp;
  /** Services of the engine, in lower case, * for any characters; one that runs is enough. */
  readonly services: readonly string[];
  /** It decides by behaviour and its maker's servers, not by signatures on the computer. */
  readonly withoutSignatures?: boolean;
  readonly details?: (windows: WindowsCalls) => Promise<Details>;
}

const software = "HKLM\\SOFTWARE";
const software32 = "HKLM\\SOFTWARE\\WOW6432Node";

const text = (value: unknown) => (typeof value === "string" ? value.trim() : "");

/** The values of the first of these keys that is there. */
async function firstOf(registry: WindowsRegistry, ...keys: readonly string[]) {
  for (const key of keys) {
    const values = await registry.values(key);
    if (values) return values;
  }
  return new Map<string, never>();
}

/** `ScannerVersion` is 30123 (20261122). */
async function esetDetails({ registry }: WindowsCalls): Promise<Details> {
  const info = await firstOf(registry, `${software}\\ESET\\ESET Security\\CurrentVersion\\Info`);
  const scanner = text(info.get("ScannerVersion"));
  return { signatureVersion: scanner, signatureAt: fromDay(scanner), productVersion: text(info.get("ProductVersion")) };
}

async function sophosDetails({ registry }: WindowsCalls): Promise<Details> {
  const status = await firstOf(
    registry,
    `${software32}\\Sophos\\AutoUpdate\\UpdateStatus`,
    `${software}\\Sophos\\AutoUpdate\\UpdateStatus`,
  );
  return { signatureAt: fromUnixSeconds(status.get("LastUpdateTime")) };
}

async function trendMicroDetails({ registry }: WindowsCalls): Promise<Details> {
  const own = "TrendMicro\\PC-cillinNTCorp\\CurrentVersion\\Misc.";
  const values = await firstOf(registry, `${software32}\\${own}`, `${software}\\${own}`);
  return { signatureAt: fromDay(values.get("PatternDate")), productVersion: text(values.get("ProgramVer")) };
}

async function trellixDetails({ registry }: WindowsCalls): Promise<Details> {
  const values = await firstOf(registry, `${software}\\McAfee\\AVSolution\\DS\\DS`, `${software32}\\McAfee\\AVEngine`);
  return {
    signatureVersion: String(values.get("dwContentMajorVersion") ?? values.get("AVDatVersion") ?? ""),
    signatureAt: fromDay(values.get("szContentCreationDate")) ?? fromDay(values.get("AVDatDate")),
  };
}

async function symantecDetails({ registry }: WindowsCalls): Promise<Details> {
  const own = "Symantec\\Symantec Endpoint Protection\\CurrentVersion";
  const values = await firstOf(registry, `${software}\\${own}\\public-opstate`, `${software32}\\${own}\\public-opstate`);
  const date = text(values.get("LatestVirusDefsDate"));
  const revision = values.get("LatestVirusDefsRevision");
  return { signatureAt: fromDay(date), signatureVersion: date && revision !== undefined ? `${date} r${String(revision)}` : date };
}

export const knownProducts: readonly KnownProduct[] = [
  { product: "Avast", name: /\bavast\b/i, services: ["avast! antivirus"] },
  { product: "AVG", name: /\bavg\b/i, services: ["avg antivirus"] },
  { product: "Avira", name: /\bavira\b/i, services: ["antivirservice", "aviraprotectedservice", "endpointprotectionservice"] },
  { product: "Bitdefender", name: /bitdefender/i, services: ["epsecurityservice", "epprotectedservice", "vsserv"] },
  { product: "Cisco Secure Endpoint", name: /cisco (?:secure endpoint|amp)/i, services: ["ciscoamp*"] },
  { product: "Cortex XDR", name: /cortex xdr/i, services: ["cyserver"], withoutSignatures: true },
  { product: "CrowdStrike Falcon", name: /crowdstrike/i, services: ["csfalconservice"], withoutSignatures: true },
  { product: "Cylance", name: /cylance/i, services: ["cylancesvc"], withoutSignatures: true },
  { product: "Emsisoft", name: /emsisoft/i, services: ["a2antimalware"] },
  { product: "ESET", name: /\beset\b/i, services: ["ekrn"], details: esetDetails },
  { product: "G DATA", name: /g[\s-]?data/i, services: ["avkwctl", "gdscan", "avkservice"] },
  { product: "Kaspersky", name: /kaspersky/i, services: ["avp", "avp2*", "avp.*"] },
  { product: "Malwarebytes", name: /malwarebytes/i, services: ["mbamservice", "mbendpointagent"] },
  { product: "Norton", name: /\bnorton\b/i, services: ["nortonsecurity", "norton security"] },
  { product: "Panda", name: /\bpanda\b|watchguard/i, services: ["nanoservicemain", "psuaservice"] },
  { product: "SentinelOne", name: /sentinel/i, services: ["sentinelagent"], withoutSignatures: true },
  {
    product: "Sophos",
    name: /sophos/i,
    services: ["sophos endpoint defense service", "sophos file scanner service", "savservice"],
    details: sophosDetails,
  },
  { product: "Symantec", name: /symantec/i, services: ["sepmasterservice"], details: symantecDetails },
  { product: "Trellix", name: /mcafee|trellix/i, services: ["mfemms", "mcshield", "mfetp"], details: trellixDetails },
  { product: "Trend Micro", name: /trend micro/i, services: ["ntrtscan", "ds_agent", "amsp"], details: trendMicroDetails },
  { product: "Webroot", name: /webroot/i, services: ["wrsvc", "wrcoreservice"], withoutSignatures: true },
  { product: "WithSecure", name: /withsecure|f-secure/i, services: ["fshoster", "fsulhoster", "fsms", "wshoster"] },
];

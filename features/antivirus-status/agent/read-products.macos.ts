/** macOS: XProtect and what its maker calls its helpers, by their bundles; others by their system extensions and launchd jobs. */
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { plistFlag, plistText, readPropertyList, type PlistValue } from "@hauswart/agent/os/macos/plist.ts";
import { makeProduct, type Product, type ReadProducts } from "./product.ts";

/** The newer place first: since macOS 15 the rules are kept outside the system's own volume. */
const ruleBundles = [
  "/private/var/protected/xprotect/XProtect.bundle",
  "/Library/Apple/System/Library/CoreServices/XProtect.bundle",
  "/System/Library/CoreServices/XProtect.bundle",
];
/** Removes what is found: XProtect.app since macOS 12.3, MRT before. */
const removers = ["/Library/Apple/System/Library/CoreServices/XProtect.app", "/Library/Apple/System/Library/CoreServices/MRT.app"];
const updateSettings = "/Library/Preferences/com.apple.SoftwareUpdate.plist";
const unreadableRules = "The rules of XProtect could not be read.";
const information = "Contents/Info.plist";

interface KnownProduct {
  readonly product: string;
  /** Begins the name of its extension or job. */
  readonly identifier: RegExp;
  readonly withoutSignatures?: boolean;
}

const knownProducts: readonly KnownProduct[] = [
  { product: "Avast", identifier: /^com\.avast\./ },
  { product: "Avira", identifier: /^com\.avira\./ },
  { product: "Bitdefender", identifier: /^com\.(?:bitdefender|epsecurity)\./ },
  { product: "Cortex XDR", identifier: /^com\.(?:paloaltonetworks\.(?:cortex|traps)|traps)\b/, withoutSignatures: true },
  { product: "CrowdStrike Falcon", identifier: /^com\.crowdstrike\./, withoutSignatures: true },
  { product: "ESET", identifier: /^com\.eset\./ },
  { product: "F-Secure", identifier: /^com\.(?:f-secure|withsecure)\./ },
  { product: "G DATA", identifier: /^(?:de|com)\.gdata/ },
  { product: "Kaspersky", identifier: /^com\.kaspersky\./ },
  { product: "Malwarebytes", identifier: /^com\.malwarebytes\./ },
  { product: "Microsoft Defender for Endpoint", identifier: /^com\.microsoft\.wdav/ },
  { product: "SentinelOne", identifier: /^com\.sentinelone\./, withoutSignatures: true },
  { product: "Sophos", identifier: /^com\.sophos\./ },
  { product: "Symantec", identifier: /^com\.(?:symantec|broadcom)\./ },
  { product: "Trellix", identifier: /^com\.(?:mcafee|trellix)\./ },
  { product: "Trend Micro", identifier: /^com\.trendmicro\./ },
];

export const readProducts: ReadProducts = async (os) => {
  const rules = await firstBundle(os, ruleBundles);
  const remover = await firstBundle(os, removers);
  const history = await installations(os);
  const others = await otherProducts(os);
  if (rules === undefined && others.length === 0) return { failed: "COLLECT_UNREADABLE", detail: "xprotect-unreadable" };
  return { ok: [await xprotect(os, rules, remover, history), ...others] };
};

/** The version of the first bundle that can be read; undefined when none can. */
async function firstBundle(os: Os, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const version = await readPropertyList(os, `${path}/${information}`).then(
      (list) => plistText(list, "CFBundleShortVersionString"),
      unreadable,
    );
    if (version !== undefined && version !== "") return version;
  }
  return undefined;
}

function unreadable(error: unknown): undefined {
  if (error instanceof OsError) return undefined;
  throw error;
}

async function xprotect(
  os: Os,
  rules: string | undefined,
  remover: string | undefined,
  history: ReadonlyMap<string, number>,
): Promise<Product> {
  const settings = await readPropertyList(os, updateSettings).catch(unreadable);
  const installedAt = [...history].filter(([name]) => name.startsWith("XProtect")).map(([, at]) => at);
  return makeProduct({
    product: "XProtect",
    source: "files",
    isBuiltIn: true,
    state: rules === undefined ? "unknown" : "active",
    realTime: rules === undefined ? "unknown" : "on",
    signatures: "irregular",
    signatureVersion: rules ?? "",
    signatureAt: installedAt.length > 0 ? Math.max(...installedAt) : null,
    updates: fetchesUpdates(settings),
    productVersion: remover ?? "",
    problem: rules === undefined ? unreadableRules : "",
  });
}

/** Whether the system may fetch new rules by itself; where nothing is set, it does. */
function fetchesUpdates(settings: PlistValue | undefined): Product["updates"] {
  if (settings === undefined) return "unknown";
  return plistFlag(settings, "ConfigDataInstall") === false ? "not-running" : "running";
}

/** When what was last installed, from the system's own record. Unix time in milliseconds by name. */
async function installations(os: Os): Promise<ReadonlyMap<string, number>> {
  const newest = new Map<string, number>();
  const answer = await os
    .run("system_profiler", ["-json", "SPInstallHistoryDataType"], { timeoutMs: 15_000, limitBytes: 8 * 1024 * 1024 })
    .catch(unreadable);
  for (const entry of historyEntries(answer?.stdout ?? "")) {
    const { _name: name, install_date: date } = entry as Record<string, unknown>;
    const at = typeof date === "string" ? Date.parse(date) : Number.NaN;
    if (typeof name === "string" && Number.isFinite(at)) newest.set(name, Math.max(at, newest.get(name) ?? 0));
  }
  return newest;
}

function historyEntries(json: string): readonly unknown[] {
  try {
    const { SPInstallHistoryDataType: entries } = JSON.parse(json) as Record<string, unknown>;
    return Array.isArray(entries) ? entries.filter((entry) => typeof entry === "object" && entry !== null) : [];
  } catch {
    return [];
  }
}

/** Products whose extension is switched on, or whose job launchd has. */
async function otherProducts(os: Os): Promise<Product[]> {
  const jobs = parseJobs((await os.run("launchctl", ["list"]).catch(unreadable))?.stdout ?? "");
  const extensions = parseExtensions((await os.run("systemextensionsctl", ["list"]).catch(unreadable))?.stdout ?? "");
  return knownProducts.flatMap(({ product, identifier, withoutSignatures }) => {
    const own = jobs.filter(({ label }) => identifier.test(label));
    const isActivated = extensions.some((name) => identifier.test(name));
    if (own.length === 0 && !isActivated) return [];
    const runs = own.some(({ isRunning }) => isRunning);
    return makeProduct({
      product,
      source: "service",
      state: runs || isActivated ? "active" : "off",
      engine: own.length === 0 ? "unknown" : runs ? "running" : "not-running",
      signatures: withoutSignatures ? "not-used" : "not-told",
    });
  });
}

/** Lines of process id (or -), last exit status and label, parted by tabs. */
export function parseJobs(text: string): { label: string; isRunning: boolean }[] {
  return text.split("\n").flatMap((line) => {
    const [processId = "", , label] = line.split("\t");
    return label === undefined || label === "Label" ? [] : [{ label: label.trim(), isRunning: /^\d+$/.test(processId) }];
  });
}

/** Lines of extensions: `*  *  TEAM  com.example.agent (1.0/1)  Name  [activated enabled]`, parted by tabs. */
export function parseExtensions(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [isEnabled, isActive, , name = ""] = line.split("\t").map((part) => part.trim());
    const identifier = /^([A-Za-z0-9.-]+) \(/.exec(name)?.[1];
    return isEnabled === "*" && isActive === "*" && identifier !== undefined ? [identifier] : [];
  });
}

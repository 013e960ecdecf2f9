/**
 * Missing updates of Windows: the Windows Update agent asks its source (Microsoft or the company's own server), which takes up to
 * minutes. Hidden updates and drivers are left out, and so are Defender's signatures, of which there are several a day.
 */
import { OsError } from "@hauswart/agent/os/os.ts";
import type { RegistryValue, WindowsRegistry, WindowsUpdate } from "@hauswart/agent/os/windows/calls.ts";
import type { FoundUpdate, Sample, UpdateReader } from "./updates.ts";

const currentVersion = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
const policies = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU";
const criteria = "IsInstalled=0 and IsHidden=0 and Type='Software'";

/** OperationResultCode (wuapi.h). */
const succeeded = 2;
const succeededWithErrors = 3;

/** Ids of categories, the same in every language (Microsoft Learn, "Update classification GUIDs"). */
const securityCategories = new Set(["0fa1201d-4330-4fa8-8ae9-b877473b6441", "e6cf1350-c01b-414d-a61f-263d14d133b4"]);
const definitionCategory = "e0789628-ce08-4437-be74-2495b842f43b";
/** Defender's signatures and the monthly tool against malware. */
const signatureArticles = new Set(["2267602", "2461484"]);

const text = (value: RegistryValue | undefined) => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");

export const reader: UpdateReader = {
  reuseForMs: 0,
  read: async (os, nowMs) => {
    const windows = await os.windows();
    const [identity, automatic, level] = await Promise.all([
      readIdentity(windows.registry),
      readAutomatic(windows.registry),
      readLevel(windows.registry),
    ]);
    const { resultCode, warnings, updates } = await windows.searchUpdates(criteria);
    if (resultCode !== succeeded && resultCode !== succeededWithErrors)
      throw new OsError("COLLECT_UNREADABLE", ["The search for updates failed.", ...warnings].join(" "));
    // What is missing is missing; that nothing else is, only a whole answer says.
    const isWhole = resultCode === succeeded && warnings.length === 0;
    return {
      ok: {
        method: "windows-update",
        listsState: isWhole ? "usable" : "incomplete",
        listsRefreshedAt: isWhole ? nowMs : null,
        listsRefreshedBy: "this-check",
        securitySource: "not-separate",
        automaticUpdates: automatic,
        ...identity,
        updates: updates.filter((update) => !isSignature(update)).map(toUpdate),
        sources: [],
        ...(level !== undefined && { level }),
      },
    };
  },
  traces: async (os) => (await readLevel((await os.windows()).registry)) ?? "",
};

/** The build with its revision: another one after each cumulative update. Windows before 10 has no revision. */
async function readLevel(registry: WindowsRegistry): Promise<string | undefined> {
  const values = ["CurrentBuildNumber", "UBR"].map((name) => registry.value(currentVersion, name));
  const [build, revision] = (await Promise.all(values)).map(text);
  return build && revision ? `${build}.${revision}` : undefined;
}

const categoriesOf = ({ categories }: WindowsUpdate) => categories.map((category) => category.toLowerCase().replaceAll(/[{}]/g, ""));

const isSignature = (update: WindowsUpdate) =>
  categoriesOf(update).includes(definitionCategory) ||
  update.articleIds.some((article) => signatureArticles.has(article.replace(/^KB/i, "")));

const severities: Readonly<Record<string, FoundUpdate["severity"]>> = {
  critical: "critical",
  important: "important",
  moderate: "moderate",
  low: "low",
};

function toUpdate(update: WindowsUpdate): FoundUpdate {
  const severity = Object.hasOwn(severities, update.severity.toLowerCase()) ? severities[update.severity.toLowerCase()]! : "unknown";
  const isSecurity =
    severity !== "unknown" || update.cveIds.length > 0 || categoriesOf(update).some((category) => securityCategories.has(category));
  return {
    name: update.title,
    installedVersion: "",
    availableVersion: update.articleIds.map((article) => `KB${article.replace(/^KB/i, "")}`).join(", "),
    isSecurity,
    severity,
    state: "available",
    needsRestart: null,
    source: update.isDownloaded ? "Windows Update, downloaded" : "Windows Update",
  };
}

async function readIdentity(registry: WindowsRegistry): Promise<Pick<Sample, "systemId" | "systemVersion" | "systemEdition">> {
  const values = (await registry.values(currentVersion)) ?? new Map<string, RegistryValue>();
  const major = text(values.get("CurrentMajorVersionNumber"));
  const numbers = major === "" ? text(values.get("CurrentVersion")) : `${major}.${text(values.get("CurrentMinorVersionNumber"))}`;
  const isServer = text(values.get("InstallationType")).startsWith("Server");
  return {
    systemId: isServer ? "windows-server" : "windows",
    systemVersion: `${numbers}.${text(values.get("CurrentBuildNumber"))}`,
    systemEdition: isServer ? "" : editionOf(text(values.get("EditionID"))),
  };
}

/** EditionID stays the same in every language. The letter S at its end is the long-term channel. */
export function editionOf(editionId: string): string {
  if (/^(IoT)?Enterprise(S|SN|SEval)$/.test(editionId)) return "long-term";
  if (/^(IoTEnterprise|Enterprise|Education|ServerRdsh)/.test(editionId)) return "enterprise";
  return /^(Core|Professional)/.test(editionId) ? "home-pro" : "";
}

/** Group policy; without one Windows installs by itself. */
async function readAutomatic(registry: WindowsRegistry): Promise<Sample["automaticUpdates"]> {
  const values = await registry.values(policies);
  if (values?.get("NoAutoUpdate") === 1) return "off";
  const option = values?.get("AUOptions");
  return option === 2 ? "off" : option === 3 ? "download-only" : "on";
}

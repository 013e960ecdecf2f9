/**
 * Missing updates of macOS: what the system's own search found last, as it wrote it down (com.apple.SoftwareUpdate.plist). Searching
 * ourselves would take minutes and a network; the system does it daily.
 */
import { plistArray, plistAt, plistFlag, plistText, readPropertyList, type PlistValue } from "@hauswart/agent/os/macos/plist.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { FoundUpdate, Reading, Sample, UpdateReader } from "./updates.ts";

const preferencesPath = "/Library/Preferences/com.apple.SoftwareUpdate.plist";

export const reader: UpdateReader = {
  reuseForMs: 0,
  read: async (os) => {
    const [preferences, systemVersion] = await Promise.all([readPropertyList(os, preferencesPath), readVersion(os)]);
    return { ok: understand(preferences, systemVersion) };
  },
  traces: async (os) => String((await os.fileInfo(preferencesPath))?.modifiedAtMs ?? ""),
};

async function readVersion(os: Os): Promise<string> {
  const { exitCode, stdout } = await os.run("sw_vers", ["-productVersion"]);
  if (exitCode !== 0) throw new OsError("COLLECT_UNREADABLE", `sw_vers ended with ${exitCode}`);
  return stdout.trim();
}

/** @param preferences content of com.apple.SoftwareUpdate.plist */
export function understand(preferences: PlistValue, systemVersion: string): Reading {
  const searchedAt = plistAt(preferences, "LastSuccessfulDate") ?? plistAt(preferences, "LastFullSuccessfulDate");
  const isKnown = searchedAt instanceof Date && !Number.isNaN(searchedAt.getTime());
  return {
    method: "softwareupdate",
    listsState: isKnown ? "usable" : "never-fetched",
    listsRefreshedAt: isKnown ? searchedAt.getTime() : null,
    listsRefreshedBy: "schedule",
    securitySource: "not-separate",
    automaticUpdates: automatic(preferences),
    systemId: "macos",
    systemVersion,
    systemEdition: "",
    updates: plistArray(preferences, "RecommendedUpdates").map(toUpdate),
    sources: [],
  };
}

/** Apple does not say which updates close holes, and nearly all of the system itself do: these count as such. */
function toUpdate(entry: PlistValue): FoundUpdate {
  const name = plistText(entry, "Display Name") ?? plistText(entry, "Identifier") ?? plistText(entry, "Product Key") ?? "?";
  const identifier = plistText(entry, "Identifier") ?? "";
  const isSystem = /^(macOS|Safari|Security Update|Rapid Security)/.test(name) || /MobileSoftwareUpdate|MSU_UPDATE/.test(identifier);
  return {
    name,
    installedVersion: "",
    availableVersion: plistText(entry, "Display Version") ?? "",
    isSecurity: isSystem ? true : null,
    severity: "unknown",
    state: "available",
    needsRestart: name.startsWith("macOS") ? true : null,
    source: identifier,
  };
}

/** macOS switches these on when it is set up; what is not written down is on. */
function automatic(preferences: PlistValue): Sample["automaticUpdates"] {
  const isOn = (name: string) => plistFlag(preferences, name) !== false;
  if (!isOn("AutomaticCheckEnabled")) return "off";
  if (plistFlag(preferences, "AutomaticallyInstallMacOSUpdates") === true) return "on";
  return isOn("AutomaticDownload") ? "download-only" : "off";
}

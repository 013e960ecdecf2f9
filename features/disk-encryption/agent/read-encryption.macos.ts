import { plistArray, plistFlag, plistText, runForPlist, type PlistValue } from "@hauswart/agent/os/macos/plist.ts";
import { clip, subjectLimit } from "@hauswart/agent/readers/clip.ts";
import type { EncryptedVolume, ReadEncryption } from "./encrypted-volume.ts";

/** Volumes of people's data: those of the role Data, and those without a role beside one. */
export const readEncryption: ReadEncryption = async (os) => {
  const list = await runForPlist(os, "diskutil", ["apfs", "list", "-plist"]);
  const volumes = plistArray(list, "Containers")
    .map((container) => plistArray(container, "Volumes"))
    .filter((own) => own.some((volume) => hasRole(volume, "Data")))
    .flatMap((own) => own.filter((volume) => hasRole(volume, "Data") || plistArray(volume, "Roles").length === 0))
    .map(volumeOf);
  return [...new Map(volumes.map((volume) => [volume.name, volume])).values()];
};

const hasRole = (volume: PlistValue, role: string) => plistArray(volume, "Roles").includes(role);

/**
 * Macs with a T2 or a processor of Apple's own encrypt every disk; without FileVault its key is there for whoever switches the computer
 * on, so that counts as not encrypted.
 */
function volumeOf(volume: PlistValue): EncryptedVolume {
  const name = clip(plistText(volume, "Name") || plistText(volume, "DeviceIdentifier") || "volume", subjectLimit);
  const isProtected = plistFlag(volume, "FileVault");
  if (plistFlag(volume, "CryptoMigrationOn")) return { name, state: "in-progress", method: "FileVault", detail: "" };
  if (isProtected) return { name, state: "encrypted", method: "FileVault", detail: "" };
  if (isProtected === false) return { name, state: "not-encrypted", method: "", detail: "" };
  return { name, state: "not-told", method: "", detail: "diskutil does not say whether FileVault protects it." };
}

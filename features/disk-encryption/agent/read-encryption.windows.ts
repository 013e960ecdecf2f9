import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { WindowsCalls, WmiValue } from "@hauswart/agent/os/windows/calls.ts";
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import type { EncryptedVolume, ReadEncryption } from "./encrypted-volume.ts";

type Row = Readonly<Record<string, WmiValue>>;

const namespace = "ROOT\\CIMV2\\Security\\MicrosoftVolumeEncryption";
/** Win32_EncryptableVolume: ProtectionStatus 0 off, 1 on, 2 locked; ConversionStatus 0 plain, 1 encrypted, 2 to 5 on its way; VolumeType 2 plugged in. */
const fields = "DeviceID, DriveLetter, ProtectionStatus, ConversionStatus, VolumeType";
const fieldsOfOldWindows = "DeviceID, DriveLetter, ProtectionStatus";
const pluggedIn = 2;

export const readEncryption: ReadEncryption = async (os: Os) => {
  const calls = await os.windows();
  const rows = await encryptable(calls);
  if (typeof rows === "string") return fixedVolumes(calls, rows);
  const volumes = rows.filter((row) => row["VolumeType"] !== pluggedIn).map(volumeOf);
  if (volumes.length === 0) return fixedVolumes(calls, "BitLocker names no volume of the computer.");
  return [...new Map(volumes.map((volume) => [volume.name, volume])).values()];
};

/** @returns why there is no answer, where there is none: a server without the BitLocker feature has no such namespace. */
async function encryptable(calls: WindowsCalls): Promise<readonly Row[] | string> {
  try {
    return await calls.wmi(namespace, `select ${fields} from Win32_EncryptableVolume`);
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
  }
  try {
    return await calls.wmi(namespace, `select ${fieldsOfOldWindows} from Win32_EncryptableVolume`);
  } catch (error) {
    if (error instanceof OsError) return `BitLocker does not answer: ${error.message}`;
    throw error;
  }
}

function volumeOf(row: Row): EncryptedVolume {
  const letter = row["DriveLetter"];
  const name = clip(String((typeof letter === "string" && letter) || row["DeviceID"] || "volume"), subjectLimit);
  const [protection, conversion] = [row["ProtectionStatus"], row["ConversionStatus"]];
  if (protection === 1) return { name, state: "encrypted", method: "BitLocker", detail: "" };
  if (protection === 2) return { name, state: "not-told", method: "BitLocker", detail: "The volume is locked." };
  if (typeof conversion === "number" && conversion > 1) return { name, state: "in-progress", method: "BitLocker", detail: "" };
  if (conversion === 1) return { name, state: "suspended", method: "BitLocker", detail: "" };
  return { name, state: "not-encrypted", method: "", detail: "" };
}

async function fixedVolumes(calls: WindowsCalls, why: string): Promise<EncryptedVolume[]> {
  const volumes = (await calls.volumes()).filter(({ kind, paths }) => kind === "fixed" && paths.length > 0);
  return volumes.map(({ paths }) => ({
    name: clip(paths[0]!.replace(/^([A-Z]:)\\$/i, "$1"), subjectLimit),
    state: "not-told",
    method: "",
    detail: clip(why, textLimit),
  }));
}

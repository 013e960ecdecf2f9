/** Volumes: local ones wherever they are mounted, and drives of other computers. https://learn.microsoft.com/windows/win32/api/fileapi/ */
import type { WindowsVolume } from "./calls.ts";
import { lastError, library, wide, wideText, windowsError, winError } from "./library.ts";

const kernel = library("kernel32.dll", {
  FindFirstVolumeW: ["handle", "pointer", "u32"],
  FindNextVolumeW: ["status", "handle", "pointer", "u32"],
  FindVolumeClose: ["status", "handle"],
  GetVolumePathNamesForVolumeNameW: ["status", "pointer", "pointer", "u32", "pointer"],
  GetVolumeInformationW: ["status", "pointer", "pointer", "u32", "pointer", "pointer", "pointer", "pointer", "u32"],
  GetDriveTypeW: ["u32", "pointer"],
  GetDiskFreeSpaceExW: ["status", "pointer", "pointer", "pointer", "pointer"],
  GetLogicalDrives: ["u32"],
  SetErrorMode: ["u32", "u32"],
});

const invalidHandle = 0xffffffffffffffffn;
/** SEM_FAILCRITICALERRORS: an empty card reader is an answer, and no message box. */
const failQuietly = 1;
/** FILE_READ_ONLY_VOLUME of winnt.h. */
const readOnlyFlag = 0x00080000;
/** What GetDriveTypeW answers, from 0. */
const kinds = ["unknown", "unknown", "removable", "fixed", "network", "optical", "ram"] as const;
/** \\?\Volume{…}\ is 49 characters long; paths and labels are shorter than this. */
const nameCharacters = 64;
const labelCharacters = 261;

function volumeIds(): string[] {
  const name = Buffer.alloc(nameCharacters * 2);
  const search = kernel().FindFirstVolumeW(name, nameCharacters);
  if (search === invalidHandle) {
    const code = lastError();
    if (code === winError.noMoreFiles || code === winError.fileNotFound) return [];
    throw windowsError("FindFirstVolume", code);
  }
  try {
    const ids = [wideText(name)];
    while (kernel().FindNextVolumeW(search, name, nameCharacters) !== 0) ids.push(wideText(name));
    return ids;
  } finally {
    kernel().FindVolumeClose(search);
  }
}

/** Texts one after the other, each with its zero, and an empty one at the end. */
export const parseTexts = (bytes: Buffer): string[] => {
  const text = bytes.toString("utf16le");
  return text
    .slice(0, text.indexOf("\0\0") < 0 ? undefined : text.indexOf("\0\0"))
    .split("\0")
    .filter(Boolean);
};

/** Where a volume can be reached: drive letters and folders; none for one that is mounted nowhere. */
function pathsOf(id: string): string[] {
  const needed = Buffer.alloc(4);
  for (let characters = 512; characters <= 65_536; characters *= 4) {
    const bytes = Buffer.alloc(characters * 2);
    if (kernel().GetVolumePathNamesForVolumeNameW(wide(id), bytes, characters, needed) !== 0) return parseTexts(bytes);
    if (lastError() !== winError.moreData) return [];
  }
  return [];
}

/** Drive letters of this session that lead to other computers. */
function networkDrives(): string[] {
  const letters = kernel().GetLogicalDrives();
  return Array.from({ length: 26 }, (_, index) => ((letters >>> index) & 1 ? `${String.fromCharCode(65 + index)}:\\` : "")).filter(
    (path) => path !== "" && kinds[kernel().GetDriveTypeW(wide(path))] === "network",
  );
}

function measure(id: string, paths: readonly string[]): WindowsVolume {
  const root = wide(id);
  const label = Buffer.alloc(labelCharacters * 2);
  const fileSystem = Buffer.alloc(labelCharacters * 2);
  const [serial, longest, flags] = [Buffer.alloc(4), Buffer.alloc(4), Buffer.alloc(4)];
  const isReady = kernel().GetVolumeInformationW(root, label, labelCharacters, serial, longest, flags, fileSystem, labelCharacters) !== 0;
  const [available, total, free] = [Buffer.alloc(8), Buffer.alloc(8), Buffer.alloc(8)];
  const isMeasured = isReady && kernel().GetDiskFreeSpaceExW(root, available, total, free) !== 0;
  const bytes = (from: Buffer) => (isMeasured ? Number(from.readBigUInt64LE()) : 0);
  return {
    id,
    paths,
    label: isReady ? wideText(label) : "",
    fileSystem: isReady ? wideText(fileSystem) : "",
    kind: kinds[kernel().GetDriveTypeW(wide(paths[0] ?? id))] ?? "unknown",
    isReadOnly: isReady && (flags.readUInt32LE() & readOnlyFlag) !== 0,
    totalBytes: bytes(total),
    freeBytes: bytes(free),
    availableBytes: bytes(available),
  };
}

/** See `WindowsCalls.volumes`: this computer's own. */
export function localVolumes(): WindowsVolume[] {
  kernel().SetErrorMode(failQuietly);
  return volumeIds().map((id) => measure(id, pathsOf(id)));
}

/** Paths of drives that other computers hold. Asks nobody. */
export const remoteDrives = (): string[] => networkDrives();

/** Measures a drive that another computer holds. Blocks while that one does not answer. */
export function remoteVolume(path: string): WindowsVolume {
  kernel().SetErrorMode(failQuietly);
  return measure(path, [path]);
}

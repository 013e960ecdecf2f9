/** A folder for the system and administrators alone, whatever its parent allows. */
import { dlopen } from "bun:ffi";
import { mkdtempSync, readdirSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ForeignFolderError, isForeign, wide } from "./service-structures.ts";

/** Owner: administrators; nothing inherited; full control for the system and administrators, also of everything below. */
const descriptor = "O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
const revision = 1;
const ownerPart = 0x1;
/** OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION */
const parts = ownerPart | 0x4 | 0x80000000;
const ownerLimitBytes = 1024;

const load = () => ({
  advapi: dlopen("advapi32.dll", {
    ConvertStringSecurityDescriptorToSecurityDescriptorW: { args: ["ptr", "u32", "ptr", "ptr"], returns: "i32" },
    SetFileSecurityW: { args: ["ptr", "u32", "u64"], returns: "i32" },
    GetFileSecurityW: { args: ["ptr", "u32", "ptr", "u32", "ptr"], returns: "i32" },
  }).symbols,
  kernel: dlopen("kernel32.dll", {
    GetLastError: { args: [], returns: "u32" },
    LocalFree: { args: ["u64"], returns: "u64" },
  }).symbols,
});

/**
 * Protects the folder. Everybody may make folders in ProgramData, so one that somebody else has filled before is refused: its files
 * would speak for the agent.
 * @throws ForeignFolderError, or with Windows' error when the folder cannot be protected
 */
export function protectFolder(path: string): void {
  const libraries = load();
  const { advapi, kernel } = libraries;
  if (isForeign(ownerOf(libraries, path), ownOwner(libraries), readdirSync(path).length === 0)) throw new ForeignFolderError(path);
  const address = Buffer.alloc(8);
  const ensure = (done: number) => {
    if (!done) throw new Error(`The folder ${path} cannot be protected (Windows error ${kernel.GetLastError()}).`);
  };
  ensure(advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW(wide(descriptor), revision, address, null));
  const security = address.readBigUInt64LE();
  try {
    ensure(advapi.SetFileSecurityW(wide(path), parts, security));
  } finally {
    kernel.LocalFree(security);
  }
}

/** Who owns what this process makes. */
function ownOwner(libraries: ReturnType<typeof load>): string {
  const probe = mkdtempSync(join(tmpdir(), "hauswart-"));
  try {
    return ownerOf(libraries, probe);
  } finally {
    rmdirSync(probe);
  }
}

/** The owner's SID, from a self-relative SECURITY_DESCRIPTOR: its place stands at byte 4, its length follows from its count of parts. */
function ownerOf({ advapi, kernel }: ReturnType<typeof load>, path: string): string {
  const bytes = Buffer.alloc(ownerLimitBytes);
  if (!advapi.GetFileSecurityW(wide(path), ownerPart, bytes, bytes.length, Buffer.alloc(4)))
    throw new Error(`The owner of ${path} cannot be read (Windows error ${kernel.GetLastError()}).`);
  const start = bytes.readUInt32LE(4);
  return bytes.subarray(start, start + 8 + 4 * bytes.readUInt8(start + 1)).toString("hex");
}
